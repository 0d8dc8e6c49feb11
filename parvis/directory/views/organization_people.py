"""The people of an organisation, for its managers: add, change, end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.directory import actions
from parvis.directory.forms import OrganizationMembershipForm
from parvis.directory.models import User
from parvis.directory.views.fetching import done_or_told, managed_organization, managed_place, signed_in
from parvis.directory.views.lists import counted
from parvis.directory.views.menus import organization_tabs
from parvis.directory.views.picking import picked_person, search_people
from parvis.lib.paging import page_of
from parvis.web.forms import SearchForm


@require_safe
def organization_people(request: HttpRequest, slug: str) -> HttpResponse:
    """List the places of today, by person."""
    organization = managed_organization(request, slug)
    text = SearchForm(request.GET).text
    found = organization.memberships.current().select_related("user")
    if text:
        found = found.filter(user__in=User.objects.search(text).values("pk"))
    context = {
        "organization": organization,
        "tabs": organization_tabs(request, organization, "people"),
        "text": text,
        "count": counted(found, lambda n: ngettext("%(count)s person", "%(count)s people", n)),
        "page": page_of(found, request.GET, order=("-starts_on", "id"), size=50),
    }
    return render(request, "directory/organization_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_member_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Find a person, then write their place."""
    organization, person = managed_organization(request, slug), picked_person(request)
    if person is None:
        context = {"organization": organization, **search_people(request)}
        return render(request, "directory/organization_member_pick.html", context)
    form = OrganizationMembershipForm(request.POST or None, initial={"job_title": person.job_title})
    if request.method == "POST" and form.is_valid():
        by, data = signed_in(request), form.cleaned_data
        if done_or_told(
            form,
            lambda: actions.add_organization_member(by=by, organization=organization, user=person, **data),
        ):
            messages.success(request, _("%(person)s now belongs to the organisation.") % {"person": person})
            return redirect("directory:organization-people", organization.slug)
    context = {"organization": organization, "person": person, "form": form, "place": None}
    return render(request, "directory/organization_member_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_member_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a person's job, role or dates."""
    place = managed_place(request, pk)
    names = ("job_title", "role", "starts_on", "ends_on")
    form = OrganizationMembershipForm(request.POST or None, initial={name: getattr(place, name) for name in names})
    if request.method == "POST" and form.is_valid():
        by, data = signed_in(request), form.cleaned_data
        if done_or_told(form, lambda: actions.change_organization_member(by=by, membership=place, **data)):
            messages.success(request, _("Your changes have been saved."))
            return redirect("directory:organization-people", place.organization.slug)
    context = {"organization": place.organization, "person": place.user, "form": form, "place": place}
    return render(request, "directory/organization_member_form.html", context)


@require_POST
def organization_member_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a person's place now."""
    place = managed_place(request, pk)
    actions.end_organization_member(by=signed_in(request), membership=place)
    messages.success(request, _("%(person)s no longer belongs to the organisation.") % {"person": place.user})
    return redirect("directory:organization-people", place.organization.slug)
