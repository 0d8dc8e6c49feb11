"""What the home shows of every other app, with few statements."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.queries import Line, readable
from parvis.directory.models import Email, Group, GroupMembership, Invitation, Organization, User

SOON = dt.timedelta(days=30)
FIGURES_FOR = 300
# What people do all day is not news.
NOT_NEWS = ("session.", "grant.", "token.", "client.", "key.")


class Figures(NamedTuple):
    """How large the network is, and when it was counted."""

    people: int
    organizations: int
    groups: int
    counted_at: dt.datetime


def figures() -> Figures:
    """Count the directory, at most once in five minutes: the page that shows it is the one that everyone opens."""
    found: Figures | None = cache.get("home:figures")
    if found is None:
        found = Figures(
            User.objects.active().count(),
            Organization.objects.count(),
            Group.objects.open().count(),
            timezone.now(),
        )
        cache.set("home:figures", found, FIGURES_FOR)
    return found


def public_groups(limit: int) -> list[Group]:
    """Return public groups, those with the most people first."""
    today = timezone.localdate()
    holds = Q(memberships__starts_on__lte=today) & (
        Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today)
    )
    groups = Group.objects.open().filter(visibility=Group.Visibility.PUBLIC)
    counted = groups.annotate(people=Count("memberships", filter=holds)).order_by("-people", "sort_key")
    return list(counted.select_related("organization")[:limit])


def my_memberships(user: User) -> list[GroupMembership]:
    """Return the person's places in open groups today, by group name."""
    mine = user.memberships.current().filter(group__closed_on__isnull=True)
    return list(mine.select_related("group", "group__organization").order_by("group__sort_key"))


def ending_soon(memberships: Iterable[GroupMembership]) -> list[GroupMembership]:
    """Return those that end within a month, the nearest first."""
    limit = timezone.localdate() + SOON
    soon = [one for one in memberships if one.ends_on is not None and one.ends_on <= limit]
    return sorted(soon, key=lambda one: (one.ends_on, one.group.sort_key))


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Return the invitations that wait at the person's confirmed addresses."""
    addresses = Email.objects.filter(user=user, verified_at__isnull=False).values("canonical")
    waiting = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    return waiting.filter(canonical__in=addresses, expires_at__gt=timezone.now()).select_related("group", "invited_by")


def news_for(user: User, groups: Iterable[Group], limit: int = 8) -> list[Line]:
    """Return what happened lately to the person and to their groups, newest first, in sentences."""
    quiet = Q()
    for prefix in NOT_NEWS:
        quiet |= Q(tag__startswith=prefix)
    # Two look-ups that each have their index, rather than one OR that has none.
    about_me = Event.objects.about(user.pk).exclude(quiet).order_by("-id")[:limit]
    mine = [group.pk for group in groups]
    in_groups = Event.objects.filter(target_id__in=mine).exclude(quiet).order_by("-id")[:limit]
    found = {event.pk: event for event in [*about_me, *in_groups]}
    return readable(sorted(found.values(), key=lambda event: event.pk, reverse=True)[:limit])
