"""Keeping the tables of accounts small."""

from django.utils import timezone

from parvis.accounts.models import EmailChallenge, KnownDevice, RateCounter, Session


def purge() -> dict[str, int]:
    """Delete what has expired; return how much of each. What it deletes opened nothing any more."""
    now = timezone.now()
    expired = {
        "sessions": Session.objects.filter(expire_date__lte=now),
        "codes": EmailChallenge.objects.filter(expires_at__lte=now),
        "counters": RateCounter.objects.filter(resets_at__lte=now),
        "devices": KnownDevice.objects.filter(last_used_at__lte=now - KnownDevice.LIFETIME),
    }
    return {name: rows.delete()[0] for name, rows in expired.items()}
