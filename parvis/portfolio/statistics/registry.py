"""The list of statistics: each is a small function of the facts, known by the identifier that the outside uses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parvis.portfolio.statistics.facts import Facts

Compute = Callable[[Facts], Any]


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure: how it is computed, and whether it names incubators, which some viewers may not read."""

    id: str
    compute: Compute
    names_incubators: bool = False


STATISTICS: dict[str, Statistic] = {}


def statistic(identifier: str, *, names_incubators: bool = False) -> Callable[[Compute], Compute]:
    """Register the function that computes a statistic."""

    def register(compute: Compute) -> Compute:
        if identifier in STATISTICS:
            raise ValueError(f"Two functions compute {identifier}.")
        STATISTICS[identifier] = Statistic(identifier, compute, names_incubators)
        return compute

    return register
