"""What has been told so far, and how its rows and its journal are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from parvis.audit.journal import entry
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.demo.story import ids
from parvis.demo.story.calendar import Calendar
from parvis.demo.story.people import PersonStory, PlaceStory
from parvis.directory.models import Group, Organization, User

_Row = TypeVar("_Row")


@dataclass
class Telling:
    """What has been told so far, by the story's keys."""

    calendar: Calendar
    organizations: dict[str, Organization] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def journal(self, at: datetime, tag: Tag, *, by: str | None, target: Any, name: str = "", **about: Any) -> None:
        """Note an event of the past; `by` is a person's key."""
        event = entry(tag=tag, by=self.people.get(by or ""), target=target, **about)
        event.at, event.id = at, ids.named("event", f"{tag}:{target.pk}:{name}", at)
        self.events.append(event)


def made(rows: Iterable[tuple[str, _Row]], kept: dict[str, _Row]) -> list[_Row]:
    """Keep rows under their keys, ready for the search, and insert them."""
    kept.update(rows)
    made: list[Any] = list(kept.values())
    for row in made:
        row.refresh_search()
    type(made[0]).objects.bulk_create(made)
    return made


def arrival(calendar: Calendar, story: PersonStory) -> datetime:
    """Return when a person came: the day of their first place."""
    first = min((place.start for place in story.places), default=-2 if not story.organization else -300)
    return calendar.moment(min(first, -2), story.key)


def founds(place: PlaceStory, group: str) -> bool:
    """Say whether the place is that of one who looks after the group."""
    return place.group == group and place.manages
