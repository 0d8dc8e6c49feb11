"""From data to places on the page: scales, round ticks, and labels kept apart."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.web.charts import wording

MONTHS = 12
YEAR = 365.25
STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Linear:
    """Maps numbers of a domain onto a range; the range may go downwards, as y does."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a number."""
        span = self.high - self.low
        return self.start + (self.end - self.start) * ((value - self.low) / span if span else 0)


def step_for(span: float, count: int) -> float:
    """Return the round step (1, 2 or 5 times a power of ten) that cuts a span into about `count` parts, or fewer."""
    raw = span / max(count, 1)
    if raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in STEPS if step * power >= raw * (1 - 1e-9))


def ticks(high: float, count: int = 5, low: float = 0, *, whole: bool = False) -> list[float]:
    """Return round numbers from `low` up to the first at or above `high`; `whole` forbids fractions."""
    step = step_for(high - low, count)
    if whole:
        step = max(1.0, step)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return [round(index * step, 10) for index in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Days:
    """Maps calendar days onto a range; what lies outside is held at its edge."""

    first: dt.date
    last: dt.date
    start: float
    end: float

    def __call__(self, day: dt.date) -> float:
        """Return the place of a day."""
        span = max((self.last - self.first).days, 1)
        part = min(max((day - self.first).days / span, 0), 1)
        return self.start + (self.end - self.start) * part

    def ticks(self, count: int) -> list[tuple[dt.date, str]]:
        """Return at most about `count` days with their labels: years when they fit, else months."""
        years = (self.last - self.first).days / YEAR
        if years >= 2.5 or count < 3:  # noqa: PLR2004 - below, years alone would be too few marks
            step = max(1, int(step_for(years, count)))
            found = range(self.first.year - self.first.year % step, self.last.year + 1, step)
            return [(day, str(day.year)) for year in found if self.holds(day := dt.date(year, 1, 1))]
        step = next((one for one in (1, 2, 3, 6) if years * MONTHS / one <= count), MONTHS)
        start = self.first.year * MONTHS
        days = [dt.date(index // MONTHS, index % MONTHS + 1, 1) for index in range(start, start + 4 * MONTHS, step)]
        return [(day, wording.month(day)) for day in days if self.holds(day)]

    def holds(self, day: dt.date) -> bool:
        """Say whether the axis shows this day."""
        return self.first <= day <= self.last


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels as little as needed so that they stand at least `gap` apart between two limits.

    Neighbours that are too near form a block, centred on the mean of what they want; blocks that then touch merge.
    """
    blocks: list[tuple[list[int], float]] = []
    for index in sorted(range(len(wanted)), key=lambda one: wanted[one]):
        members, centre = [index], wanted[index]
        while True:
            half = gap * (len(members) - 1) / 2
            centre = max(low + half, min(high - half, centre))
            if not blocks:
                break
            before, middle = blocks[-1]
            if middle + gap * (len(before) - 1) / 2 + gap <= centre - half + 1e-9:
                break
            blocks.pop()
            members = before + members
            centre = sum(wanted[one] for one in members) / len(members)
        blocks.append((members, centre))
    placed = [0.0] * len(wanted)
    for members, centre in blocks:
        for rank, index in enumerate(members):
            placed[index] = centre + gap * (rank - (len(members) - 1) / 2)
    return placed


_NARROW, _WIDE = set("ijltfrI.,:;'’|!()[] "), set("mwMWŒœ@%")


def width_of(label: str, size: float) -> float:
    """Estimate how wide a text is in Public Sans: the server has no font to ask."""
    units = 0.0
    for char in label:
        units += 0.34 if char in _NARROW else 0.92 if char in _WIDE else 0.7 if char.isupper() else 0.61
    return units * size


def clip(label: str, width: float, size: float) -> str:
    """Cut a text that is wider than its room at a character, and show that something is missing."""
    if width_of(label, size) <= width:
        return label
    kept = label
    while kept and width_of(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"
