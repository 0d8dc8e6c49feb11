"""What the directory's import calls when it is done: the portfolio of the same folder, batch after batch.

Incubators, products, then people. Each batch is one transaction that also remembers its files, so that an import that
was interrupted goes on where it was; and each record whose digest is the remembered one costs nothing more.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from parvis.directory.importers.betagouv import reader
from parvis.directory.importers.betagouv.importing import Imported
from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.findings import Kind
from parvis.portfolio.importers import plan, writer
from parvis.portfolio.importers.betagouv import people, records
from parvis.portfolio.importers.betagouv.reading import Context
from parvis.portfolio.importers.betagouv.vanished import let_go
from parvis.portfolio.importers.lists import LISTS, Rows, make_missions, missions_of
from parvis.portfolio.importers.plan import Batch, Comparison
from parvis.portfolio.importers.wanted import Wanted
from parvis.portfolio.models import Incubator, Mission, PersonCard, Product, SourceFile, Term
from parvis.portfolio.models.keys import is_key

SOURCE = reader.SOURCE
_Item = TypeVar("_Item")
_NOUNS = {"incubators": "incubators", "startups": "products", "authors": "cards"}


@dataclass
class Memory:
    """The files of the last import, by collection and name, without what they asked for."""

    rows: dict[tuple[str, str], SourceFile] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Memory":
        """Read all of them with one query."""
        found = SourceFile.objects.filter(source=SOURCE).defer("applied")
        return cls({(row.collection, row.name): row for row in found})


def follow(imported: Imported) -> None:
    """Bring in incubators, products, missions and cards of the folder that the directory has just read."""
    memory, context = Memory.load(), _context(imported)
    _remember_names(imported, memory)
    imported.tick(len(imported.reading.wanted["organisations"]))
    _Collection(imported, memory, context, "incubators", records.incubator).run()
    there = Incubator.objects.exclude(key__in=imported.reading.vanished["incubators"]).values_list("key", "pk")
    context.incubators = dict(there) | context.incubators
    _Collection(imported, memory, context, "startups", records.product).run()
    context.products = dict(Product.objects.values_list("key", "pk")) | context.products
    _People(imported, memory, context, "authors", people.person).run()
    let_go(imported)


def _context(imported: Imported) -> Context:
    context = Context(imported.known, imported.reading.references)
    context.terms = {(term.kind, term.key): term for term in Term.objects.all()}
    return context


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, writer.SIZE)):
        yield batch


class _Collection:
    """One folder of records, each of which is a row with lists."""

    def __init__(
        self,
        imported: Imported,
        memory: Memory,
        context: Context,
        name: str,
        make: Callable[[Reader, Context], Wanted],
    ) -> None:
        self.imported, self.context, self.name, self._make = imported, context, name, make
        self._memory = memory
        self.found = imported.reading.findings
        names = imported.reading.folders[name].names
        self._file_names = {key: file for file, (key, _begins) in reversed(names.items())}

    def run(self) -> None:
        """Read, compare and write the folder."""
        documents = list(self.imported.reading.folders[self.name].documents.values())
        wanted = [self._make(Reader(document, self.found), self.context) for document in documents]
        for items in _batches(wanted):
            batch = Batch()
            with transaction.atomic():
                self._compare(items, batch)
                if not self.imported.dry_run:
                    self._write(batch)
            self._count(batch)
            self.imported.tick(len(items))

    def _compare(self, items: list[Wanted], batch: Batch) -> None:
        changed = []
        for item in items:
            if not self.is_wanted(item):
                continue
            memory = self._memory.rows.get((self.name, self._file_names[item.key]))
            if memory is not None and memory.digest == item.digest:
                batch.unchanged += 1
            else:
                changed.append(item)
        asked = self._asked(changed)
        for comparison in self.comparisons(changed, asked, batch):
            plan.remember(self._files(comparison.item), comparison.item, self._file_names[comparison.item.key], batch)

    def _asked(self, items: list[Wanted]) -> dict[str, dict[str, Any]]:
        """Return what the last import asked of some records."""
        rows = SourceFile.objects.filter(source=SOURCE, collection=self.name, key__in=[item.key for item in items])
        return dict(rows.exclude(digest="").values_list("key", "applied")) if items else {}

    def _files(self, item: Wanted) -> dict[str, SourceFile]:
        name = self._file_names[item.key]
        row = self._memory.rows.setdefault((self.name, name), _file(self.name, item.key, name, begins=True))
        return {name: row}

    def is_wanted(self, item: Wanted) -> bool:
        """Say whether the record can have a row."""
        if is_key(item.key):
            return True
        self.found.add(Kind.KEY_REFUSED, item.file, "id", was=item.key)
        return False

    def comparisons(self, items: list[Wanted], asked: dict[str, dict[str, Any]], batch: Batch) -> Iterator[Comparison]:
        """Compare records with their rows."""
        model: type[Incubator | Product] = Incubator if self.name == "incubators" else Product
        there = {row.key: row for row in self._locked(model).filter(key__in=[item.key for item in items])}
        names = [name for name in LISTS if items and name in items[0].lists]
        rows = Rows(names, [row.pk for row in there.values()])
        known = self.context.incubators if model is Incubator else self.context.products
        groups = [item.values["group_id"] for item in items if item.values["group_id"]]
        holders = dict(model.objects.filter(group__in=groups).values_list("group_id", "key"))
        for item in items:
            target, is_new = there.get(item.key), item.key not in there
            if target is None:
                target = model(key=item.key)
            known[item.key] = target.pk
            comparison = Comparison(item, target, asked.get(item.key, {}), SOURCE, is_new)
            if not is_new and item.key not in asked:
                self._come_back(comparison)
            comparison.follow(rows, batch, self.found)
            if target.group_id and holders.get(target.group_id, item.key) != item.key:
                target.group_id = None  # Somebody gave that team to another product here.
            yield comparison

    def _come_back(self, comparison: Comparison) -> None:
        """Take a record that was here without its file: it left the source and is back, or people made one like it."""
        target = comparison.target
        if isinstance(target, Product) and target.state == Product.State.WITHDRAWN:
            target.state = Product.State.LISTED
            comparison.changes["state"] = [Product.State.WITHDRAWN.value, Product.State.LISTED.value]
        self.found.add(Kind.TAKEN_HERE, comparison.item.file, "id", was=comparison.item.key)

    def _locked(self, model: Any) -> Any:
        return model.objects.all() if self.imported.dry_run else model.objects.select_for_update().order_by("pk")

    def _write(self, batch: Batch) -> None:
        Term.objects.bulk_create(self.context.new_terms)
        self.context.new_terms = []
        writer.write(batch)
        if self.name == "startups":
            Product.objects.filter(pk__in=batch.touched).refresh_phases(self.imported.reading.today)

    def _count(self, batch: Batch) -> None:
        counts, noun = self.imported.counts, _NOUNS[self.name]
        for counter, number in (
            (counts.created, len(batch.created)),
            (counts.changed, batch.updated),
            (counts.unchanged, batch.unchanged + len(batch.files) - len(batch.touched)),
        ):
            counter[noun] = counter.get(noun, 0) + number


class _People(_Collection):
    """People: a card, and missions that are replaced together when one of them changed."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._replaced: list[UUID] = []

    def is_wanted(self, item: Wanted) -> bool:
        """Leave out who was erased or deleted here: the directory has said so."""
        entry = self.imported.known.entries.get(f"authors/{item.key}")
        return entry is not None and entry.target_id is not None and not entry.is_erased

    def comparisons(self, items: list[Wanted], asked: dict[str, dict[str, Any]], batch: Batch) -> Iterator[Comparison]:
        """Compare people with their cards and missions."""
        users = {item.key: self.imported.known.entries[f"authors/{item.key}"].target_id for item in items}
        there = {card.user_id: card for card in self._locked(PersonCard).filter(user__in=list(users.values()))}
        missions = missions_of(there, SOURCE)
        for item in items:
            user_id = users[item.key]
            assert user_id is not None  # noqa: S101 - `is_wanted` saw to it; tells the type checker
            target, is_new = there.get(user_id), user_id not in there
            comparison = Comparison(
                item, target or PersonCard(user_id=user_id, source=SOURCE), asked.get(item.key, {}), SOURCE, is_new
            )
            self._follow_missions(comparison, missions.get(user_id, []), batch)
            comparison.follow(None, batch, self.found)
            yield comparison

    def _write(self, batch: Batch) -> None:
        if self._replaced:
            Mission.objects.filter(user__in=self._replaced, source=SOURCE).delete()
            self._replaced = []
        super()._write(batch)

    def _follow_missions(self, comparison: Comparison, here: list[Any], batch: Batch) -> None:
        now, before = comparison.item.lists["missions"], comparison.asked.get("lists", {}).get("missions", [])
        if now in (before, here):
            return
        if here != before and comparison.asked:
            self.found.add(Kind.FIELD_EDITED_HERE, comparison.item.file, "missions", done="people’s missions are left")
            return
        user_id = comparison.target.user_id
        if here:
            self._replaced.append(user_id)
        made, links = make_missions(user_id, now, SOURCE)
        batch.new_rows += [*made, *links]
        comparison.changes["missions"] = [len(here), len(now)]


def _file(collection: str, key: str, name: str, *, begins: bool) -> SourceFile:
    return SourceFile(
        source=SOURCE,
        collection=collection,
        key=key,
        name=name[:255],
        has_suffix=name.endswith(".md"),
        has_front_matter=begins,
    )


def _remember_names(imported: Imported, memory: Memory) -> None:
    """Note every file there is, whether it could be read or not, and forget those that are gone for good."""
    new, gone = [], []
    for collection, names in _names(imported).items():
        for name, (key, begins) in names.items():
            row = memory.rows.get((collection, name))
            if row is None:
                row = memory.rows[collection, name] = _file(collection, key, name, begins=begins)
                new.append(row)
            elif row.has_front_matter != begins:
                row.has_front_matter = begins
                new.append(row)
        folder = imported.reading.folders.get(collection)
        vanished = imported.reading.vanished.get(collection, set())
        kept = set(folder.documents) if folder else set()
        gone += [
            row.pk
            for (place, name), row in memory.rows.items()
            if place == collection and name not in names and (row.key in vanished or row.key in kept or not folder)
        ]
    if imported.dry_run:
        return
    with transaction.atomic():
        for rows in _batches(new):
            _write_names(rows)
        SourceFile.objects.filter(pk__in=gone).delete()


def _write_names(rows: list[SourceFile]) -> None:
    SourceFile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=["has_front_matter"]
    )


def _names(imported: Imported) -> dict[str, dict[str, tuple[str, bool]]]:
    """Return the files of each folder that is there; of the phases, which hold no record to keep, their names only."""
    found = {name: folder.names for name, folder in imported.reading.folders.items() if folder.is_present}
    phases = imported.reading.root / "_phases"
    if phases.is_dir() and not phases.is_symlink():
        found["phases"] = {name: (name.removesuffix(".md"), True) for name in _plain_files(phases)}
    return found


def _plain_files(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        shown = [
            entry.name.encode("utf-8", "replace").decode()
            for entry in entries
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
        ]
    return sorted(shown)
