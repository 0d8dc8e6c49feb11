"""Fetching and authorising in one act: what one may not see is not found, what one may not change is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from parvis.directory import policies, registry
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Group, GroupMembership, Invitation, Organization, OrganizationMembership, User
from parvis.lib.images import UnreadableImageError

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def signed_in(request: HttpRequest) -> User:
    """Return the person who asks; the middleware has refused everyone else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def group_of(request: HttpRequest, slug: str) -> Group:
    """Return a group that the viewer may see, or raise Http404."""
    visible = Group.objects.visible_to(request.user).select_related("organization", "parent")
    return get_object_or_404(visible, slug=slug)


def managed_group(request: HttpRequest, slug: str) -> Group:
    """Return a group that the viewer looks after."""
    group = group_of(request, slug)
    refuse_unless(policies.can_manage_group(request.user, group), _("Only the managers of this group may do this."))
    return group


def managed_membership(request: HttpRequest, pk: UUID) -> GroupMembership:
    """Return a membership of a group that the viewer looks after; for others it does not exist."""
    memberships = GroupMembership.objects.select_related("group", "group__organization", "user")
    managed = Group.objects.managed_by(signed_in(request)).values("pk")
    return get_object_or_404(memberships.filter(group__in=managed), pk=pk)


def managed_invitation(request: HttpRequest, pk: UUID) -> Invitation:
    """Return an invitation into a group that the viewer looks after; for others it does not exist."""
    managed = Group.objects.managed_by(signed_in(request)).values("pk")
    return get_object_or_404(Invitation.objects.select_related("group").filter(group__in=managed), pk=pk)


def organization_of(request: HttpRequest, slug: str) -> Organization:
    """Return an organisation, or raise Http404."""
    visible = Organization.objects.visible_to(request.user).select_related("parent")
    found: Organization = get_object_or_404(visible, slug=slug)
    return found


def managed_organization(request: HttpRequest, slug: str) -> Organization:
    """Return an organisation that the viewer looks after."""
    organization = organization_of(request, slug)
    allowed = policies.can_manage_organization(request.user, organization)
    refuse_unless(allowed, _("Only the managers of this organisation may do this."))
    return organization


def managed_place(request: HttpRequest, pk: UUID) -> OrganizationMembership:
    """Return a place in an organisation that the viewer looks after; for others it does not exist."""
    places = OrganizationMembership.objects.select_related("organization", "user")
    managed = Organization.objects.managed_by(signed_in(request)).values("pk")
    return get_object_or_404(places.filter(organization__in=managed), pk=pk)


def person_of(request: HttpRequest, pk: UUID) -> User:
    """Return a person whose card the viewer may see, or raise Http404."""
    person: User = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    return person


def refuse_unless(allowed: bool, reason: str) -> None:  # noqa: FBT001 - the answer of a policy
    """Raise PermissionDenied with words for the person."""
    if not allowed:
        raise PermissionDenied(reason)


def freshly_proven(view: View) -> View:
    """Let accounts ask the person to prove again who they are, when the last proof is old."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for ask in registry.ask_proof:
            if (answer := ask(request)) is not None:
                return answer
        response: HttpResponseBase = view(request, *args, **kwargs)
        return response

    return cast("View", guarded)


def done_or_told(form: Form, action: Callable[[], object]) -> bool:
    """Run an action that the form asks for; put its refusal in the form, and return whether it was done."""
    try:
        action()
    except UnreadableImageError:
        field = next((name for name in ("photo", "logo") if name in form.fields), None)
        form.add_error(field, _("This file is not a picture that we can read. Choose a JPEG, PNG, WebP or GIF."))
    except DirectoryError as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
    return not form.errors
