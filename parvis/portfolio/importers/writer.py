"""A batch to rows: a bounded number of statements, inside the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from parvis.portfolio.importers.plan import Batch, by_type
from parvis.portfolio.models import Revision

SIZE = 500
"""Records of a batch, and rows of a statement."""


def write(batch: Batch) -> None:
    """Insert, update and remove everything of a batch."""
    insert(batch.created)
    overwrite(batch.changed)
    for model, rows in by_type(batch.removed_rows).items():
        model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for rows in by_type(batch.changed_rows).values():
        overwrite(rows)
    for rows in by_type(batch.new_rows).values():
        insert(rows)
    Revision.objects.bulk_create(batch.revisions, batch_size=SIZE)
    overwrite(batch.files)


def insert(rows: Sequence[Any]) -> None:
    """Insert rows of one table."""
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=SIZE)


def overwrite(rows: Sequence[Any]) -> None:
    """Write whole rows over themselves, and new ones: one statement, without the CASE a column of `bulk_update`."""
    if not rows:
        return
    model: Any = type(rows[0])
    columns = [column.name for column in model._meta.concrete_fields if not column.primary_key]
    model.objects.bulk_create(rows, batch_size=SIZE, update_conflicts=True, unique_fields=["id"], update_fields=columns)
