"""Keeping the tables of accounts small."""

from django.utils import timezone

from parvis.accounts.models import EmailChallenge, KnownDevice, RateCounter


def purge() -> dict[str, int]:
    """Delete what has expired; return how much of each. Sessions, whose end is told: `SessionStore.end_expired`."""
    now = timezone.now()
    expired = {
        "codes": EmailChallenge.objects.filter(expires_at__lte=now),
        "counters": RateCounter.objects.filter(resets_at__lte=now),
        "devices": KnownDevice.objects.filter(last_used_at__lte=now - KnownDevice.LIFETIME),
    }
    return {name: rows.delete()[0] for name, rows in expired.items()}
