"""The figures of a network, as `shared/design/portfolio_statistics.json` defines them: one small function each.

    from parvis.portfolio import statistics
    statistics.compute(["products_active", "survival"], as_of=date(2026, 8, 20))

Pages use these same functions, and the helpers beside them (`outcomes.survival_curve`, `teams.whole_team_leaves`...)
on one `Facts`, which reads each table once.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from parvis.portfolio.models import Incubator
from parvis.portfolio.policies import Viewer
from parvis.portfolio.statistics import openness, outcomes, people, phases, places, quality, sizes, teams
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import STATISTICS

__all__ = ["EARLIEST", "LATEST", "STATISTICS", "DayOutOfRangeError", "Facts", "UnknownStatisticError", "compute"]

MODULES = (sizes, phases, outcomes, people, teams, places, openness, quality)
"""Importing a module is what registers its statistics."""


EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


class UnknownStatisticError(LookupError):
    """No statistic bears this identifier."""


class DayOutOfRangeError(ValueError):
    """The day is not one on which public services are counted."""


def compute(
    ids: Iterable[str] | None = None,
    as_of: date | None = None,
    *,
    viewer: Viewer = None,
    facts: Facts | None = None,
) -> dict[str, Any]:
    """Return the statistics by identifier, all of them by default, as of a day, today by default.

    The figures count everything, by the letter of their definitions: hidden incubators too. With a `viewer`, those that
    are listed by incubator leave out the incubators that this person may not see. Raises UnknownStatisticError,
    DayOutOfRangeError.
    """
    wanted = list(STATISTICS) if ids is None else list(ids)
    if unknown := [name for name in wanted if name not in STATISTICS]:
        raise UnknownStatisticError(", ".join(unknown))
    read = facts or Facts(as_of or timezone.localdate())
    if not EARLIEST <= read.as_of <= LATEST:
        raise DayOutOfRangeError(f"{read.as_of} is not between {EARLIEST} and {LATEST}.")
    values = {name: STATISTICS[name].compute(read) for name in wanted}
    naming = [name for name in wanted if STATISTICS[name].names_incubators]
    if viewer is not None and naming:
        visible = set(Incubator.objects.visible_to(viewer).values_list("key", flat=True))
        values |= {name: _only(values[name], visible) for name in naming}
    return values


def _only(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: number for key, number in value.items() if key in keys}
    return [key for key in value if key in keys]
