"""Who may see and change what in the directory: `can_*` answers for one object, `visible_*` for a set.

The rules in words, which `tests/directory/test_policies.py` holds for each role:

- Signed-out people see organisations and public groups, and no person.
- A person's card is seen by everyone who is signed in, or by their colleagues only, as they choose. Colleagues belong
  to one organisation, to one group, or to two groups of which one is above the other. Suspended accounts are seen by
  operators, erased ones by nobody.
- E-mail address and phone number each have an audience of their own; `nobody` leaves the person and operators.
- A group is seen by everyone, by the network, or by its members; a member of a group is a member of those above it.
- Managers of a group manage the groups below. Managers of an organisation manage that organisation and its groups, and
  never the organisations below it. Operators manage everything. Nobody gives what they do not have.
"""

from typing import TYPE_CHECKING, TypeGuard, TypeVar, Union

from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from parvis.directory.models import Group, Organization, User
    from parvis.directory.models.group import GroupQuerySet
    from parvis.directory.models.organization import OrganizationQuerySet
    from parvis.directory.models.user import UserQuerySet

    People = TypeVar("People", bound=UserQuerySet)
    Groups = TypeVar("Groups", bound=GroupQuerySet)
    Organizations = TypeVar("Organizations", bound=OrganizationQuerySet)
    Viewer = Union[User, AnonymousUser, None]  # noqa: UP007 - names that exist for the type checker only


def is_member(viewer: "Viewer") -> 'TypeGuard["User"]':
    """Say whether the viewer is signed in to an active account."""
    return viewer is not None and viewer.is_authenticated and viewer.is_active


# --- People ----------------------------------------------------------------------------------------------------------
def _colleagues(viewer: "User") -> Q:
    """Return the condition "shares an organisation or a line of groups with the viewer", as sub-queries."""
    in_groups, in_organizations = viewer.standing.colleague_places()
    return Q(pk__in=in_groups.values("user_id")) | Q(pk__in=in_organizations.values("user_id"))


def are_colleagues(viewer: "User", person: "User") -> bool:
    """Say whether the two share an organisation, a group, or a line of groups today."""
    mine, theirs = viewer.standing, person.standing
    return bool(mine.organization_ids & theirs.organization_ids or mine.circle_group_ids & theirs.group_ids)


def can_see_user(viewer: "Viewer", person: "User") -> bool:
    """Say whether the viewer may open the person's card."""
    if not is_member(viewer) or person.state == "anonymised":
        return False
    if viewer.is_staff or viewer.pk == person.pk:
        return True
    if person.state != "active":
        return False
    return person.card_audience == "network" or are_colleagues(viewer, person)


def visible_users(people: "People", viewer: "Viewer") -> "People":
    """Return the people whose card the viewer may open."""
    if not is_member(viewer):
        return people.none()
    if viewer.is_staff:
        return people.exclude(state="anonymised")
    seen = Q(card_audience="network") | Q(pk=viewer.pk)
    if viewer.standing.circle_group_ids or viewer.standing.organization_ids:
        seen |= _colleagues(viewer)
    return people.filter(seen, state="active")


def _in_audience(viewer: "Viewer", person: "User", audience: str) -> bool:
    if not is_member(viewer) or not can_see_user(viewer, person):
        return False
    if viewer.is_staff or viewer.pk == person.pk or audience == "network":
        return True
    return audience == "teams" and are_colleagues(viewer, person)


def can_see_email(viewer: "Viewer", person: "User") -> bool:
    """Say whether the viewer may read the person's e-mail address."""
    return _in_audience(viewer, person, person.email_audience)


def can_see_phone(viewer: "Viewer", person: "User") -> bool:
    """Say whether the viewer may read the person's phone number."""
    return _in_audience(viewer, person, person.phone_audience)


def visible_contacts(people: "People", viewer: "Viewer", audience_field: str) -> "People":
    """Return the people whose `email_audience` or `phone_audience` lets the viewer read that contact."""
    seen = visible_users(people, viewer)
    if not is_member(viewer) or viewer.is_staff:
        return seen
    colleagues = Q(**{audience_field: "teams"}) & _colleagues(viewer)
    return seen.filter(Q(**{audience_field: "network"}) | Q(pk=viewer.pk) | colleagues)


def can_edit_user(by: "Viewer", person: "User") -> bool:
    """Say whether `by` may edit the person's profile: oneself, or an operator."""
    return is_member(by) and person.state != "anonymised" and (by.pk == person.pk or by.is_staff)


def can_administer_user(by: "Viewer", person: "User") -> bool:
    """Say whether `by` may suspend, reactivate or erase the account of someone else: operators only."""
    return is_member(by) and by.is_staff and by.pk != person.pk


def can_erase_user(by: "Viewer", person: "User") -> bool:
    """Say whether `by` may erase the account: oneself unless one is an operator, or an operator for someone else."""
    return can_administer_user(by, person) or (is_member(by) and by.pk == person.pk and not by.is_staff)


# --- Groups ----------------------------------------------------------------------------------------------------------
def can_see_group(viewer: "Viewer", group: "Group") -> bool:
    """Say whether the viewer may know that the group exists, and open its page."""
    if group.visibility == "public":
        return True
    if not is_member(viewer):
        return False
    if group.visibility == "network" or viewer.is_staff:
        return True
    return group.pk in viewer.standing.group_ids_with_those_above or group.pk in viewer.standing.managed_group_ids


def visible_groups(groups: "Groups", viewer: "Viewer") -> "Groups":
    """Return the groups that the viewer may open."""
    if not is_member(viewer):
        return groups.filter(visibility="public")
    if viewer.is_staff:
        return groups
    standing = viewer.standing
    own = standing.group_ids_with_those_above | standing.managed_group_ids
    return groups.filter(Q(visibility__in=["public", "network"]) | Q(pk__in=own))


def can_see_group_members(viewer: "Viewer", group: "Group") -> bool:
    """Say whether the viewer may read the names of the group's members, each as far as the person's card is seen."""
    return is_member(viewer) and can_see_group(viewer, group)


def can_manage_group(by: "Viewer", group: "Group") -> bool:
    """Say whether `by` may edit the group, its members and its invitations."""
    return is_member(by) and (by.is_staff or group.pk in by.standing.managed_group_ids)


def can_create_group(by: "Viewer", *, parent: "Group | None", organization: "Organization | None") -> bool:
    """Say whether `by` may create a group there: they manage all that would be above it, and something is."""
    if not is_member(by):
        return False
    if by.is_staff:
        return True
    if parent is not None and not can_manage_group(by, parent):
        return False
    return can_place_in_organization(by, organization, parent) and (parent is not None or organization is not None)


def can_place_in_organization(by: "User", organization: "Organization | None", parent: "Group | None") -> bool:
    """Say whether `by` may write that a group belongs to the organisation: its manager, or as the group above does."""
    return (
        organization is None
        or can_manage_organization(by, organization)
        or (parent is not None and parent.organization_id == organization.pk)
    )


def can_move_group(by: "Viewer", group: "Group", parent: "Group | None") -> bool:
    """Say whether `by` may put the group under another: they manage the group, the one it leaves and the one it joins.

    Otherwise a manager could take a group from those who look after it, or make its members members of a group that
    grants more. Only operators and managers of the group's own organisation may leave it under no group.
    """
    if not (is_member(by) and can_manage_group(by, group)):
        return False
    if by.is_staff:
        return True
    managed = by.standing.managed_group_ids
    if group.parent_id is not None and group.parent_id not in managed:
        return False
    if parent is None:
        return group.organization_id in by.standing.managed_organization_ids
    return parent.pk in managed


def can_create_some_group(by: "Viewer") -> bool:
    """Say whether there is any place where `by` may create a group: whether to show them the button."""
    if not is_member(by):
        return False
    return by.is_staff or bool(by.standing.managed_organization_ids or by.standing.managed_group_ids)


# --- Organisations ---------------------------------------------------------------------------------------------------
def can_see_organization(_viewer: "Viewer", _organization: "Organization") -> bool:
    """Say that organisations are public."""
    return True


def visible_organizations(organizations: "Organizations", _viewer: "Viewer") -> "Organizations":
    """Return all: organisations are public."""
    return organizations


def can_manage_organization(by: "Viewer", organization: "Organization") -> bool:
    """Say whether `by` may edit the organisation, its people and its domains: its own manager, or an operator."""
    return is_member(by) and (by.is_staff or organization.pk in by.standing.managed_organization_ids)


def can_create_organization(by: "Viewer") -> bool:
    """Say whether `by` may create organisations and place them under one another: operators only."""
    return is_member(by) and by.is_staff


def can_set_domain(by: "Viewer") -> bool:
    """Say whether `by` may give an e-mail domain to an organisation without a DNS record: operators only."""
    return is_member(by) and by.is_staff
