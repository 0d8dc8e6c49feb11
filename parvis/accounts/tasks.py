"""Keeping the tables of accounts small."""

from django.utils import timezone

from parvis.accounts.models import EmailChallenge, KnownDevice, RateCounter
from parvis.accounts.sessions import SessionStore


def end_sessions() -> int:
    """End the sessions that have reached their end, so that applications learn of it too; return how many."""
    return SessionStore.end_expired()


def purge() -> dict[str, int]:
    """End sessions that are over, and delete what else has expired; return how much of each."""
    now = timezone.now()
    expired = {
        "codes": EmailChallenge.objects.filter(expires_at__lte=now),
        "counters": RateCounter.objects.filter(resets_at__lte=now),
        "devices": KnownDevice.objects.filter(last_used_at__lte=now - KnownDevice.LIFETIME),
    }
    return {"sessions": end_sessions()} | {name: rows.delete()[0] for name, rows in expired.items()}
