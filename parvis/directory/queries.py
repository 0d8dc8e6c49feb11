"""What the directory's pages read, in a number of queries that does not grow with what they show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from parvis.directory.models import Group, GroupMembership, Organization, OrganizationMembership, User
from parvis.directory.models.dated import DatedQuerySet
from parvis.directory.models.group import GroupQuerySet, groups_below
from parvis.directory.models.user import UserQuerySet
from parvis.lib.paging import KeysetPage, page_of, page_of_keys

Viewer = User | AnonymousUser
MANY = 2_500
"""Up to here a search is read whole, and counted exactly; beyond it pages say "more than"."""
COUNT_CAP = 10_000
"""Up to here a list without a search is counted exactly."""
_Row = TypeVar("_Row", bound=Any)


def capped_count(rows: QuerySet[Any]) -> int:
    """Count up to one more than the cap."""
    return rows.order_by()[: COUNT_CAP + 1].count()


# --- People ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PeopleSearch:
    """Whom the viewer looks for: words, an organisation, a group with those below it."""

    viewer: Viewer
    text: str = ""
    organization: Organization | None = None
    group: Group | None = None

    @property
    def is_narrow(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.text.strip() or self.organization or self.group)

    def rows(self) -> UserQuerySet:
        """Return the people, found by the indexes of what is asked for: for results that are few, or in no order.

        Beside an organisation or a group the words are read in its people, whom their own index finds. The joins give
        them as they come, where a list of identifiers would be made whole first; somebody in two teams comes twice.
        """
        found: UserQuerySet = User.objects.visible_to(self.viewer)
        found = found.search(self.text, by_index=not (self.organization or self.group))
        if self.organization is not None:
            holds = OrganizationMembership.holds_on(prefix="organization_memberships__")
            found = found.filter(holds, organization_memberships__organization=self.organization)
        if self.group is not None:
            holds = GroupMembership.holds_on(prefix="memberships__")
            found = found.filter(holds, memberships__group__in=self._groups())
        return found

    def rows_in_order(self) -> UserQuerySet:
        """Return the same people for a walk through the list that stops after a page: for results that are many."""
        found: UserQuerySet = User.objects.visible_to(self.viewer).search(self.text, by_index=False)
        if self.organization is not None:
            places = OrganizationMembership.objects.current().filter(organization=self.organization)
            found = found.filter(Exists(places.filter(user_id=OuterRef("pk"))))
        if self.group is not None:
            memberships = GroupMembership.objects.current().filter(group__in=self._groups())
            found = found.filter(Exists(memberships.filter(user_id=OuterRef("pk"))))
        return found

    def _groups(self) -> list[UUID]:
        """Return the group and those below it that the viewer may see."""
        below = groups_below([self.group.pk]) if self.group else set()
        return list(Group.objects.visible_to(self.viewer).filter(pk__in=below).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """A page of people, and how many there are: exactly, or more than so many."""

    page: KeysetPage[User]
    count: int
    is_more: bool = False


def people(viewer: Viewer, *, text: str = "") -> UserQuerySet:
    """Return the people that the viewer may see, found by words."""
    return PeopleSearch(viewer, text).rows()


def find_people(search: PeopleSearch, query: Any, *, size: int) -> FoundPeople:
    """Return the page that the address asks for, with few rows read however many people there are.

    A planner cannot know whether to follow the order of the list or the index of a word: it depends on how many match.
    So the keys of up to MANY matches are read in no order. When that is all of them, the page is cut from these keys;
    when there are more, following the order meets enough of them soon.
    """
    if not search.is_narrow:
        page = page_of(with_organizations(search.rows()), query, size=size)
        count = _everyone(search.viewer)
        return FoundPeople(page, min(count, COUNT_CAP), is_more=count > COUNT_CAP)
    found = list(search.rows().order_by().values_list("sort_key", "pk")[: MANY + 1])
    keys = list(set(found))
    if len(found) > MANY:
        return FoundPeople(page_of(with_organizations(search.rows_in_order()), query, size=size), MANY, is_more=True)
    page = page_of_keys(keys, query, User, lambda ids: with_organizations(User.objects.filter(pk__in=ids)), size=size)
    return FoundPeople(page, len(keys))


def _everyone(viewer: Viewer) -> int:
    """Count up to the cap; a large network is counted by an index that holds all that the question needs."""
    shown_to_all = User.objects.active().filter(card_audience=User.Audience.NETWORK)
    count = shown_to_all.order_by().values_list("state")[: COUNT_CAP + 1].count()
    return count if count > COUNT_CAP else capped_count(User.objects.visible_to(viewer))


def with_organizations(rows: UserQuerySet) -> UserQuerySet:
    """Prefetch each person's current organisations as `current_places`."""
    places = OrganizationMembership.objects.current().select_related("organization")
    return rows.prefetch_related(Prefetch("organization_memberships", queryset=places, to_attr="current_places"))


def groups_of(person: User, viewer: Viewer) -> list[GroupMembership]:
    """Return a person's memberships of every time, in the groups that the viewer may see, the latest first."""
    visible = Group.objects.visible_to(viewer).values("pk")
    return list(person.memberships.filter(group__in=visible).select_related("group", "group__organization"))


# --- Members ---------------------------------------------------------------------------------------------------------
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


def size_with_those_below(group: Group, viewer: Viewer) -> int:
    """Return how many people the group and those below it have today, as far as the viewer may see these groups."""
    below = Group.objects.visible_to(viewer).filter(pk__in=groups_below([group.pk])).values("pk")
    return GroupMembership.objects.current().filter(group__in=below).order_by().values("user_id").distinct().count()


def sized_organizations(organizations: Iterable[Organization]) -> list[tuple[Organization, int]]:
    """Return each organisation with how many people it has today, with one query."""
    shown = list(organizations)
    rows = OrganizationMembership.objects.current().filter(organization__in=[one.pk for one in shown])
    sizes: dict[UUID, int] = dict(
        rows.order_by().values_list("organization_id").annotate(Count("user_id", distinct=True))
    )
    return [(one, sizes.get(one.pk, 0)) for one in shown]


# --- Groups and organisations ----------------------------------------------------------------------------------------
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
