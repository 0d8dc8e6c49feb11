"""Changes of a page, told field by field in words that people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.directory.models import User
from parvis.portfolio import policies
from parvis.portfolio.models import Decision, PhaseName, Product, Revision
from parvis.portfolio.policies import Viewer

LONG = 120
LABELS: dict[str, str | Promise] = {
    "incubators": gettext_lazy("incubators"),
    "sponsors": gettext_lazy("sponsors"),
    "themes": gettext_lazy("themes"),
    "users": gettext_lazy("kinds of users"),
    "technologies": gettext_lazy("technologies"),
    "phase": gettext_lazy("phase"),
    "phases": gettext_lazy("phases"),
    "events": gettext_lazy("events"),
    "deployments": gettext_lazy("where it is used"),
    "indicators": gettext_lazy("indicators"),
    "measures": gettext_lazy("measures"),
    "budget": gettext_lazy("budget"),
    "hand-off": gettext_lazy("hand-off"),
    "signals": gettext_lazy("signs after the hand-off"),
    "operators": gettext_lazy("operator"),
    "state": gettext_lazy("state"),
    "decision": gettext_lazy("decision"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after."""

    label: str
    before: str
    after: str

    @property
    def is_long(self) -> bool:
        """Say whether the texts are better folded."""
        return len(self.before) > LONG or len(self.after) > LONG


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the page: when, by whom as far as the viewer may know, and what."""

    revision: Revision
    by: str
    changes: list[Change]


def told(revisions: Iterable[Revision], viewer: Viewer) -> list[Told]:
    """Return revisions as people read them, with one query for who may be named."""
    rows = list(revisions)
    ids = {row.by_id for row in rows if row.by_id}
    named: set[Any] = set()
    if ids:
        named = set(policies.visible_team_people(User.objects.filter(pk__in=ids), viewer).values_list("pk", flat=True))
    return [Told(row, _author(row, named), changes_of(row.changes)) for row in rows]


def _author(row: Revision, named: set[Any]) -> str:
    if row.by is not None and row.by_id in named:
        return row.by.name
    if row.source:
        return _("import from %(source)s") % {"source": row.source}
    return _("a member of the network") if row.by_id else _("the network")


def changes_of(changes: object) -> list[Change]:
    """Return the fields of a revision; what is not understood is left out rather than shown raw."""
    if not isinstance(changes, dict):
        return []
    return [
        Change(field_label(name), spoken(pair[0], name), spoken(pair[1], name))
        for name, pair in changes.items()
        if isinstance(pair, list | tuple) and len(pair) == 2  # noqa: PLR2004 - before and after
    ]


def field_label(name: str) -> str:
    """Return the name of a field as people read it."""
    if name in LABELS:
        return str(LABELS[name])
    try:
        return str(Product._meta.get_field(name).verbose_name)  # type: ignore[union-attr] # plain fields have one
    except (FieldDoesNotExist, AttributeError):
        return name.replace("_", " ")


def spoken(value: object, name: str = "") -> str:
    """Return a value of a change in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(spoken(one, name) for one in value)
    if isinstance(value, dict):
        return ", ".join(spoken(one, key) for key, one in value.items())
    return "" if value is None else _text(str(value), name)


def _text(text: str, name: str) -> str:
    if name in {"phase", "current_phase", "phases"} and text in PhaseName.values:
        return str(PhaseName(text).label)
    if name == "decision" and text in Decision.Kind.values:
        return str(Decision.Kind(text).label)
    if name == "state" and text in Product.State.values:
        return str(Product.State(text).label)
    return _day(text) or text


def _day(text: str) -> str:
    if len(text) != len("2026-01-01"):
        return ""
    try:
        day: date | None = parse_date(text)
    except ValueError:
        return ""
    return date_format(day, "DATE_FORMAT") if day else ""
