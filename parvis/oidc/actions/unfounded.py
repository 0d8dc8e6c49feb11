"""Ending access whose ground is gone: a place in an organisation that ended, a right to an application withdrawn.

Each function looks for what is unfounded now and ends it, so that doing it twice, or late, is the same as once. Live
grants are the last twelve hours' and keys are ordered by time, so each reads one range.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parvis.audit.journal import entry, record_many
from parvis.audit.tags import Tag
from parvis.directory.models import OrganizationMembership, User
from parvis.lib import ids
from parvis.oidc import registry
from parvis.oidc.actions import logouts
from parvis.oidc.models import Client, Grant
from parvis.oidc.models.grant import GrantQuerySet

_MARGIN = timedelta(minutes=5)


def end_all(user_ids: Sequence[UUID] | None = None) -> int:
    """End whatever is unfounded, of everybody or of these people; return how much."""
    ended = end_without_organization(user_ids)
    for find in registry.audiences:
        for client_pk, people in find().items():
            ended += end_of_others(client_pk=client_pk, people=people, among=user_ids)
    return ended


@transaction.atomic
def end_without_organization(user_ids: Sequence[UUID] | None = None) -> int:
    """End the grants of people who no longer belong to the organisation that they acted for."""
    mine = {"user_id": OuterRef("user_id"), "organization_id": OuterRef("organization_id")}
    places = OrganizationMembership.objects.current().filter(**mine)
    grants = _live(user_ids).filter(organization_id__isnull=False)
    return _end(grants.exclude(Exists(places)), because="organization")


@transaction.atomic
def end_of_others(*, client_pk: UUID, people: QuerySet[User, Any], among: Sequence[UUID] | None = None) -> int:
    """End the grants of an application for all but these people."""
    return _end(_live(among).filter(client_id=client_pk).exclude(user_id__in=people), because="right")


def _live(user_ids: Sequence[UUID] | None) -> GrantQuerySet:
    oldest = timezone.now() - Grant.LIFETIME - _MARGIN
    grants = Grant.objects.live().filter(pk__gte=ids.first_of(oldest))
    return grants if user_ids is None else grants.filter(user_id__in=list(user_ids))


def _end(grants: GrantQuerySet, *, because: str) -> int:
    """End grants, have their applications told, and say in the journal why."""
    found = list(grants.values_list("pk", "client_id", "user_id"))
    if not found:
        return 0
    ended = logouts.end(Grant.objects.filter(pk__in=[pk for pk, _client_id, _user_id in found]))
    record_many(
        entry(
            tag=Tag.GRANT_REVOKED,
            by=None,
            target=Client(pk=client_id),
            person=User(pk=user_id),
            because=because,
        )
        for client_id, user_id in sorted({(client_id, user_id) for _pk, client_id, user_id in found})
    )
    return ended
