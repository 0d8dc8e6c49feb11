"""The lists of a record as rows, and rows as the JSON that a source's items are compared with."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from parvis.portfolio.importers.wanted import Item
from parvis.portfolio.models import (
    RANK,
    Event,
    Funding,
    Mission,
    MissionProduct,
    Phase,
    ProductIncubator,
    ProductTerm,
    Sponsorship,
)
from parvis.portfolio.models.base import ListedRow


@dataclass(frozen=True)
class ListOf:
    """A list of a record: the rows that hold it, and the columns that make an item."""

    model: type[ListedRow]
    owner: str
    columns: tuple[str, ...]
    shown: int = 0
    """Which column a history of changes tells."""
    is_same: Callable[[Item, Item], bool] | None = None
    """Whether two items that differ are one thing that changed: its row, which others point to, is kept."""

    def item(self, row: Any) -> Item:
        """Return a row as an item."""
        return [as_json(getattr(row, column)) for column in self.columns]

    def fill(self, row: Any, item: Item, position: int, source: str) -> None:
        """Write an item on a row."""
        for column, value in zip(self.columns, item, strict=True):
            setattr(row, column, _from_json(column, value))
        row.position, row.source = position, source
        if isinstance(row, Phase):
            row.rank = RANK.get(row.name, 0)


def as_json(value: Any) -> Any:
    """Return a column's value as JSON."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _from_json(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column.endswith("_id"):
        return UUID(value)
    if column.endswith("_on") or column == "on":
        return date.fromisoformat(value)
    return Decimal(value) if column == "amount" else value


LISTS = {
    "phases": ListOf(
        Phase,
        "product_id",
        ("name", "raw_name", "start_on", "end_on", "comment"),
        is_same=lambda one, other: one[0] == other[0] and one[2] == other[2],
    ),
    "events": ListOf(Event, "product_id", ("kind", "on", "comment")),
    "fundings": ListOf(Funding, "product_id", ("programme", "promotion", "amount"), shown=1),
    "incubators": ListOf(ProductIncubator, "product_id", ("raw_key", "incubator_id", "is_main")),
    "sponsors": ListOf(Sponsorship, "product_id", ("raw_key", "organization_id")),
    "terms": ListOf(ProductTerm, "product_id", ("term_id", "raw"), shown=1),
}


class Rows:
    """The rows of some records' lists, read with one query a list."""

    def __init__(self, names: Iterable[str], owners: Iterable[UUID]) -> None:
        ids = list(owners)
        self._rows: dict[tuple[str, UUID], list[Any]] = defaultdict(list)
        for name in names:
            kind = LISTS[name]
            model: Any = kind.model
            for row in model.objects.filter(**{f"{kind.owner}__in": ids}).order_by("position", "id") if ids else ():
                self._rows[name, getattr(row, kind.owner)].append(row)

    def of(self, name: str, owner: UUID, source: str) -> list[Any]:
        """Return the rows that a source gave, in its order."""
        return [row for row in self._rows[name, owner] if row.source == source]

    def made_here(self, name: str, owner: UUID) -> list[Any]:
        """Return the rows that people made here."""
        return [row for row in self._rows[name, owner] if not row.source]


def missions_of(users: Iterable[UUID], source: str) -> dict[UUID, list[Item]]:
    """Return the missions that a source gave of some people as items: two queries, whatever their number."""
    ids = list(users)
    if not ids:
        return {}
    links: dict[UUID, list[Item]] = defaultdict(list)
    rows = MissionProduct.objects.filter(mission__user__in=ids, mission__source=source).order_by("position", "id")
    for mission, raw, product in rows.values_list("mission_id", "raw_key", "product_id"):
        links[mission].append([raw, as_json(product)])
    result: dict[UUID, list[Item]] = defaultdict(list)
    for one in Mission.objects.filter(user__in=ids, source=source).order_by("position", "id"):
        day = [as_json(one.start_on), as_json(one.end_on)]
        result[one.user_id].append([*day, one.status, one.employer, links.get(one.pk, [])])
    return result


def make_missions(user_id: UUID, items: list[Item], source: str) -> tuple[list[Mission], list[MissionProduct]]:
    """Return the rows of a person's missions."""
    missions, links = [], []
    for position, (start, end, status, employer, products) in enumerate(items):
        mission = Mission(user_id=user_id, status=status, employer=employer, position=position, source=source)
        mission.start_on, mission.end_on = _from_json("start_on", start), _from_json("end_on", end)
        missions.append(mission)
        links += [
            MissionProduct(
                mission_id=mission.pk,
                raw_key=raw,
                product_id=_from_json("product_id", product),
                position=place,
                source=source,
            )
            for place, (raw, product) in enumerate(products)
        ]
    return missions, links
