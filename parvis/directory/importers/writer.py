"""A batch to rows: a bounded number of statements, inside the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from parvis.audit.journal import record_many
from parvis.directory.importers.plan import Batch
from parvis.directory.models import GroupMembership, OrganizationMembership

SIZE = 500
"""Records of a batch: the more, the fewer transactions; the fewer, the less is done again after an interruption."""


def write(batch: Batch) -> None:
    """Insert and update everything of a batch."""
    _insert(batch.created)
    _update(batch.changed)
    _insert(batch.records)
    _update(batch.changed_records)
    for model in (GroupMembership, OrganizationMembership):
        removed = [row.pk for row in batch.removed_places if isinstance(row, model)]
        if removed:
            model.objects.filter(pk__in=removed).delete()
        _update([row for row in batch.changed_places if isinstance(row, model)])
        _insert([row for row in batch.places if isinstance(row, model)])
    record_many(batch.events)


def _insert(rows: Sequence[Any]) -> None:
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=SIZE)


def _update(rows: Sequence[Any]) -> None:
    """Write whole rows over themselves: one statement, where `bulk_update` would build a CASE for each column."""
    if not rows:
        return
    model: Any = type(rows[0])
    columns = [column.name for column in model._meta.concrete_fields if not column.primary_key]
    model.objects.bulk_create(rows, batch_size=SIZE, update_conflicts=True, unique_fields=["id"], update_fields=columns)
