"""Periodic work: keys that are due, tokens and grants that are over."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from parvis.lib import ids
from parvis.oidc.actions import keys
from parvis.oidc.authorization import interaction
from parvis.oidc.models import (
    Client,
    ClientDay,
    DeviceRequest,
    Grant,
    LogoutDelivery,
    Mishap,
    PushedRequest,
    Token,
    UsedAssertion,
)

KEPT = timedelta(days=30)
"""How long an ended grant is kept: it is the record of a sign-in to an application."""
_BATCH = 2_000


def rotate_keys() -> int:
    """Replace signing keys that are due; return how many."""
    return len(keys.rotate_due())


def count_sign_ins() -> int:
    """Count the sign-ins of each application, yesterday's and today's; return how many counts there are.

    Grants are ordered by time in their key, so two days of them are one range.
    """
    days = [timezone.localdate() - timedelta(days=1), timezone.localdate()]
    counted = [_sign_ins_of(day) for day in days]
    for day, numbers in zip(days, counted, strict=True):
        rows = [ClientDay(client_id=client, day=day, sign_ins=number) for client, number in numbers.items()]
        ClientDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["client", "day"], update_fields=["sign_ins"], batch_size=500
        )
    return sum(len(numbers) for numbers in counted)


def _sign_ins_of(day: date) -> dict[UUID, int]:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    grants = Grant.objects.filter(pk__gte=ids.first_of(begins), pk__lt=ids.first_of(begins + timedelta(days=1)))
    known = grants.filter(client__in=Client.objects.all()).order_by()
    return dict(known.values_list("client_id").annotate(number=Count("pk")).values_list("client_id", "number"))


def purge_mishaps() -> int:
    """Forget refused requests after thirty days, and beyond the last hundred of an application."""
    deleted = Mishap.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
    crowded = (
        Mishap.objects.order_by().values("client_id").annotate(number=Count("pk")).filter(number__gt=Mishap.MOST_KEPT)
    )
    for client in crowded.values_list("client_id", flat=True):
        kept = list(Mishap.objects.filter(client_id=client).values_list("pk", flat=True)[: Mishap.MOST_KEPT])
        deleted += Mishap.objects.filter(client_id=client).exclude(pk__in=kept).delete()[0]
    return deleted


def purge() -> int:
    """Delete tokens whose grant is over, and grants that ended long ago, in batches that hold no lock for long."""
    over = timezone.now() - Grant.LIFETIME
    tokens = Token.objects.filter(grant_id__lt=ids.first_of(over))
    grants = Grant.objects.filter(pk__lt=ids.first_of(over - KEPT))
    deleted = LogoutDelivery.objects.filter(created_at__lt=timezone.now() - 2 * LogoutDelivery.LIFETIME).delete()[0]
    deleted += DeviceRequest.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()[0]
    # A person may still be signing in for one that has expired.
    forgotten = timezone.now() - timedelta(seconds=interaction.LIFETIME)
    deleted += PushedRequest.objects.filter(expires_at__lt=forgotten).delete()[0]
    deleted += UsedAssertion.objects.filter(expires_at__lt=timezone.now()).delete()[0]
    while batch := list(tokens.values_list("pk", flat=True)[:_BATCH]):
        deleted += Token.objects.filter(pk__in=batch).delete()[0]
    while some := list(grants.values_list("pk", flat=True)[:_BATCH]):
        deleted += Grant.objects.filter(pk__in=some).delete()[0]
    return deleted
