"""An import from start to end: batch after batch, each a transaction, so that an interruption leaves whole batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from parvis.directory.importers import memberships, plan, writer
from parvis.directory.importers.findings import Findings
from parvis.directory.importers.known import Known
from parvis.directory.importers.memberships import Places
from parvis.directory.importers.plan import Batch
from parvis.directory.importers.wanted import Becomes, Wanted
from parvis.directory.models import Group, SourceRecord

_Item = TypeVar("_Item")
_NOUNS = {Becomes.ORGANIZATION: "organisations", Becomes.GROUP: "groups", Becomes.PERSON: "people"}


@dataclass
class Counts:
    """How many of each kind were created, changed and left."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    def add(self, noun: str, batch: Batch) -> None:
        """Add what a batch does."""
        for counter, number in (
            (self.created, len(batch.created)),
            (self.changed, len(batch.changed)),
            (self.unchanged, batch.unchanged + len(batch.changed_records) - len(batch.changed)),
        ):
            counter[noun] = counter.get(noun, 0) + number
        self.add_places(batch)

    def add_places(self, batch: Batch) -> None:
        """Add what a batch does to memberships."""
        places = "memberships"
        self.created[places] = self.created.get(places, 0) + len(batch.places)
        self.ended[places] = self.ended.get(places, 0) + batch.ended
        moved = len(batch.changed_places) + len(batch.removed_places) - batch.ended
        self.changed[places] = self.changed.get(places, 0) + moved

    @property
    def anything(self) -> bool:
        """Say whether something was written beside the source records."""
        return any(sum(counter.values()) for counter in (self.created, self.changed, self.ended))

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts for reports and the journal."""
        return {"created": self.created, "changed": self.changed, "ended": self.ended, "unchanged": self.unchanged}


def apply(
    collections: Sequence[Sequence[Wanted]],
    known: Known,
    found: Findings,
    *,
    dry_run: bool,
    vanished: Sequence[str] = (),
    tick: Callable[[int], None] = lambda _number: None,
) -> Counts:
    """Write what is wanted, or only count it. Every collection may refer to those before it."""
    counts = Counts()
    for wanted in collections:
        for items in _batches(wanted):
            counts.add(_NOUNS[items[0].becomes], _do(items, known, found, dry_run=dry_run))
            tick(len(items))
    if gone := [known.entries[ref].record_id for ref in vanished if known.entries[ref].digest]:
        for pks in _batches(gone):
            counts.add_places(_let_go(pks, known, found, dry_run=dry_run))
    return counts


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, writer.SIZE)):
        yield batch


def _do(items: Sequence[Wanted], known: Known, found: Findings, *, dry_run: bool) -> Batch:
    """Compare and write one batch, under the locks of what it changes."""
    with transaction.atomic():
        batch = _difference(items, known, found, lock=not dry_run)
        if not dry_run and not batch.is_empty:
            writer.write(batch)
    return batch


def _difference(items: Sequence[Wanted], known: Known, found: Findings, *, lock: bool) -> Batch:
    batch = Batch()
    new, changed = plan.sort_out(items, known, found, batch)
    present = plan.load(changed, known, lock=lock)
    persons = list(present.targets) if items[0].becomes is Becomes.PERSON else []
    if lock and items[0].becomes is Becomes.PERSON:
        _lock_groups([*new, *changed], known)
    places = Places(known, batch, found, memberships.load(persons))
    for item in new:
        target = plan.create(item, known, batch)
        places.follow(item, target.pk, {})
    for item in changed:
        before = plan.change(item, known, present, batch, found)
        target_id = known.entries[item.ref].target_id
        if target_id and item.becomes is Becomes.PERSON:
            places.follow(item, target_id, before)
    return batch


def _let_go(record_ids: Sequence[UUID], known: Known, found: Findings, *, dry_run: bool) -> Batch:
    """End the places of people whose records left the source; the empty digest says that it was done."""
    batch = Batch()
    with transaction.atomic():
        records = [item for item in SourceRecord.objects.filter(pk__in=record_ids) if item.user_id]
        places = Places(known, batch, found, memberships.load(item.user_id for item in records if item.user_id))
        for item in records:
            if item.user_id:
                places.leave(item.user_id, item.applied.get("places", {}))
            item.digest, item.applied = "", {}
            batch.changed_records.append(item)
        if not dry_run and not batch.is_empty:
            writer.write(batch)
    return batch


def _lock_groups(items: Sequence[Wanted], known: Known) -> None:
    """Lock the groups whose memberships the batch may change, as every other writer of memberships does first."""
    refs = {ref for item in items for ref in item.places}
    ids = [known.target(ref) for ref in refs if not ref.startswith("organisations/")]
    if ids:
        list(Group.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
