"""Periodic work: keys that are due, tokens and grants that are over."""

from datetime import timedelta

from django.utils import timezone

from parvis.oidc.actions import keys
from parvis.oidc.models import Grant, Token

KEPT = timedelta(days=30)
"""How long an ended grant is kept: it is the record of a sign-in to an application."""
_BATCH = 2_000


def rotate_keys() -> int:
    """Replace signing keys that are due; return how many."""
    return len(keys.rotate_due())


def purge() -> int:
    """Delete tokens whose grant is over, and grants that ended long ago, in batches that hold no lock for long."""
    now = timezone.now()
    tokens = Token.objects.filter(grant__expires_at__lte=now)
    grants = Grant.objects.filter(expires_at__lte=now - KEPT)
    deleted = 0
    while batch := list(tokens.values_list("pk", flat=True)[:_BATCH]):
        deleted += Token.objects.filter(pk__in=batch).delete()[0]
    while batch := list(grants.values_list("pk", flat=True)[:_BATCH]):
        deleted += Grant.objects.filter(pk__in=batch).delete()[0]
    return deleted
