"""What a source asks of the directory, whatever the source: the neutral form between reading and writing."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

Interval = tuple[date, date | None]


class Becomes(Enum):
    """What a record is in the directory."""

    ORGANIZATION = "organization"
    GROUP = "group"
    PERSON = "user"


@dataclass(frozen=True)
class Wanted:
    """One record: the values of its model, the places of a person, and the source's own fields to keep.

    `values` holds model fields as JSON; `parent` and `organization` hold references "collection/id" or "".
    `places` maps a reference to the intervals, both ends included, in which the person belongs there.
    """

    becomes: Becomes
    collection: str
    key: str
    file: str
    values: dict[str, Any]
    fields: dict[str, Any]
    body: str = ""
    places: dict[str, list[Interval]] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """Return how other records name this one."""
        return f"{self.collection}/{self.key}"

    @cached_property
    def applied(self) -> dict[str, Any]:
        """Return what this record asks, as JSON: the base of the comparison when it changes."""
        places = {ref: [[_shown(start), _shown(end)] for start, end in held] for ref, held in self.places.items()}
        return {"values": self.values, "places": places}

    @cached_property
    def digest(self) -> str:
        """Return what changes when anything that the record says, or asks because of other records, changes."""
        text = json.dumps([self.applied, self.fields, self.body], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _shown(day: date | None) -> str | None:
    return day.isoformat() if day else None


def intervals_of(applied: list[list[str | None]]) -> list[Interval]:
    """Return intervals from their JSON form."""
    return [(date.fromisoformat(start or ""), date.fromisoformat(end) if end else None) for start, end in applied]


def before_closing(interval: Interval, closed_on: date | None) -> Interval | None:
    """Return the part of an interval before a group's closing day, if any: nobody belongs to a closed group."""
    start, end = interval
    if closed_on is None or (end is not None and end < closed_on):
        return interval
    return (start, closed_on - timedelta(days=1)) if start < closed_on else None


def merged(intervals: list[Interval]) -> list[Interval]:
    """Return the intervals in order, those that overlap or follow each other made one."""
    result: list[Interval] = []
    for start, end in sorted(intervals, key=lambda interval: (interval[0], interval[1] or date.max)):
        last = result[-1] if result else None
        if last and (last[1] is None or start.toordinal() <= last[1].toordinal() + 1):
            longest = None if last[1] is None or end is None else max(last[1], end)
            result[-1] = (last[0], longest)
        else:
            result.append((start, end))
    return result
