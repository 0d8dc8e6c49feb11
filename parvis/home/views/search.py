"""One search for everything; signed out, it finds public things only."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from parvis.directory.models import Group, Organization, User
from parvis.portfolio.queries.explore import Explorer, Filters
from parvis.suite.models import Application
from parvis.web.forms import SearchForm

SHOWN = 6


class Found(NamedTuple):
    """What was found of one kind; `more` says that its own list has further ones."""

    kind: str
    title: str | Promise
    items: list[Model]
    more: bool
    list_url_name: str


def _found(kind: str, title: str | Promise, found: QuerySet[Model], list_url_name: str) -> Found:
    items = list(found[: SHOWN + 1])
    return Found(kind, title, items[:SHOWN], len(items) > SHOWN, list_url_name)


def _products(user: Any, text: str) -> QuerySet[Any]:
    """Return the products that exploring the portfolio finds first."""
    return Explorer(user, Filters(text=text)).products().defer("search_text", "description")


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search people, groups, organisations and applications by the words of their names."""
    text = SearchForm(request.GET).text
    results: list[Found] = []
    if text.strip():
        user = request.user
        results = [
            _found("product", _("Products"), _products(user, text), "portfolio:explore"),
            _found("person", _("People"), User.objects.visible_to(user).search(text), "directory:person-list"),
            _found("group", _("Groups"), Group.objects.visible_to(user).search(text), "directory:group-list"),
            _found(
                "organization",
                _("Organisations"),
                Organization.objects.visible_to(user).search(text),
                "directory:organization-list",
            ),
            _found(
                "application",
                _("Applications"),
                Application.objects.visible_to(user if isinstance(user, User) else None).search(text),
                "suite:application-list",
            ),
        ]
    context = {"text": text, "results": [one for one in results if one.items], "searched": bool(text.strip())}
    return render(request, "home/search.html", context)
