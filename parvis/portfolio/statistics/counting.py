"""Counting as the definitions of the statistics ask: tallies, the commonest, medians, percentages."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import median as _median
from typing import Any

Number = int | float


def tally(values: Iterable[Hashable], always: Iterable[str] = ()) -> dict[str, int]:
    """Return how often each value comes, in order of value; those of `always` are told even when they never come."""
    counts = Counter(str(value) for value in values)
    return {name: counts[name] for name in sorted({*counts, *always})}


def in_order(counts: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the counts of these names that there are, in their order, then the others."""
    wanted = [name for name in names if name in counts]
    return {name: counts[name] for name in [*wanted, *sorted(set(counts) - set(wanted))]}


def commonest(values: Iterable[str], size: int) -> dict[str, int]:
    """Return the commonest values with their counts, the most frequent first, ties in order of value."""
    return largest(Counter(values), size)


def largest(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """Return the largest counts, ties in order of name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size])


def median(values: Sequence[int]) -> Number | None:
    """Return the median: the mean of the middle two when even; None of nothing."""
    return plain(_median(values)) if values else None


def plain(number: Number) -> Number:
    """Return a whole number as an integer."""
    return int(number) if float(number).is_integer() else number


def percent(part: int, whole: int) -> float | None:
    """Return a percentage with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def spread(values: Sequence[int]) -> dict[str, Number | None]:
    """Return how many values there are, and their median."""
    return {"n": len(values), "median": median(values)}


def collapsed(text: str) -> str:
    """Return a text lower-cased, its blanks collapsed."""
    return " ".join(text.lower().split())
