"""Periodic work: keys that are due, tokens and grants that are over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from parvis.oidc.actions import keys
from parvis.oidc.models import Grant, LogoutDelivery, Token, UsedAssertion

KEPT = timedelta(days=30)
"""How long an ended grant is kept: it is the record of a sign-in to an application."""
_BATCH = 2_000


def rotate_keys() -> int:
    """Replace signing keys that are due; return how many."""
    return len(keys.rotate_due())


def _first_id_of(moment: datetime) -> UUID:
    """Return the lowest UUIDv7 of a moment: the primary key is ordered by time, so it needs no index beside it."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def purge() -> int:
    """Delete tokens whose grant is over, and grants that ended long ago, in batches that hold no lock for long."""
    over = timezone.now() - Grant.LIFETIME
    tokens = Token.objects.filter(grant_id__lt=_first_id_of(over))
    grants = Grant.objects.filter(pk__lt=_first_id_of(over - KEPT))
    deleted = LogoutDelivery.objects.filter(created_at__lt=timezone.now() - 2 * LogoutDelivery.LIFETIME).delete()[0]
    deleted += UsedAssertion.objects.filter(expires_at__lt=timezone.now()).delete()[0]
    while batch := list(tokens.values_list("pk", flat=True)[:_BATCH]):
        deleted += Token.objects.filter(pk__in=batch).delete()[0]
    while ids := list(grants.values_list("pk", flat=True)[:_BATCH]):
        deleted += Grant.objects.filter(pk__in=ids).delete()[0]
    return deleted
