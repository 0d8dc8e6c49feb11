"""How many products each filter leads to, counted in memory: one bit a product, one row of bits a value.

Counting six thousand products by four hundred values in SQL costs most of a page's time (see `bench/explore.py`); with
rows of bits a count is an `and`. The rows are made again when a product has changed, and after a minute at the latest.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, When
from django.utils import timezone

from parvis.directory.models import Organization
from parvis.lib.text import fold
from parvis.portfolio.models import (
    Deployment,
    Incubator,
    Product,
    ProductIncubator,
    ProductTerm,
    Sponsorship,
    Term,
    Territory,
)
from parvis.portfolio.models.phase import NOT_STARTED
from parvis.portfolio.queries.filters import STATUS
from parvis.portfolio.queries.transparency import ITEMS

TERM_FACETS: Final = {
    Term.Kind.THEME.value: "theme",
    Term.Kind.USER_TYPE.value: "users",
    Term.Kind.TECHNOLOGY.value: "technology",
}
LIFETIME: Final = 60.0
Version = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet as people read it, and the row of its products. `pk` is that of its term or incubator."""

    french: str = ""
    english: str = ""
    bits: int = 0
    pk: UUID | None = None
    is_hidden: bool = False

    @property
    def words(self) -> str:
        """Return the folded words by which a search finds it."""
        return fold(f"{self.french} {self.english}")


@dataclass(slots=True)
class FacetIndex:
    """Every listed product by every value of every facet."""

    version: Version
    made_at: float
    positions: dict[str, int]
    facets: dict[str, dict[str, Value]] = field(default_factory=dict)

    @property
    def everything(self) -> int:
        """Return the row of all products."""
        return (1 << len(self.positions)) - 1

    def row_of(self, keys: Iterable[str]) -> int:
        """Return the row of the products with these keys."""
        return _row(len(self.positions), (self.positions[key] for key in keys if key in self.positions))

    def either(self, name: str, values: Iterable[str]) -> int:
        """Return the row of the products that have one of the values."""
        known = self.facets.get(name, {})
        found = 0
        for value in values:
            found |= known[value].bits if value in known else 0
        return found


_kept: list[FacetIndex] = []


def facet_index() -> FacetIndex:
    """Return the rows of today's portfolio, made anew when something changed."""
    version = _version()
    kept = _kept[0] if _kept else None
    if kept is not None and kept.version == version and time.monotonic() - kept.made_at < LIFETIME:
        return kept
    made = _make(version)
    _kept[:] = [made]
    return made


def _version() -> Version:
    """Return what changes whenever a product does: the last one to change, when, and which day it is."""
    last = Product.objects.order_by("-updated_at", "-id").values_list("updated_at", "id")[:1]
    return (timezone.localdate(), *last)


def _row(size: int, positions: Iterable[int]) -> int:
    bits = bytearray(size // 8 + 1)
    for position in positions:
        bits[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(bits, "little")


def _make(version: Version) -> FacetIndex:
    flags = _flags()
    products = list(Product.objects.listed().order_by().annotate(**flags).values_list("key", "current_phase", *flags))
    index = FacetIndex(version, time.monotonic(), {row[0]: position for position, row in enumerate(products)})
    size = len(products)
    phases: dict[str, list[int]] = {}
    for position, row in enumerate(products):
        phases.setdefault(row[1] or NOT_STARTED, []).append(position)
    index.facets["phase"] = {name: Value(bits=_row(size, rows)) for name, rows in phases.items()}
    index.facets["status"] = {
        status: Value(bits=index.either("phase", [phase or NOT_STARTED for phase in names]))
        for status, names in STATUS.items()
    }
    index.facets["missing"] = {
        item.key: Value(bits=_row(size, (place for place, row in enumerate(products) if not row[column])))
        for column, item in enumerate(ITEMS, start=2)
    }
    _add_links(index, version[0])
    return index


def _flags() -> dict[str, Any]:
    return {f"has_{item.key}": Case(When(item.is_published, then=1), default=0) for item in ITEMS}


def _add_links(index: FacetIndex, day: object) -> None:
    links = ProductTerm.objects.order_by().values_list("term_id", "product__key")
    terms = {term.pk: term for term in Term.objects.all()}
    for pk, bits in _grouped(index, links).items():
        term = terms[pk]
        value = Value(term.label_fr, term.label_en or term.label_fr, bits, pk)
        index.facets.setdefault(TERM_FACETS[term.kind], {})[term.key] = value
    index.facets["incubator"] = _incubators(index)
    sponsored = Sponsorship.objects.filter(organization__isnull=False).order_by()
    index.facets["sponsor"] = _organizations(index, sponsored.values_list("organization_id", "product__key"))
    current = Deployment.objects.current(day if isinstance(day, date) else None).order_by()
    index.facets["territory"] = _territories(index, current.values_list("territory_id", "product__key"))


def _grouped(index: FacetIndex, links: Iterable[tuple[Any, str]]) -> dict[Any, int]:
    """Return the row of each thing that products are linked to."""
    positions: dict[Any, list[int]] = {}
    for pk, key in links:
        if (position := index.positions.get(key)) is not None:
            positions.setdefault(pk, []).append(position)
    size = len(index.positions)
    return {pk: _row(size, rows) for pk, rows in positions.items()}


def _incubators(index: FacetIndex) -> dict[str, Value]:
    links = ProductIncubator.objects.filter(incubator__isnull=False).order_by()
    rows = _grouped(index, links.values_list("incubator_id", "product__key"))
    found = Incubator.objects.order_by("sort_key").values_list("pk", "key", "name", "is_hidden")
    return {key: Value(name, name, rows.get(pk, 0), pk, hidden) for pk, key, name, hidden in found if pk in rows}


def _organizations(index: FacetIndex, links: Iterable[tuple[Any, str]]) -> dict[str, Value]:
    rows = _grouped(index, links)
    found = Organization.objects.filter(pk__in=Sponsorship.objects.values("organization")).order_by("sort_key")
    return {
        slug: Value(name, name, rows[pk], pk)
        for pk, slug, name in found.values_list("pk", "slug", "name")
        if pk in rows
    }


def _territories(index: FacetIndex, links: Iterable[tuple[Any, str]]) -> dict[str, Value]:
    """Return the territories where something is in use; a region counts what is in its departments too."""
    rows = _grouped(index, links)
    if not rows:
        return {}
    known = {one.pk: one for one in Territory.objects.all()}
    spread: dict[UUID, int] = {}
    for pk, bits in rows.items():
        above: UUID | None = pk
        for _level in range(3):
            if above is None:
                break
            spread[above] = spread.get(above, 0) | bits
            above = known[above].parent_id
    return {
        known[pk].code: Value(known[pk].name_fr, known[pk].name_en or known[pk].name_fr, bits, pk)
        for pk, bits in spread.items()
    }


def forget() -> None:
    """Count anew at the next question: for who changes what no product tells, such as the name of an incubator."""
    _kept.clear()
