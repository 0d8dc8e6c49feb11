"""The difference between what a source asks and what is here, for one batch of records.

Three sides are compared: what the last import asked, what the source asks now, and what is here. A field that the
source did not change keeps what people made of it here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from parvis.audit.journal import entry
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.importers.findings import Findings, Kind
from parvis.directory.importers.known import Entry, Known
from parvis.directory.importers.wanted import Becomes, Wanted
from parvis.directory.models import Group, Organization, SourceRecord, User
from parvis.directory.models.dated import DatedMembership

MODELS: dict[Becomes, type[Organization | Group | User]] = {
    Becomes.ORGANIZATION: Organization,
    Becomes.GROUP: Group,
    Becomes.PERSON: User,
}
_CREATED = {
    Becomes.ORGANIZATION: Tag.ORGANIZATION_CREATED,
    Becomes.GROUP: Tag.GROUP_CREATED,
    Becomes.PERSON: Tag.USER_CREATED,
}
_EDITED = {
    Becomes.ORGANIZATION: Tag.ORGANIZATION_EDITED,
    Becomes.GROUP: Tag.GROUP_EDITED,
    Becomes.PERSON: Tag.USER_EDITED,
}
_REFERENCES = {"parent", "organization"}


@dataclass
class Batch:
    """Rows to write together, in one transaction."""

    created: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    records: list[SourceRecord] = field(default_factory=list)
    changed_records: list[SourceRecord] = field(default_factory=list)
    places: list[DatedMembership] = field(default_factory=list)
    changed_places: list[DatedMembership] = field(default_factory=list)
    removed_places: list[DatedMembership] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    ended: int = 0
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would be written."""
        return not (self.records or self.changed_records or self.changed_places or self.removed_places)


@dataclass
class Present:
    """The rows that the changed records of a batch concern, by their identifiers."""

    records: dict[UUID, SourceRecord] = field(default_factory=dict)
    targets: dict[UUID, Any] = field(default_factory=dict)


def sort_out(
    wanted: Sequence[Wanted], known: Known, found: Findings, batch: Batch
) -> tuple[list[Wanted], list[Wanted]]:
    """Return the new records and the changed ones; those deleted or erased here are left alone, by name."""
    new, changed = [], []
    for item in wanted:
        before = known.entries.get(item.ref)
        if before is None:
            new.append(item)
        elif before.is_erased or before.target_id is None:
            found.add(Kind.ERASED_HERE if before.is_erased else Kind.DELETED_HERE, item.file)
        elif before.digest != item.digest:
            changed.append(item)
        else:
            batch.unchanged += 1
    return new, changed


def load(changed: Sequence[Wanted], known: Known, *, lock: bool) -> Present:
    """Read the changed records and what they became: two queries, whatever their number."""
    if not changed:
        return Present()
    entries = [known.entries[item.ref] for item in changed]
    targets = MODELS[changed[0].becomes].objects.order_by("pk")
    if lock:
        targets = targets.select_for_update()
    return Present(
        SourceRecord.objects.in_bulk([entry.record_id for entry in entries]),
        {target.pk: target for target in targets.filter(pk__in=[entry.target_id for entry in entries])},
    )


def create(item: Wanted, known: Known, batch: Batch) -> Any:
    """Add a new row and its source record to the batch, and return it."""
    model = MODELS[item.becomes]
    values = {_column(name): _resolved(name, value, known) for name, value in item.values.items()}
    target = model(**values)
    if isinstance(target, Group | Organization):
        target.slug = known.slug(type(target), item.key)
    target.refresh_search()
    record = SourceRecord(source=known.source, collection=item.collection, key=item.key)
    setattr(record, f"{item.becomes.value}_id", target.pk)
    _keep(record, item)
    batch.created.append(target)
    batch.records.append(record)
    batch.events.append(_event(_CREATED[item.becomes], item, target, known))
    owner = target.pk if isinstance(target, Organization) else getattr(target, "organization_id", None)
    closed_on = getattr(target, "closed_on", None)
    known.entries[item.ref] = Entry(record.pk, item.digest, target.pk, organization_id=owner, closed_on=closed_on)
    return target


def change(item: Wanted, known: Known, present: Present, batch: Batch, found: Findings) -> dict[str, Any]:
    """Follow the source's changes of a record; return what the last import asked for, for its places."""
    before = known.entries[item.ref]
    record, target = present.records[before.record_id], present.targets[before.target_id]  # type: ignore[index] # sorted out: it is not None
    asked: dict[str, Any] = record.applied
    changed = [
        name
        for name, value in item.values.items()
        if asked.get("values", {}).get(name, _MISSING) != value and _follow(target, name, item, known, found)
    ]
    if changed:
        target.refresh_search()
        batch.changed.append(target)
        batch.events.append(_event(_EDITED[item.becomes], item, target, known, fields=sorted(changed)))
        before.closed_on = getattr(target, "closed_on", None)
    _keep(record, item)
    record.imported_at = timezone.now()
    before.digest = item.digest
    batch.changed_records.append(record)
    return dict(asked.get("places", {}))


_MISSING = object()


def _follow(target: Any, name: str, item: Wanted, known: Known, found: Findings) -> bool:
    """Set one field as the source now has it; say whether that changed anything."""
    value = item.values[name]
    column, resolved = _column(name), _resolved(name, value, known)
    if getattr(target, column) == resolved:
        return False
    if name == "parent" and resolved and isinstance(target, Group) and _makes_a_circle(target, resolved):
        found.add(Kind.CYCLE, item.file, "incubator", was=value)
        return False
    setattr(target, column, resolved)
    return True


def _makes_a_circle(group: Group, parent_id: UUID) -> bool:
    parent = Group.objects.filter(pk=parent_id).first()
    return parent is not None and (parent.pk == group.pk or group.pk in parent.ancestor_ids())


def _keep(record: SourceRecord, item: Wanted) -> None:
    record.digest, record.fields, record.body, record.applied = item.digest, item.fields, item.body, item.applied


def _column(name: str) -> str:
    return f"{name}_id" if name in _REFERENCES else name


def _resolved(name: str, value: Any, known: Known) -> Any:
    if name in _REFERENCES:
        return known.target(value)
    if name == "closed_on":
        return date.fromisoformat(value) if value else None
    return value


def _event(tag: Tag, item: Wanted, target: Any, known: Known, **data: object) -> Event:
    person = target if item.becomes is Becomes.PERSON else None
    organization = target.pk if item.becomes is Becomes.ORGANIZATION else getattr(target, "organization_id", None)
    return entry(tag=tag, by=None, target=target, person=person, organization=organization, source=known.source, **data)
