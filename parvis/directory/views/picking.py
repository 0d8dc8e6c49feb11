"""Choosing a person or a group from a search, without JavaScript: search, then follow the link of the right one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from parvis.directory import queries
from parvis.directory.models import User
from parvis.directory.views.fetching import signed_in
from parvis.web.forms import SearchForm

SHOWN = 20


def picked_person(request: HttpRequest) -> User | None:
    """Return the active person that the address names, if the viewer may see them."""
    value = request.GET.get("person", "")
    if not value:
        return None
    try:
        identifier = UUID(value)
    except ValueError:
        return None
    person: User = get_object_or_404(User.objects.visible_to(request.user).active(), pk=identifier)
    return person


def search_people(request: HttpRequest) -> dict[str, Any]:
    """Return the first people that a search finds, and whether there are more."""
    text = SearchForm(request.GET).text
    found: list[User] = []
    if text:
        people = queries.people(signed_in(request), text=text).active().order_by("sort_key", "id")
        found = list(queries.with_organizations(people)[: SHOWN + 1])
    return {"text": text, "found": found[:SHOWN], "has_more": len(found) > SHOWN}
