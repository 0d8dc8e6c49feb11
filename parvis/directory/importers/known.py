"""What earlier imports of a source left in the directory."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parvis.directory.importers.slugs import SlugBook
from parvis.directory.models import Group, Organization, SourceRecord, User


@dataclass(slots=True)
class Entry:
    """One record as it was last imported, and the state here of what it became."""

    record_id: UUID
    digest: str
    target_id: UUID | None
    is_erased: bool = False
    organization_id: UUID | None = None
    closed_on: date | None = None


@dataclass
class Known:
    """Every record of the source by reference "collection/id"; grows as the import goes on."""

    source: str
    entries: dict[str, Entry] = field(default_factory=dict)
    _slugs: dict[str, SlugBook] = field(default_factory=dict)

    @classmethod
    def load(cls, source: str) -> "Known":
        """Read all records of a source with one query, without their fields."""
        known = cls(source)
        rows: QuerySet[SourceRecord, Any] = SourceRecord.objects.filter(source=source).values_list(
            "collection", "key", "id", "digest", "user_id", "organization_id", "group_id",
            "user__state", "group__organization_id", "group__closed_on",
        )  # fmt: skip
        for collection, key, pk, digest, user, organization, group, state, owner, closed_on in rows.iterator(2000):
            target = next((pk for pk in (user, organization, group) if pk is not None), None)
            erased = state == User.State.ANONYMISED
            known.entries[f"{collection}/{key}"] = Entry(pk, digest, target, erased, owner or organization, closed_on)
        return known

    def keys(self) -> dict[str, set[str]]:
        """Return the ids of each collection."""
        result: dict[str, set[str]] = {}
        for ref in self.entries:
            collection, _slash, key = ref.partition("/")
            result.setdefault(collection, set()).add(key)
        return result

    def organization_names(self) -> dict[str, tuple[str, str]]:
        """Return name and acronym of the organisations of the source, by id."""
        rows = SourceRecord.objects.filter(source=self.source, organization__isnull=False)
        columns = rows.values_list("key", "organization__name", "organization__acronym")
        return {key: (name or "", acronym or "") for key, name, acronym in columns}

    def target(self, ref: str) -> UUID | None:
        """Return what the reference became, or None when it was never imported or was deleted here."""
        entry = self.entries.get(ref) if ref else None
        return entry.target_id if entry else None

    def slug(self, model: type[Group] | type[Organization], key: str) -> str:
        """Return a free address for a new group or organisation; the taken ones are read once."""
        name = model.__name__
        if name not in self._slugs:
            self._slugs[name] = SlugBook(set(model.objects.values_list("slug", flat=True)))
        return self._slugs[name].give(key)
