"""What the directory's pages read, in a number of queries that does not grow with what they show."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, QuerySet

from parvis.directory.models import Group, GroupMembership, Organization, OrganizationMembership, User
from parvis.directory.models.dated import DatedQuerySet
from parvis.directory.models.group import GroupQuerySet, groups_below
from parvis.directory.models.user import UserQuerySet

Viewer = User | AnonymousUser
COUNT_CAP = 10_000
_Row = TypeVar("_Row", bound=Any)


def capped_count(rows: QuerySet[Any]) -> int:
    """Count up to one more than the cap: beyond it, pages say "more than"."""
    return rows.order_by()[: COUNT_CAP + 1].count()


# --- People ----------------------------------------------------------------------------------------------------------
def people(
    viewer: Viewer, *, text: str = "", organization: Organization | None = None, group: Group | None = None
) -> UserQuerySet:
    """Return the people that the viewer may see; a group counts those of the groups below it too."""
    found = User.objects.visible_to(viewer).search(text)
    if organization is not None:
        places = OrganizationMembership.objects.current().filter(organization=organization)
        found = found.filter(pk__in=places.values("user_id"))
    if group is not None:
        below = Group.objects.visible_to(viewer).filter(pk__in=groups_below([group.pk]))
        places_in_groups = GroupMembership.objects.current().filter(group__in=below.values("pk"))
        found = found.filter(pk__in=places_in_groups.values("user_id"))
    return found


def with_organizations(rows: UserQuerySet) -> UserQuerySet:
    """Prefetch each person's current organisations as `current_places`."""
    places = OrganizationMembership.objects.current().select_related("organization")
    return rows.prefetch_related(Prefetch("organization_memberships", queryset=places, to_attr="current_places"))


def groups_of(person: User, viewer: Viewer) -> list[GroupMembership]:
    """Return a person's memberships of every time, in the groups that the viewer may see, the latest first."""
    visible = Group.objects.visible_to(viewer).values("pk")
    return list(person.memberships.filter(group__in=visible).select_related("group", "group__organization"))


# --- Members -----------------------------------------------------------------------------------------------------------
def members(memberships: DatedQuerySet[_Row], viewer: Viewer) -> DatedQuerySet[_Row]:
    """Return memberships with their people, as far as the viewer may see those; managers first, then by name."""
    seen = memberships.filter(user__in=User.objects.visible_to(viewer).values("pk"))
    return seen.select_related("user").order_by("-role", "user__sort_key", "id")


def sized_groups(groups: Iterable[Group]) -> list[tuple[Group, int]]:
    """Return each group with how many people it has today, with one query."""
    shown = list(groups)
    rows = GroupMembership.objects.current().filter(group__in=[group.pk for group in shown])
    sizes: dict[UUID, int] = dict(rows.order_by().values_list("group_id").annotate(Count("user_id", distinct=True)))
    return [(group, sizes.get(group.pk, 0)) for group in shown]


def sized_organizations(organizations: Iterable[Organization]) -> list[tuple[Organization, int]]:
    """Return each organisation with how many people it has today, with one query."""
    shown = list(organizations)
    rows = OrganizationMembership.objects.current().filter(organization__in=[one.pk for one in shown])
    sizes: dict[UUID, int] = dict(rows.order_by().values_list("organization_id").annotate(Count("user_id", distinct=True)))
    return [(one, sizes.get(one.pk, 0)) for one in shown]


# --- Groups and organisations ------------------------------------------------------------------------------------------
def groups(
    viewer: Viewer,
    *,
    text: str = "",
    organization: Organization | None = None,
    parent: Group | None = None,
    is_closed: bool = False,
) -> GroupQuerySet:
    """Return the groups that the viewer may see; of a parent, those directly below it."""
    found = Group.objects.visible_to(viewer).filter(closed_on__isnull=not is_closed).search(text)
    if organization is not None:
        found = found.filter(organization=organization)
    if parent is not None:
        found = found.filter(parent=parent)
    return found


def kind_counts(rows: QuerySet[Any]) -> dict[str, int]:
    """Return how many rows there are of each kind."""
    return dict(rows.order_by().values_list("kind").annotate(Count("pk")))


def choices_beside(rows: QuerySet[_Row], chosen: _Row | None, limit: int = 300) -> Sequence[_Row]:
    """Return rows for a choice, in their order, with the chosen one even when it comes after the limit."""
    found = list(rows[:limit])
    if chosen is not None and chosen not in found:
        found.append(chosen)
    return found
