"""The journal for readers: events with today's names, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.audit import registry
from parvis.audit.models import Event
from parvis.audit.registry import Named
from parvis.audit.sentences import BECAUSE, BY_ONESELF, SENTENCES
from parvis.audit.tags import Tag

PERSON = "directory.user"
ORGANIZATION = "directory.organization"
_PLACES = {"by", "person", "target", "organization"}

IN_ORGANIZATIONS = tuple(
    tag.value
    for tag in Tag
    if tag.value.partition(".")[0] in {"organization", "domain", "group", "membership", "invitation"}
)
"""What managers of an organisation read: what changed in it, and never when and how its people sign in."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event as people read it."""

    event: Event
    text: SafeString


def readable(events: Iterable[Event]) -> list[Line]:
    """Return the events as sentences, with one query for each kind of object that they name."""
    found = list(events)
    names = _names(found)
    return [Line(event, _sentence(event, names)) for event in found]


def _names(events: Sequence[Event]) -> dict[tuple[str, UUID], Named]:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for event in events:
        for kind, identifier in (
            (PERSON, event.by_id),
            (PERSON, event.person_id),
            (ORGANIZATION, event.organization_id),
            (event.target_kind, event.target_id),
        ):
            if identifier is not None:
                wanted[kind].add(identifier)
    return {
        (kind, identifier): named
        for kind, identifiers in wanted.items()
        if kind in registry.resolvers
        for identifier, named in registry.resolvers[kind](identifiers).items()
    }


def _sentence(event: Event, names: dict[tuple[str, UUID], Named]) -> SafeString:
    is_own = event.by_id is not None and event.by_id == event.person_id
    template = (
        BECAUSE.get((event.tag, str(event.data.get("because", ""))))
        or (BY_ONESELF.get(event.tag) if is_own else None)
        or SENTENCES.get(event.tag)
        or registry.sentences.get(event.tag)
        or event.get_tag_display()
    )
    text = str(template)
    places: dict[str, object] = {
        "by": _called(names, PERSON, event.by_id, _("Parvis")),
        "person": _called(names, PERSON, event.person_id, _("someone")),
        "organization": _called(names, ORGANIZATION, event.organization_id, _("an organisation")),
        "target": _called(
            names, event.target_kind, event.target_id, str(event.data.get("name") or _("something removed"))
        ),
    }
    fields = {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}
    places |= {name: str(event.data.get(name, "…")) for name in fields - _PLACES}
    return format_html(text, **places) if fields else format_html("{}", text)


def _called(names: dict[tuple[str, UUID], Named], kind: str, identifier: UUID | None, nobody: str) -> SafeString:
    named = names.get((kind, identifier)) if identifier is not None else None
    if named is None:
        return format_html("<strong>{}</strong>", nobody)
    if not named.url:
        return format_html("<strong>{}</strong>", named.name)
    return format_html('<a href="{}">{}</a>', named.url, named.name)
