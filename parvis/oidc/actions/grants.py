"""Ending what applications were allowed."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parvis.accounts.registry import EndedSession
from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.oidc.actions import logouts
from parvis.oidc.models import Client, Consent, Grant


@transaction.atomic
def end_after_reuse(*, grant_id: UUID, what: str) -> None:
    """End a grant whose code or refresh token came back: whoever holds its tokens loses them."""
    ended = Grant.objects.filter(pk=grant_id, revoked_at__isnull=True).update(revoked_at=timezone.now())
    if not ended:
        return
    grant = Grant.objects.select_related("client", "user").get(pk=grant_id)
    journal.record(tag=Tag.TOKEN_REUSED, by=None, target=grant.client, person=grant.user, what=what)


@transaction.atomic
def end(*, ids: list[UUID], by: User | None) -> int:
    """End grants by hand; return how many."""
    rows = list(
        Grant.objects.select_for_update(of=("self",)).live().filter(pk__in=ids).select_related("client", "user")
    )
    logouts.end(Grant.objects.filter(pk__in=[grant.pk for grant in rows]))
    for grant in rows:
        journal.record(tag=Tag.GRANT_REVOKED, by=by, target=grant.client, person=grant.user)
    return len(rows)


def end_with_sessions(ended: Sequence[EndedSession]) -> None:
    """End the grants made in sessions that have ended, and have their applications told.

    Accounts calls this inside its own transaction. Every application of the session is told, those whose grant was
    already over included: they may still keep a session of their own.
    """
    people, sids = [session.user_id for session in ended], [session.sid for session in ended]
    made_there = Grant.objects.filter(user_id__in=people, sid__in=sids)
    made_there.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    logouts.announce(made_there)


def end_of_people(user_ids: list[UUID]) -> None:
    """End every grant of suspended or erased people, in the transaction that closes their accounts."""
    logouts.end(Grant.objects.filter(user_id__in=user_ids).live())


def erase(user_ids: list[UUID]) -> None:
    """Delete what erased people shared, and when they signed in to applications."""
    Consent.objects.filter(user_id__in=user_ids).delete()
    Grant.objects.filter(user_id__in=user_ids).delete()


@transaction.atomic
def withdraw(*, client: Client, user: User, by: User) -> None:
    """Withdraw what a person gave an application: the consent goes, and every access with it."""
    Consent.objects.filter(client=client, user=user).delete()
    ended = logouts.end(Grant.objects.filter(client=client, user=user).live())
    journal.record(tag=Tag.CONSENT_WITHDRAWN, by=by, target=client, person=user, ended=ended)
