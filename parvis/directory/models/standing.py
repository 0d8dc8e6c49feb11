"""Where a person stands today: what they belong to and look after. Policies read nothing else about a viewer."""

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from parvis.directory.models.dated import DatedMembership
from parvis.directory.models.group import (
    Group,
    GroupMembership,
    GroupMembershipQuerySet,
    groups_above,
    groups_below,
)
from parvis.directory.models.organization import OrganizationMembership, OrganizationMembershipQuerySet

if TYPE_CHECKING:
    from parvis.directory.models.user import User

MANAGER = DatedMembership.Role.MANAGER


class Standing:
    """A person's places of today, each read once and only when a policy asks."""

    def __init__(self, user: "User") -> None:
        self._user = user

    @cached_property
    def _groups(self) -> dict[UUID, str]:
        return dict(self._user.memberships.current().values_list("group_id", "role"))

    @cached_property
    def _organizations(self) -> dict[UUID, str]:
        return dict(self._user.organization_memberships.current().values_list("organization_id", "role"))

    @property
    def group_ids(self) -> set[UUID]:
        """The groups in which the person has a place of their own."""
        return set(self._groups)

    @property
    def organization_ids(self) -> set[UUID]:
        """The organisations to which the person belongs."""
        return set(self._organizations)

    @cached_property
    def group_ids_with_those_above(self) -> set[UUID]:
        """The groups of which the person is a member: their own and every group above."""
        return groups_above(self._groups)

    @cached_property
    def circle_group_ids(self) -> set[UUID]:
        """The groups whose members are the person's colleagues: their own, those above and those below.

        Two sister teams of one incubator are no colleagues by that alone: otherwise a group at the top of the network
        would make everyone a colleague of everyone.
        """
        return self.group_ids_with_those_above | groups_below(self._groups)

    def colleague_places(self) -> tuple[GroupMembershipQuerySet, OrganizationMembershipQuerySet]:
        """Return the places of today that make someone a colleague: in the circle of groups, in the organisations."""
        return (
            GroupMembership.objects.current().filter(group_id__in=self.circle_group_ids),
            OrganizationMembership.objects.current().filter(organization_id__in=self.organization_ids),
        )

    @cached_property
    def managed_organization_ids(self) -> set[UUID]:
        """The organisations that the person looks after: exactly those, never the ones that are a part of them."""
        return {organization for organization, role in self._organizations.items() if role == MANAGER}

    @cached_property
    def managed_group_ids(self) -> set[UUID]:
        """The groups that the person looks after.

        Who manages a group manages those below it, as an incubator's manager does its teams. Who manages an
        organisation manages its groups and those below, as long as these belong to no other organisation.
        """
        own = groups_below(group for group, role in self._groups.items() if role == MANAGER)
        organizations = self.managed_organization_ids
        if not organizations:
            return own
        roots = Group.objects.filter(organization_id__in=organizations).values_list("pk", flat=True)
        return own | groups_below(roots, organizations=organizations)
