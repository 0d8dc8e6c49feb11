"""Groups: list, page, journal."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parvis.audit.models import Event
from parvis.audit.queries import readable
from parvis.directory import policies, queries
from parvis.directory.models import Group, Organization
from parvis.directory.models.group import groups_above
from parvis.directory.views.fetching import group_of, managed_group
from parvis.directory.views.lists import chip, counted
from parvis.directory.views.menus import group_tabs
from parvis.lib.paging import page_of
from parvis.web.forms import SearchForm
from parvis.web.nav import facet_options, with_query

SHOWN_MEMBERS = 60
SHOWN_GROUPS = 24
FILTERS = ("kind", "organization", "parent", "state")


@login_not_required
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Search groups by name, of a kind, an organisation or a group above; closed ones on demand."""
    text = SearchForm(request.GET).text
    organization = Organization.objects.filter(slug=request.GET.get("organization", "")[:100]).first()
    parent = Group.objects.visible_to(request.user).filter(slug=request.GET.get("parent", "")[:100]).first()
    is_closed = request.GET.get("state") == "closed"
    kinds = dict(Group.Kind.choices)
    kind = request.GET.get("kind", "")
    searched = queries.groups(request.user, text=text, organization=organization, parent=parent, is_closed=is_closed)
    found = searched.filter(kind=kind) if kind in kinds else searched
    counts = queries.kind_counts(searched)
    page = page_of(found.select_related("organization"), request.GET, size=24)
    context = {
        "text": text,
        "count": counted(found, lambda n: ngettext("%(count)s group", "%(count)s groups", n)),
        "page": page,
        "rows": queries.sized_groups(page.items),
        "kinds": facet_options(request, "kind", {one: kinds[one] for one in kinds if counts.get(one)}, counts),
        "is_closed": is_closed,
        "kept": [(name, request.GET[name]) for name in FILTERS if name in request.GET],
        "other_state": with_query(request, state=None if is_closed else "closed"),
        "chips": [
            *([chip(request, "kind", kinds[kind])] if kind in kinds else []),
            *([chip(request, "organization", organization)] if organization else []),
            *([chip(request, "parent", parent)] if parent else []),
        ],
        "can_create": policies.can_create_some_group(request.user),
    }
    return render(request, "directory/group_list.html", context)


@login_not_required
@require_safe
def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a group; its members are shown to those who are signed in."""
    group = group_of(request, slug)
    viewer = request.user
    children = queries.groups(viewer, parent=group)
    shown = list(children.select_related("organization")[:SHOWN_GROUPS])
    (_group, size), *children_sized = queries.sized_groups([group, *shown])
    sees_members = policies.can_see_group_members(viewer, group)
    members = list(queries.members(group.memberships.current(), viewer)[:SHOWN_MEMBERS]) if sees_members else []
    context = {
        "group": group,
        "tabs": group_tabs(request, group, "overview"),
        "above": list(Group.objects.visible_to(viewer).filter(pk__in=groups_above([group.pk]) - {group.pk})),
        "children": children_sized,
        "children_count": children.count(),
        "size": size,
        "size_below": queries.size_with_those_below(group, viewer),
        "sees_members": sees_members,
        "members": members,
        "is_own": policies.is_member(viewer) and group.pk in viewer.standing.group_ids,
        "upcoming": list(queries.members(group.memberships.upcoming(), viewer)[:SHOWN_MEMBERS]) if sees_members else [],
        "past": list(queries.members(group.memberships.past(), viewer)[:SHOWN_MEMBERS]) if sees_members else [],
        "can_manage": policies.can_manage_group(viewer, group),
    }
    return render(request, "directory/group_detail.html", context)


@require_safe
def group_journal(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the group's managers what happened in it."""
    group = managed_group(request, slug)
    page = page_of(Event.objects.on(group), request.GET, order=("-id",), size=50)
    context = {
        "group": group,
        "tabs": group_tabs(request, group, "journal"),
        "page": page,
        "lines": readable(page.items),
    }
    return render(request, "directory/group_journal.html", context)
