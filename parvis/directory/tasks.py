"""What time does to the directory: memberships end by themselves and are announced before, invitations are forgotten.

Each job takes its rows in short transactions and locks them, so that it may run in several processes at once.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.audit.journal import entry, record_many
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.actions.notices import managers_of, tell_ending
from parvis.directory.models import GroupMembership, Invitation, OrganizationMembership, User
from parvis.directory.models.dated import WARNINGS

BATCH = 200
FORGET_INVITATIONS_AFTER = timedelta(days=90)


def end_and_warn_memberships(today: date | None = None) -> dict[str, int]:
    """Tell the journal, once, of each membership that has ended; warn, once for each delay, before one ends."""
    day = today or timezone.localdate()
    return {
        "groups": _repeat(_record_group_ends, day),
        "organizations": _repeat(_record_organization_ends, day),
        "warnings": sum(_repeat(_warn, day, days) for days in WARNINGS),
    }


def _repeat(step: Callable[..., int], *args: object) -> int:
    """Run a step until it finds nothing more to do."""
    total = 0
    while done := step(*args):
        total += done
    return total


@transaction.atomic
def _record_group_ends(day: date) -> int:
    ended = list(
        GroupMembership.objects.filter(is_end_recorded=False, ends_on__lt=day)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("group")[:BATCH]
    )
    record_many(_group_end(membership) for membership in ended)
    GroupMembership.objects.filter(pk__in=[membership.pk for membership in ended]).update(is_end_recorded=True)
    return len(ended)


def _group_end(membership: GroupMembership) -> Event:
    group = membership.group
    person = User(pk=membership.user_id)
    return entry(
        tag=Tag.MEMBERSHIP_ENDED,
        by=None,
        target=group,
        person=person,
        organization=group.organization_id,
        group=str(group.pk),
        because="end",
    )


@transaction.atomic
def _record_organization_ends(day: date) -> int:
    ended = list(
        OrganizationMembership.objects.filter(is_end_recorded=False, ends_on__lt=day)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("organization")[:BATCH]
    )
    record_many(
        entry(
            tag=Tag.ORGANIZATION_MEMBER_REMOVED,
            by=None,
            target=place.organization,
            person=User(pk=place.user_id),
            organization=place.organization,
            because="end",
        )
        for place in ended
    )
    OrganizationMembership.objects.filter(pk__in=[place.pk for place in ended]).update(is_end_recorded=True)
    return len(ended)


@transaction.atomic
def _warn(day: date, days: int) -> int:
    """Write the mails of one delay; a nearer warning that was already given makes the further one useless."""
    not_yet = Q(warned_at_days__isnull=True) | Q(warned_at_days__gt=days)
    due = list(
        GroupMembership.objects.filter(
            not_yet,
            is_end_recorded=False,
            starts_on__lte=day,
            ends_on__gte=day,
            ends_on__lte=day + timedelta(days=days),
            user__state=User.State.ACTIVE,
        )
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("group", "user")
        .order_by("pk")[:BATCH]
    )
    managers = managers_of({membership.group for membership in due})
    for membership in due:
        tell_ending(membership=membership, managers=managers.get(membership.group_id, []))
    GroupMembership.objects.filter(pk__in=[membership.pk for membership in due]).update(warned_at_days=days)
    return len(due)


def purge_expired_invitations() -> int:
    """Delete invitations that nobody accepted, three months after they could last be used: addresses are personal."""
    long_ago = timezone.now() - FORGET_INVITATIONS_AFTER
    return Invitation.objects.filter(accepted_at__isnull=True, expires_at__lt=long_ago).delete()[0]
