"""What applications have to be told of sessions that end: rows written in the transaction that ends them."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parvis.oidc.models import Grant, LogoutDelivery
from parvis.oidc.models.grant import GrantQuerySet
from parvis.oidc.models.logout import LogoutDeliveryQuerySet

_BATCH = 500
# Somebody who signs in again in the same session, and out again, is told of again: the row starts anew.
_ANEW = ["user", "attempts", "next_attempt_at", "created_at", "confirmed_at", "given_up_at", "last_error"]


def end(grants: GrantQuerySet) -> int:
    """End grants that still stand, whatever their tokens, and tell their applications; return how many."""
    ids = list(
        grants.filter(revoked_at__isnull=True)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for start in range(0, len(ids), _BATCH):
        some = Grant.objects.filter(pk__in=ids[start : start + _BATCH])
        some.update(revoked_at=timezone.now())
        announce(some)
    return len(ids)


@transaction.atomic
def end_of_session(sid: UUID | str) -> int:
    """End the grants of one session; return how many."""
    return end(Grant.objects.filter(sid=sid))


def announce(grants: GrantQuerySet) -> int:
    """Write what is to be delivered, once for each application and session; return how much.

    Only applications that redeemed their code know of the session. So the grants must be revoked before this looks:
    a code redeemed at the same moment is either seen here, or refused. What was told when it ended is not told again.
    """
    before = {"client_id": OuterRef("client_id"), "sid": OuterRef("sid"), "created_at__gte": OuterRef("revoked_at")}
    known = grants.filter(code_used_at__isnull=False).exclude(client__backchannel_logout_uri="")
    told = known.exclude(Exists(LogoutDelivery.objects.filter(**before)))
    now = timezone.now()
    rows = [
        LogoutDelivery(client_id=client_id, user_id=user_id, sid=sid, created_at=now, next_attempt_at=now)
        for client_id, user_id, sid in told.order_by().values_list("client_id", "user_id", "sid").distinct()
    ]
    LogoutDelivery.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["client", "sid"], update_fields=_ANEW
    )
    return len(rows)


def retry(deliveries: LogoutDeliveryQuerySet) -> int:
    """Tell again, for another day, those that have not confirmed; return how many."""
    now = timezone.now()
    anew = {"attempts": 0, "next_attempt_at": now, "created_at": now, "given_up_at": None, "last_error": ""}
    return deliveries.filter(confirmed_at__isnull=True).update(**anew)
