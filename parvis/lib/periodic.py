"""Periodic jobs: an app registers what has to be done again and again, and `parvis worker` does it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds. It may run in two processes at once, so it takes the locks it needs."""

    name: str
    run: Callable[[], object]
    every: float


jobs: dict[str, Job] = {}


def register(name: str, run: Callable[[], object], *, every: float) -> None:
    """Declare a job from `AppConfig.ready`; `every` is the pause in seconds between two runs."""
    jobs[name] = Job(name, run, every)
