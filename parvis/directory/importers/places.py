"""A person's days in one place: what the source said before, what it says now, and what is here. Pure comparison.

The source's own changes are followed; days that people changed here stay as they are until the source changes them.
"""

from dataclasses import dataclass, field
from datetime import date

from parvis.directory.importers.wanted import Interval
from parvis.directory.models.dated import DatedMembership


@dataclass
class Steps:
    """What to do, and what is left because of what people did here."""

    create: list[Interval] = field(default_factory=list)
    change: list[tuple[DatedMembership, Interval]] = field(default_factory=list)
    remove: list[DatedMembership] = field(default_factory=list)
    held: list[Interval] = field(default_factory=list)
    edited: list[Interval] = field(default_factory=list)


def compare(before: list[Interval], now: list[Interval], rows: list[DatedMembership]) -> Steps:
    """Return the steps from the rows of one person in one place to what the source says now."""
    steps = Steps()
    gone = [interval for interval in before if interval not in now]
    days: dict[int, Interval] = {id(row): (row.starts_on, row.ends_on) for row in rows}
    for interval in (interval for interval in now if interval not in before):
        old = _successor_of(gone, interval)
        row = _starting(rows, old[0]) if old else None
        row = row or _starting(rows, interval[0])
        if row is None:
            if any(_overlap(interval, other) for other in days.values()):
                steps.held.append(interval)
            else:
                steps.create.append(interval)
            continue
        after = _moved(days[id(row)], old, interval)
        if any(_overlap(after, days[id(other)]) for other in rows if other is not row):
            steps.held.append(interval)
        elif after != days[id(row)]:
            days[id(row)] = after
            steps.change.append((row, after))
    for interval in gone:
        row = _starting(rows, interval[0])
        if row is not None and (row.starts_on, row.ends_on) == interval:
            steps.remove.append(row)
        elif row is not None:
            steps.edited.append(interval)
    return steps


def _successor_of(gone: list[Interval], interval: Interval) -> Interval | None:
    """Take, from what the source said before, the interval that this one replaces."""
    same_start = next((old for old in gone if old[0] == interval[0]), None)
    old = same_start or next((old for old in gone if _overlap(old, interval)), None)
    if old:
        gone.remove(old)
    return old


def _moved(here: Interval, old: Interval | None, new: Interval) -> Interval:
    """Return the days after the source's change: only the end of them that the source changed moves."""
    if old is None:
        return new
    start = new[0] if new[0] != old[0] else here[0]
    end = new[1] if new[1] != old[1] else here[1]
    return new if end and end < start else (start, end)


def _starting(rows: list[DatedMembership], day: date) -> DatedMembership | None:
    return next((row for row in rows if row.starts_on == day), None)


def _overlap(one: Interval, other: Interval) -> bool:
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])
