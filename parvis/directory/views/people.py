"""The people list and a person's card."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parvis.directory import policies, queries, registry
from parvis.directory.forms import PeopleFilters
from parvis.directory.models import Group, Organization
from parvis.directory.models.user import primary_addresses
from parvis.directory.views.fetching import person_of, signed_in
from parvis.directory.views.lists import chip, count_words
from parvis.web.forms import SearchForm

PAGE = 24


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Search people by name and job, of an organisation or a group."""
    viewer = signed_in(request)
    text = SearchForm(request.GET).text
    organization = Organization.objects.filter(slug=request.GET.get("organization", "")[:100]).first()
    group = Group.objects.visible_to(viewer).filter(slug=request.GET.get("group", "")[:100]).first()
    search = queries.PeopleSearch(viewer, text, organization, group)
    found = queries.find_people(search, request.GET, size=PAGE)
    wide = Group.objects.visible_to(viewer).open().exclude(kind=Group.Kind.TEAM).only("name", "slug")
    context = {
        "text": text,
        "count": count_words(
            found.count, lambda n: ngettext("%(count)s person", "%(count)s people", n), is_more=found.is_more
        ),
        "page": found.page,
        "filters": PeopleFilters(
            organizations=queries.choices_beside(Organization.objects.only("name", "slug"), organization),
            groups=queries.choices_beside(wide, group),
            initial={"organization": getattr(organization, "slug", ""), "group": getattr(group, "slug", "")},
        ),
        "chips": [
            *([chip(request, "organization", organization)] if organization else []),
            *([chip(request, "group", group)] if group else []),
        ],
    }
    return render(request, "directory/person_list.html", context)


@require_safe
def person_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a person's card: what this viewer may see of it."""
    viewer, person = signed_in(request), person_of(request, pk)
    memberships = queries.groups_of(person, viewer)
    places = list(person.organization_memberships.select_related("organization"))
    sees_email = policies.can_see_email(viewer, person)
    context = {
        "person": person,
        "is_me": viewer.pk == person.pk,
        "email": primary_addresses([person.pk]).get(person.pk, "") if sees_email else "",
        "phone": person.phone_number if policies.can_see_phone(viewer, person) else "",
        "places": [place for place in places if place.is_current],
        "past_places": [place for place in places if place.is_past],
        "memberships": [one for one in memberships if one.is_current],
        "upcoming": [one for one in memberships if not one.is_current and not one.is_past],
        "past": [one for one in memberships if one.is_past],
        "shows_past": not any(one.is_current for one in memberships),
        "panels": [html for draw in registry.person_panels if (html := draw(request, person))],
    }
    return render(request, "directory/person_detail.html", context)


@require_safe
def my_card(request: HttpRequest) -> HttpResponse:
    """Lead to one's own card."""
    return redirect(signed_in(request))
