"""What one may ask of the list of products: the same words in the address of the page, of its CSV and of the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self
from urllib.parse import urlencode

from parvis.portfolio.models.phase import ACTIVE, NOT_STARTED, STOPPED, PhaseName
from parvis.portfolio.queries.transparency import BY_KEY

MAX_TEXT = 200
MAX_VALUES = 30
MAX_VALUE = 200

STATUS: Final[dict[str, frozenset[str]]] = {
    "active": ACTIVE,
    "transferred": frozenset({PhaseName.TRANSFERRED.value}),
    "stopped": STOPPED,
    NOT_STARTED: frozenset({""}),
}
"""Where a product stands, in a word, and the phases that it covers."""

SORTS: Final = ("relevance", "name", "updated", "newest", "longest")
"""By words found, by name, by last change, by start of the current phase: the latest first, or the earliest."""

_KNOWN: Final[dict[str, frozenset[str]]] = {
    "status": frozenset(STATUS),
    "phase": frozenset([*PhaseName.values, NOT_STARTED]),
    "missing": frozenset(BY_KEY),
}


def _values() -> Any:
    return field(default=(), metadata={"facet": True})


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked. Values of one facet widen the result (or), facets narrow it (and); `missing` narrows (and)."""

    text: str = ""
    status: tuple[str, ...] = _values()
    phase: tuple[str, ...] = _values()
    incubator: tuple[str, ...] = _values()
    theme: tuple[str, ...] = _values()
    users: tuple[str, ...] = _values()
    technology: tuple[str, ...] = _values()
    sponsor: tuple[str, ...] = _values()
    territory: tuple[str, ...] = _values()
    missing: tuple[str, ...] = _values()
    sort: str = ""

    @classmethod
    def parse(cls, query: Any) -> Self:
        """Read a QueryDict. What cannot be meant is left out: nothing that one may type in an address is an error."""
        chosen: dict[str, Any] = {name: _clean(name, query.getlist(name)) for name in FACETS}
        sort = query.get("sort", "")
        text = query.get("q", "")[:MAX_TEXT].strip()
        return cls(text=text, sort=sort if sort in SORTS else "", **chosen)

    @property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """Return the facets in which something is chosen, with what is."""
        return {name: values for name in FACETS if (values := getattr(self, name))}

    @property
    def is_empty(self) -> bool:
        """Say whether everything is asked for."""
        return not (self.text or self.facets)

    @property
    def order(self) -> str:
        """Return the order in force: found words first when there are words, else by name."""
        if self.sort and (self.sort != "relevance" or self.text):
            return self.sort
        return "relevance" if self.text else "name"

    def toggled(self, name: str, value: str) -> Self:
        """Return the same with a value chosen, or no longer chosen."""
        values = getattr(self, name)
        kept = tuple(one for one in values if one != value)
        changed: dict[str, Any] = {name: kept if value in values else (*values, value)}
        return replace(self, **changed)

    def query(self, **more: str) -> str:
        """Return these filters as the query string of an address, always in the same order."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.facets.items() for value in values]
        pairs += [("sort", self.sort)] if self.sort else []
        return urlencode([*pairs, *((name, value) for name, value in more.items() if value)])


FACETS: Final = tuple(one.name for one in fields(Filters) if one.metadata.get("facet"))


def _clean(name: str, values: list[str]) -> tuple[str, ...]:
    known = _KNOWN.get(name)
    kept = [value for value in values if 0 < len(value) <= MAX_VALUE and (known is None or value in known)]
    return tuple(dict.fromkeys(kept))[:MAX_VALUES]
