"""The views of one organisation or group, as tabs for those who look after it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.directory import policies
from parvis.directory.models import Group, Organization
from parvis.web.nav import Link


def organization_tabs(request: HttpRequest, organization: Organization, here: str) -> list[Link]:
    """Return the tabs of an organisation; nothing for those who only read it."""
    if not policies.can_manage_organization(request.user, organization):
        return []
    views = {
        "overview": (_("Overview"), "directory:organization-detail"),
        "people": (_("People"), "directory:organization-people"),
        "domains": (_("E-mail domains"), "directory:domain-list"),
        "journal": (_("Journal"), "directory:organization-journal"),
    }
    return [
        Link(label, reverse(name, args=[organization.slug]), current=key == here)
        for key, (label, name) in views.items()
    ]


def group_tabs(request: HttpRequest, group: Group, here: str) -> list[Link]:
    """Return the tabs of a group; nothing for those who only read it."""
    if not policies.can_manage_group(request.user, group):
        return []
    views = {
        "overview": (_("Overview"), "directory:group-detail"),
        "people": (_("People"), "directory:group-people"),
        "journal": (_("Journal"), "directory:group-journal"),
    }
    return [Link(label, reverse(name, args=[group.slug]), current=key == here) for key, (label, name) in views.items()]
