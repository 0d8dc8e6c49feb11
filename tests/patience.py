"""Telling what never ends from what is slow. How long a machine takes is measured in `bench/`, and never in a test."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

PATIENCE = 300
"""Seconds after which what should end is taken for endless: a hundred times what it takes on a quiet machine."""


class EndlessError(AssertionError):
    """It was still under way when patience ended."""


@contextmanager
def ends() -> Iterator[None]:
    """Fail instead of holding up everything when the block does not end. What it watches has to be far from the limit:
    give it work that takes an instant when it is done rightly, and hours when it is not.
    """
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _give_up(_number: int, _frame: FrameType | None) -> NoReturn:
    raise EndlessError(f"still under way after {PATIENCE} seconds")
