"""Who may see, use, register and change applications. `can_*` answers for one, `*_applications` for a set."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from parvis.directory.models import Group, Organization
from parvis.directory.models.group import GroupQuerySet
from parvis.directory.policies import is_member
from parvis.oidc.scopes import DEFAULT_SCOPES, KNOWN, RESTRICTED

if TYPE_CHECKING:
    from parvis.suite.models import Application, ApplicationQuerySet

# A user of the directory, or Django's anonymous user, or nobody.
Viewer = Any
_MAX_ORGANIZATIONS = 200


def organization_ids_of(user: Viewer) -> set[UUID]:
    """Return the organisations that the person belongs to today, and those that these are a part of."""
    return organizations_above(user.standing.organization_ids)


def organizations_above(ids: Iterable[UUID]) -> set[UUID]:
    """Return these organisations and those that they are a part of, with one statement a level."""
    found, level = set(ids), set(ids)
    while level and len(found) < _MAX_ORGANIZATIONS:
        parents = Organization.objects.filter(pk__in=level, parent__isnull=False).values_list("parent_id", flat=True)
        level = set(parents) - found
        found |= level
    return found


def organizations_below(ids: Iterable[UUID]) -> set[UUID]:
    """Return these organisations and those that are a part of them, with one statement a level."""
    found = level = set(ids)
    while level:
        level = set(Organization.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - found
        found = found | level
    return found


def managed_groups(user: Viewer) -> GroupQuerySet:
    """Return the open groups that the person looks after today; all of them for an operator."""
    if not is_member(user):
        return Group.objects.none()
    groups: GroupQuerySet = Group.objects.open()
    return groups if user.is_staff else groups.filter(pk__in=user.standing.managed_group_ids)


def usable_applications(queryset: "ApplicationQuerySet", user: Viewer) -> "ApplicationQuerySet":
    """Return the applications in service that menus offer to the person: what they may use, unless it is unlisted."""
    return queryset.open().filter(_usable(queryset, user)) if is_member(user) else queryset.none()


def _usable(queryset: "ApplicationQuerySet", user: Viewer) -> Q:
    groups, organizations = user.standing.group_ids_with_those_above, organization_ids_of(user)
    named = Q(entitlements__group__in=groups) | Q(entitlements__organization__in=organizations)
    entitled = queryset.model.objects.filter(named)
    return Q(audience="network") | Q(audience="chosen", pk__in=entitled.values("pk")) | Q(owner__in=groups)


def visible_applications(queryset: "ApplicationQuerySet", viewer: Viewer) -> "ApplicationQuerySet":
    """Return the applications whose card the viewer may open; closed ones only for those who look after them."""
    public = Q(state="open", is_public=True) & ~Q(audience="unlisted")
    if not is_member(viewer):
        return queryset.filter(public)
    if viewer.is_staff:
        return queryset
    looked_after = Q(owner__in=viewer.standing.managed_group_ids)
    return queryset.filter(public | (Q(state="open") & _usable(queryset, viewer)) | looked_after)


def can_see(viewer: Viewer, application: "Application") -> bool:
    """Say whether the viewer may open the card."""
    return type(application).objects.visible_to(viewer).filter(pk=application.pk).exists()


def can_use(user: Viewer, application: "Application") -> bool:
    """Say whether menus offer the application to the person: what the launcher shows."""
    return type(application).objects.usable_by(user).filter(pk=application.pk).exists()


def can_open(user: Viewer, application: "Application") -> bool:
    """Say whether sign-in lets the person in: what menus offer, and what is in nobody's menu."""
    return is_member(user) and application.is_open and (application.is_unlisted or can_use(user, application))


def can_register(user: Viewer) -> bool:
    """Say whether the person may add an application: operators, and whoever manages a group, for that group."""
    return is_member(user) and (user.is_staff or managed_groups(user).exists())


def can_edit(user: Viewer, application: "Application") -> bool:
    """Say whether the person may change the application, its sign-in settings and its secret."""
    if not is_member(user):
        return False
    return bool(user.is_staff or application.owner_id in user.standing.managed_group_ids)


def can_trust(user: Viewer) -> bool:
    """Say whether the person may skip consent for an application or grant it scopes that are not for all."""
    return is_member(user) and bool(user.is_staff)


def grantable_scopes(user: Viewer) -> frozenset[str]:
    """Return the scopes that the person may let an application ask for: operators all, others the usual ones."""
    return KNOWN if can_trust(user) else frozenset(DEFAULT_SCOPES) - RESTRICTED
