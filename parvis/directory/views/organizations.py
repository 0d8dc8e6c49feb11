"""Organisations: list, page, creation, edition."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.audit.models import Event
from parvis.audit.queries import IN_ORGANIZATIONS, readable
from parvis.directory import actions, policies, queries
from parvis.directory.forms import OrganizationCreateForm, OrganizationForm
from parvis.directory.models import Organization
from parvis.directory.views.fetching import (
    done_or_told,
    managed_organization,
    organization_of,
    refuse_unless,
    signed_in,
)
from parvis.directory.views.lists import chip, counted
from parvis.directory.views.menus import organization_tabs
from parvis.lib.paging import page_of
from parvis.web.forms import SearchForm
from parvis.web.nav import facet_options

SHOWN = 12


@login_not_required
@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """Search organisations by name or acronym, of a kind."""
    text = SearchForm(request.GET).text
    searched = Organization.objects.visible_to(request.user).search(text)
    kinds = dict(Organization.Kind.choices)
    kind = request.GET.get("kind", "")
    found = searched.filter(kind=kind) if kind in kinds else searched
    counts = queries.kind_counts(searched)
    page = page_of(found, request.GET, size=24)
    context = {
        "text": text,
        "count": counted(found, lambda n: ngettext("%(count)s organisation", "%(count)s organisations", n)),
        "page": page,
        "rows": queries.sized_organizations(page.items),
        "kinds": facet_options(request, "kind", {one: kinds[one] for one in kinds if counts.get(one)}, counts),
        "chips": [chip(request, "kind", kinds[kind])] if kind in kinds else [],
        "can_create": policies.can_create_organization(request.user),
    }
    return render(request, "directory/organization_list.html", context)


@login_not_required
@require_safe
def organization_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an organisation; its people are shown to those who are signed in."""
    organization = organization_of(request, slug)
    groups = queries.groups(request.user, organization=organization)
    shown = list(groups[:SHOWN])
    sees_people = policies.is_member(request.user)
    people = queries.members(organization.memberships.current(), request.user)
    context = {
        "organization": organization,
        "tabs": organization_tabs(request, organization, "overview"),
        "siret": organization.siret,
        "domains": organization.email_domains.filter(verified_at__isnull=False) if sees_people else [],
        "children": list(organization.children.all()[:50]),
        "groups": queries.sized_groups(shown),
        "has_more_groups": groups.count() > SHOWN,
        "sees_people": sees_people,
        "people": list(people[:SHOWN]) if sees_people else [],
        "people_count": organization.memberships.current().values("user_id").distinct().count(),
        "can_create_group": policies.can_create_group(request.user, parent=None, organization=organization),
    }
    return render(request, "directory/organization_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_create(request: HttpRequest) -> HttpResponse:
    """Create an organisation: operators only."""
    by = signed_in(request)
    refuse_unless(policies.can_create_organization(by), _("Only operators create organisations."))
    form = OrganizationCreateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and done_or_told(form, lambda: _create(request, form)):
        return redirect(Organization.objects.get(pk=form.identifier))
    return render(request, "directory/organization_form.html", {"form": form, "organization": None})


def _create(request: HttpRequest, form: OrganizationCreateForm) -> None:
    by, data = signed_in(request), form.cleaned_data
    fields = {name: data[name] for name in ("name", "acronym", "kind", "country", "website", "parent")}
    created = actions.create_organization(by=by, id=form.identifier, identifiers=form.identifiers.items(), **fields)
    if data["logo"]:
        actions.edit_organization(by=by, organization=created, logo=data["logo"])
    messages.success(request, _("The organisation has been created."))


@require_http_methods(["GET", "HEAD", "POST"])
def organization_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit what an organisation is."""
    organization = managed_organization(request, slug)
    names = ("name", "acronym", "kind", "country", "website")
    initial = {name: getattr(organization, name) for name in names} | {"siret": organization.siret}
    form = OrganizationForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changes = {name: data[name] for name in (*names, "logo", "without_logo")}
        by, numbers = signed_in(request), form.identifiers.items()
        if done_or_told(
            form,
            lambda: actions.edit_organization(by=by, organization=organization, identifiers=numbers, **changes),
        ):
            messages.success(request, _("Your changes have been saved."))
            return redirect(organization)
    return render(request, "directory/organization_form.html", {"form": form, "organization": organization})


@require_safe
def organization_journal(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the organisation's managers what happened in it."""
    organization = managed_organization(request, slug)
    events = Event.objects.within(organization.pk).filter(tag__in=IN_ORGANIZATIONS)
    page = page_of(events, request.GET, order=("-id",), size=50)
    context = {
        "organization": organization,
        "tabs": organization_tabs(request, organization, "journal"),
        "page": page,
        "lines": readable(page.items),
    }
    return render(request, "directory/organization_journal.html", context)
