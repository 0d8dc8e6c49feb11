"""Inviting by e-mail, and accepting."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parvis.directory import actions, policies
from parvis.directory.actions.invitations import is_for, read_token
from parvis.directory.exceptions import DirectoryError, InvitationUnusableError
from parvis.directory.forms import InvitationForm
from parvis.directory.views.fetching import done_or_told, managed_group, managed_invitation, signed_in

GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite an address; the answer is the same whether or not it has an account."""
    group = managed_group(request, slug)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, data = signed_in(request), form.cleaned_data
        if done_or_told(form, lambda: actions.invite(by=by, group=group, **data)):
            messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": data["address"]})
            return redirect("directory:group-people", group.slug)
    return render(request, "directory/invitation_form.html", {"group": group, "form": form})


@require_POST
def invitation_resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the link again."""
    invitation = managed_invitation(request, pk)
    try:
        actions.resend_invitation(by=signed_in(request), invitation=invitation)
    except DirectoryError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The invitation has been sent again."))
    return redirect("directory:group-people", invitation.group.slug)


@require_POST
def invitation_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the link useless."""
    invitation = managed_invitation(request, pk)
    actions.withdraw_invitation(by=signed_in(request), invitation=invitation)
    messages.success(request, _("The invitation has been withdrawn."))
    return redirect("directory:group-people", invitation.group.slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to who holds its link; joining takes an account that has confirmed the address."""
    try:
        invitation = read_token(token)
    except InvitationUnusableError as refusal:
        return render(request, "directory/invitation_unusable.html", {"reason": refusal.message}, status=GONE)
    is_signed_in = policies.is_member(request.user)
    if request.method == "POST" and is_signed_in:
        return _accept(request, token)
    context = {
        "invitation": invitation,
        "group": invitation.group,
        "is_signed_in": is_signed_in,
        "sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}",
        "is_mine": is_signed_in and is_for(invitation, signed_in(request)),
    }
    return render(request, "directory/invitation_accept.html", context)


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    try:
        membership = actions.accept_invitation(by=signed_in(request), token=token)
    except InvitationUnusableError as refusal:
        return render(request, "directory/invitation_unusable.html", {"reason": refusal.message}, status=GONE)
    except DirectoryError as refusal:
        messages.error(request, refusal.message)
        return redirect(request.path)
    messages.success(request, _("Welcome! You now belong to %(group)s.") % {"group": membership.group})
    return redirect(membership.group)
