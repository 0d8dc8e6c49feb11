"""Creating, editing, moving, closing a group."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.directory import actions, policies
from parvis.directory.exceptions import DirectoryError
from parvis.directory.forms import GroupCreateForm, GroupForm
from parvis.directory.models import Group, Organization
from parvis.directory.models.group import groups_below
from parvis.directory.views.fetching import done_or_told, managed_group, refuse_unless, signed_in
from parvis.web.forms import SearchForm

FIELDS = ("name", "kind", "description", "organization", "visibility")
SHOWN = 20
_SLUG = re.compile("[-0-9A-Za-z_]{1,100}")


@require_http_methods(["GET", "HEAD", "POST"])
def group_create(request: HttpRequest) -> HttpResponse:
    """Create a group under the one whose page one comes from, or in an organisation that one looks after."""
    by = signed_in(request)
    parent = None
    if slug := request.GET.get("parent", ""):
        parent = get_object_or_404(Group.objects.visible_to(by).select_related("organization"), slug=slug[:100])
    may = policies.can_manage_group(by, parent) if parent else policies.can_create_some_group(by)
    refuse_unless(may, _("Only managers of an organisation or of a group create groups there."))
    asked = Organization.objects.managed_by(by).filter(slug=request.GET.get("organization", "")[:100]).first()
    organization = asked or (parent.organization if parent else None)
    form = GroupCreateForm(request.POST or None, by=by, parent=parent, initial={"organization": organization})
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in FIELDS}
        identifier = form.identifier
        if done_or_told(
            form, lambda: actions.create_group(by=by, id=identifier, parent=parent, with_me=not by.is_staff, **fields)
        ):
            return redirect(get_object_or_404(Group.objects.visible_to(by), pk=identifier))
    return render(request, "directory/group_form.html", {"form": form, "group": None, "parent": parent})


@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit what a group is."""
    group, by = managed_group(request, slug), signed_in(request)
    initial = {name: getattr(group, name) for name in FIELDS}
    form = GroupForm(request.POST or None, by=by, group=group, initial=initial)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in FIELDS}
        if done_or_told(form, lambda: actions.edit_group(by=by, group=group, **changes)):
            messages.success(request, _("Your changes have been saved."))
            return redirect(group)
    return render(request, "directory/group_form.html", {"form": form, "group": group, "parent": group.parent})


@require_http_methods(["GET", "HEAD", "POST"])
def group_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the group above."""
    group, by = managed_group(request, slug), signed_in(request)
    if request.method == "POST":
        return _move(request, group)
    text = SearchForm(request.GET).text
    places = Group.objects.managed_by(by).open().search(text).exclude(pk__in=groups_below([group.pk]))
    found = list(
        places.exclude(pk__in=[group.parent_id] if group.parent_id else []).select_related("organization")[: SHOWN + 1]
    )
    context = {
        "group": group,
        "text": text,
        "found": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "can_leave": group.parent_id is not None and policies.can_move_group(by, group, None),
    }
    return render(request, "directory/group_move.html", context)


def _move(request: HttpRequest, group: Group) -> HttpResponse:
    by = signed_in(request)
    parent = None
    if slug := request.POST.get("parent", ""):
        parent = get_object_or_404(Group.objects.visible_to(by), slug=slug if _SLUG.fullmatch(slug) else "")
    refuse_unless(
        policies.can_move_group(by, group, parent),
        _("To move a group, you need to manage it, the group that it leaves and the group that it joins."),
    )
    try:
        actions.move_group(by=by, group=group, parent=parent)
    except DirectoryError as refusal:
        messages.error(request, refusal.message)
        return redirect("directory:group-move", group.slug)
    messages.success(request, _("The group has been moved."))
    return redirect(group)


@require_http_methods(["GET", "HEAD", "POST"])
def group_close(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what closing does, then close."""
    group = managed_group(request, slug)
    if request.method == "POST":
        try:
            actions.close_group(by=signed_in(request), group=group)
        except DirectoryError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The group is closed. Its page and its history stay."))
        return redirect(group)
    context = {
        "group": group,
        "members": group.memberships.current().count(),
        "children": group.children.open().count(),
    }
    return render(request, "directory/group_close.html", context)
