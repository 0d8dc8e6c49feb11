"""The difference between what a source asks of the portfolio and what is here, for one batch of records.

Three sides are compared: what the last import asked, what the source asks now, and what is here. What the source did
not change keeps what people made of it here; what both changed is left to people, and named in the report.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from parvis.directory.importers.findings import Findings, Kind
from parvis.portfolio.importers.lists import LISTS, Rows, as_json
from parvis.portfolio.importers.wanted import Item, Wanted
from parvis.portfolio.models import Product, Revision, SourceFile

_MISSING = object()
_NEVER_TOLD = frozenset({"group_id", "owner_id", "extra", "redirect_from"})


@dataclass
class Batch:
    """Rows to write together, in one transaction."""

    created: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    new_rows: list[Any] = field(default_factory=list)
    changed_rows: list[Any] = field(default_factory=list)
    removed_rows: list[Any] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    unchanged: int = 0

    @property
    def updated(self) -> int:
        """Return how many records that were here change."""
        return len(self.touched - {row.pk for row in self.created})


@dataclass
class Comparison:
    """One record: what is wanted of it, the row that it is, and what the last import asked."""

    item: Wanted
    target: Any
    asked: dict[str, Any]
    source: str
    is_new: bool
    changes: dict[str, list[Any]] = field(default_factory=dict)

    def follow(self, rows: Rows | None, batch: Batch, found: Findings) -> None:
        """Follow the source's changes of columns and lists."""
        for name, value in self.item.values.items():
            self._follow_value(name, value, found)
        if rows is not None:
            for name, items in self.item.lists.items():
                self._follow_list(name, items, rows, batch, found)
        if self.is_new:
            self._settle(batch.created, batch)
        elif self.changes:
            self._settle(batch.changed, batch)

    def _settle(self, into: list[Any], batch: Batch) -> None:
        if hasattr(self.target, "refresh_search"):
            self.target.refresh_search()
        self.target.updated_at = timezone.now()
        into.append(self.target)
        batch.touched.add(self.target.pk)
        told = {name: change for name, change in self.changes.items() if name not in _NEVER_TOLD}
        if isinstance(self.target, Product) and told and not self.is_new:
            batch.revisions.append(Revision(product=self.target, source=self.source, changes=told))

    def _follow_value(self, name: str, value: Any, found: Findings) -> None:
        before, here = self.asked.get("values", {}).get(name, _MISSING), as_json(getattr(self.target, name))
        if value in (before, here):
            return
        if not self.is_new and here != before and (before is not _MISSING or here):
            found.add(Kind.FIELD_EDITED_HERE, self.item.file, name, was=here, done=f"the source has {value}")
            return
        setattr(self.target, name, UUID(value) if name.endswith("_id") and value else value)
        self.changes[name] = [here, value]

    def _follow_list(self, name: str, items: list[Item], rows: Rows, batch: Batch, found: Findings) -> None:
        before = self.asked.get("lists", {}).get(name, [])
        if items == before:
            return
        kind = LISTS[name]
        there = rows.of(name, self.target.pk, self.source)
        here = [kind.item(row) for row in there]
        if here == items:
            return
        if self.asked and here != before:
            found.add(Kind.FIELD_EDITED_HERE, self.item.file, name, was=here, done="people’s list is left")
            return
        self._replace(name, items, [*there, *rows.made_here(name, self.target.pk)], len(there), batch)
        self.changes[name] = [[item[kind.shown] for item in side] for side in (here, items)]

    def _replace(self, name: str, items: list[Item], rows: list[Any], given: int, batch: Batch) -> None:
        """Write the new list over the old one: a row that stays the same thing stays the same row.

        A phase that was decided here and that the source now tells too becomes the source's, and is not doubled.
        """
        kind = LISTS[name]
        free = {row.pk: (row, kind.item(row)) for row in rows}
        own = {row.pk for row in rows[:given]}
        for position, item in enumerate(items):
            same = next((pk for pk, (_row, held) in free.items() if pk in own and held == item), None)
            if same is None and kind.is_same:
                same = next((pk for pk, (_row, held) in free.items() if kind.is_same(held, item)), None)
            if same is None:
                row: Any = kind.model()
                setattr(row, kind.owner, self.target.pk)
                batch.new_rows.append(row)
            else:
                row, _held = free.pop(same)
                batch.changed_rows.append(row)
            kind.fill(row, item, position, self.source)
        batch.removed_rows += [row for pk, (row, _held) in free.items() if pk in own]


def remember(files: dict[str, SourceFile], item: Wanted, name: str, batch: Batch) -> SourceFile:
    """Note what this import asks of a record, for the next one to compare with."""
    memory = files[name]
    memory.digest, memory.applied, memory.defects = item.digest, item.applied, item.defects
    memory.imported_at = timezone.now()
    batch.files.append(memory)
    return memory


def by_type(rows: Iterable[Any]) -> dict[type[Any], list[Any]]:
    """Return rows by their table."""
    result: dict[type[Any], list[Any]] = {}
    for row in rows:
        result.setdefault(type(row), []).append(row)
    return result
