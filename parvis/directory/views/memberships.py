"""The people of a group, for its managers: add, change, end. And leaving, for oneself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.directory import actions
from parvis.directory.forms import MembershipForm
from parvis.directory.models import Invitation, User
from parvis.directory.views.fetching import done_or_told, group_of, managed_group, managed_membership, signed_in
from parvis.directory.views.lists import counted
from parvis.directory.views.menus import group_tabs
from parvis.directory.views.picking import picked_person, search_people
from parvis.lib.paging import page_of
from parvis.web.forms import SearchForm
from parvis.web.nav import Link, with_query

TIMES = ("current", "upcoming", "past")


@require_safe
def group_people(request: HttpRequest, slug: str) -> HttpResponse:
    """List memberships with their dates, and the invitations that wait."""
    group = managed_group(request, slug)
    text = SearchForm(request.GET).text
    asked = request.GET.get("time", "current")
    time = asked if asked in TIMES else "current"
    found = getattr(group.memberships, time)().select_related("user")
    if text:
        found = found.filter(user__in=User.objects.search(text).values("pk"))
    waiting = Invitation.objects.filter(group=group, accepted_at=None, withdrawn_at=None)
    context = {
        "group": group,
        "tabs": group_tabs(request, group, "people"),
        "text": text,
        "time": time,
        "times": [
            Link(label, with_query(request, time=key), current=key == time)
            for key, label in {"current": _("Now"), "upcoming": _("Soon"), "past": _("Before")}.items()
        ],
        "count": counted(found, lambda n: ngettext("%(count)s membership", "%(count)s memberships", n)),
        "page": page_of(found, request.GET, order=("-starts_on", "id"), size=50),
        "invitations": list(waiting.select_related("invited_by")[:100]),
    }
    return render(request, "directory/group_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Find a person, then write their place in the group."""
    group, person = managed_group(request, slug), picked_person(request)
    if person is None:
        return render(request, "directory/membership_pick.html", {"group": group, **search_people(request)})
    form = MembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, data = signed_in(request), form.cleaned_data
        if done_or_told(form, lambda: actions.add_membership(by=by, group=group, user=person, **data)):
            messages.success(request, _("%(person)s now belongs to the group.") % {"person": person})
            return redirect("directory:group-people", group.slug)
    context = {"group": group, "person": person, "form": form, "membership": None}
    return render(request, "directory/membership_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change role, dates or note."""
    membership = managed_membership(request, pk)
    names = ("role", "starts_on", "ends_on", "note")
    form = MembershipForm(request.POST or None, initial={name: getattr(membership, name) for name in names})
    if request.method == "POST" and form.is_valid():
        by, data = signed_in(request), form.cleaned_data
        if done_or_told(form, lambda: actions.change_membership(by=by, membership=membership, **data)):
            messages.success(request, _("Your changes have been saved."))
            return redirect("directory:group-people", membership.group.slug)
    context = {"group": membership.group, "person": membership.user, "form": form, "membership": membership}
    return render(request, "directory/membership_form.html", context)


@require_POST
def membership_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a membership now."""
    membership = managed_membership(request, pk)
    actions.end_membership(by=signed_in(request), membership=membership)
    messages.success(request, _("%(person)s no longer belongs to the group.") % {"person": membership.user})
    return redirect("directory:group-people", membership.group.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def group_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what leaving does, then leave."""
    group = group_of(request, slug)
    if request.method == "POST":
        actions.leave_group(by=signed_in(request), group=group)
        messages.success(request, _("You have left the group %(group)s.") % {"group": group})
        return redirect("directory:my-card")
    return render(request, "directory/group_leave.html", {"group": group})
