"""Steps of `parvis setup` that apps declare: what has to exist before the first request, beside the tables."""

from collections.abc import Callable

steps: dict[str, Callable[[], str]] = {}


def register(name: str, step: Callable[[], str]) -> None:
    """Declare a step from `AppConfig.ready`.

    It runs after the migrations, may run again at any time, and returns one line on what it did ("" for nothing to do).
    """
    steps[name] = step


_welcome: list[Callable[[], list[str]]] = []


def register_welcome(lines: Callable[[], list[str]]) -> None:
    """Declare what a development `parvis run` prints under the address to open (who to sign in as)."""
    _welcome.append(lines)


def welcome() -> list[str]:
    """Return every line to print."""
    return [line for lines in _welcome for line in lines()]
