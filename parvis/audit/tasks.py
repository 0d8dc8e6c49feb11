"""Forgetting events after the retention period that the operator chose."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from parvis.audit.models import Event

BATCH = 5000


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment: events sort by identifier, so no index on the time is needed."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def purge_old(days: int | None = None) -> int:
    """Delete events older than so many days (`PARVIS_AUDIT_RETENTION_DAYS` by default), in short transactions."""
    kept = settings.AUDIT_RETENTION_DAYS if days is None else days
    old = Event.objects.filter(pk__lt=first_id_at(timezone.now() - timedelta(days=kept)))
    deleted = 0
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        deleted += Event.objects.filter(pk__in=batch).delete()[0]
    return deleted
