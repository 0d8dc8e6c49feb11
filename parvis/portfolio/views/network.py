"""The page of the whole network: its figures, its flow, its growth, its openness, its incubators."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parvis.portfolio import registry
from parvis.portfolio.models import Incubator
from parvis.portfolio.queries.census import Census, census
from parvis.portfolio.queries.decisions import is_in_charge
from parvis.portfolio.views import network_pictures as pictures
from parvis.web.charts import Chart, wording
from parvis.web.nav import Link, Text


class Figure(NamedTuple):
    """A number that matters, what it counts, and where it leads."""

    value: int
    label: str
    detail: str
    href: str


@login_not_required
@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """Show the network."""
    seen, incubators = census(), visible_incubators(request)
    drawn = {name: draw(seen) for name, draw in pictures.PLAIN.items()}
    drawn |= {name: draw(seen, incubators, pictures.SHOWN_INCUBATORS) for name, draw in pictures.NAMING.items()}
    context = {
        "census": seen,
        "figures": _figures(seen, len(incubators)),
        "tabs": portfolio_tabs(request, "portfolio:network"),
        "pictures": {name.replace("-", "_"): picture for name, picture in drawn.items()},
        "is_empty": not seen.figures["products_total"],
    }
    return render(request, "portfolio/network.html", context)


@login_not_required
@require_safe
def network_numbers(request: HttpRequest, key: str) -> HttpResponse:
    """Give the numbers of a picture as a file."""
    picture: Chart | None = None
    if key in pictures.PLAIN:
        picture = pictures.PLAIN[key](census())
    elif key in pictures.NAMING:
        picture = pictures.NAMING[key](census(), visible_incubators(request), None)
    if picture is None:
        raise Http404
    return picture.csv()


def visible_incubators(request: HttpRequest) -> Sequence[Incubator]:
    """Return the incubators that the viewer may read, with what pages show of them in a list."""
    rows = Incubator.objects.visible_to(request.user)
    return list(rows.only("key", "name", "sort_key", "short_description", "is_hidden", "group_id"))


def portfolio_tabs(request: HttpRequest, current: str) -> list[Link]:
    """Return the ways into the portfolio; those in charge have one more."""
    ways: list[tuple[Text, str, str]] = [
        (_("Network"), "portfolio:network", "globe"),
        (_("Products"), "portfolio:explore", "search"),
        (_("Incubators"), "portfolio:incubator-list", "sparkle"),
    ]
    ways += registry.ways
    if is_in_charge(request.user):
        ways.append((_("To decide"), "portfolio:decisions", "check"))
    return [Link(label, reverse(name), current=name == current, icon=icon) for label, name, icon in ways]


def _figures(seen: Census, incubators: int) -> list[Figure]:
    figures = seen.figures
    return [
        Figure(
            figures["products_active"],
            ngettext("active product", "active products", figures["products_active"]),
            ngettext("in %(n)s incubator", "in %(n)s incubators", incubators) % {"n": wording.number(incubators)},
            pictures.explore_url("status=active"),
        ),
        Figure(
            figures["people_active"],
            ngettext("person at work", "people at work", figures["people_active"]),
            _("with a mission today"),
            "",
        ),
        Figure(
            figures["products_transferred"],
            ngettext("transferred product", "transferred products", figures["products_transferred"]),
            _("run by another body today"),
            pictures.explore_url("status=transferred"),
        ),
        Figure(
            figures["national_impact_products"],
            ngettext("national impact", "national impacts", figures["national_impact_products"]),
            _("services that count for the whole country"),
            "",
        ),
        Figure(
            figures["products_stopped"],
            ngettext("stopped product", "stopped products", figures["products_stopped"]),
            _("from which something was learnt"),
            pictures.explore_url("status=stopped"),
        ),
    ]
