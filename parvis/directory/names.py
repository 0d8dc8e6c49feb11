"""What the journal calls the directory's objects today."""

from collections.abc import Iterable
from uuid import UUID

from parvis.audit.registry import Named
from parvis.directory.models import Group, Organization, User


def people(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name people; an erased account is called as one and has no page."""
    fields = ("given_name", "family_name", "display_name", "state")
    found = User.objects.filter(pk__in=list(ids)).only(*fields)
    return {
        user.pk: Named(user.name, "" if user.state == User.State.ANONYMISED else user.get_absolute_url())
        for user in found
    }


def organizations(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name organisations."""
    found = Organization.objects.filter(pk__in=list(ids)).only("name", "slug")
    return {organization.pk: Named(organization.name, organization.get_absolute_url()) for organization in found}


def groups(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name groups."""
    found = Group.objects.filter(pk__in=list(ids)).only("name", "slug")
    return {group.pk: Named(group.name, group.get_absolute_url()) for group in found}
