"""Exploring the portfolio: words, facets, and the same products as a list, a table or a map."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from parvis.portfolio import registry
from parvis.portfolio.models import Incubator, PhaseName
from parvis.portfolio.models.phase import NOT_STARTED
from parvis.portfolio.models.product import ProductQuerySet
from parvis.portfolio.queries.explore import Explorer, FacetCount
from parvis.portfolio.queries.filters import SORTS, Filters
from parvis.portfolio.queries.transparency import BY_KEY
from parvis.portfolio.views.maps import territory_map
from parvis.portfolio.views.network import portfolio_tabs
from parvis.portfolio.views.numbering import numbered
from parvis.web.nav import Link, Option

SIZES = {"list": 24, "table": 60, "map": 24}
SHOWN = 8
"""Values of a facet shown at once; the others unfold below them."""

VIEWS: dict[str, tuple[str | Promise, str]] = {
    "list": (gettext_lazy("List"), "list"),
    "table": (gettext_lazy("Table"), "menu"),
    "map": (gettext_lazy("Map"), "globe"),
}
FACET_LABELS: dict[str, str | Promise] = {
    "status": gettext_lazy("State"),
    "phase": gettext_lazy("Phase"),
    "incubator": gettext_lazy("Incubator"),
    "theme": gettext_lazy("Theme"),
    "users": gettext_lazy("Users"),
    "sponsor": gettext_lazy("Sponsor"),
    "technology": gettext_lazy("Technology"),
    "territory": gettext_lazy("Territory"),
    "missing": gettext_lazy("What is missing"),
}
STATUS_LABELS: dict[str, str | Promise] = {
    "active": gettext_lazy("Active"),
    "transferred": gettext_lazy("Transferred"),
    "stopped": gettext_lazy("Stopped"),
    NOT_STARTED: gettext_lazy("Not started"),
}
SORT_LABELS: dict[str, str | Promise] = {
    "relevance": gettext_lazy("Relevance"),
    "name": gettext_lazy("Name"),
    "updated": gettext_lazy("Last change"),
    "newest": gettext_lazy("Latest change of phase"),
    "longest": gettext_lazy("Longest in its phase"),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet as the page shows it: the values that lead furthest, and the others."""

    name: str
    label: str | Promise
    first: list[Option]
    others: list[Option]
    is_open: bool


@login_not_required
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Find products by words and facets."""
    asked = Filters.parse(request.GET)
    explorer, corrected = _explorer(request, asked)
    filters = explorer.filters
    shape = request.GET.get("view", "")
    shape = shape if shape in SIZES else "list"
    page = numbered(request.GET, explorer.total, SIZES[shape])
    products = with_incubators(explorer.products(), sees_hidden=bool(getattr(request.user, "is_staff", False)))
    address = _addresses(shape)
    count = ngettext("%(count)s product", "%(count)s products", explorer.total) % {"count": explorer.total}
    context = {
        "filters": filters,
        "asked": asked,
        "is_corrected": corrected,
        "count": count,
        "ways": portfolio_tabs(request, "portfolio:explore"),
        "shape": shape,
        "page": page,
        "products": list(products[page.start : page.stop]) if shape != "map" else [],
        "facets": [facet for name in FACET_LABELS if (facet := _facet(explorer, name, address)).first],
        "chips": _chips(explorer, address),
        "sorts": _sorts(filters),
        "tabs": [
            Link(label, _addresses(name)(filters), current=name == shape, icon=icon)
            for name, (label, icon) in VIEWS.items()
        ],
        "map": territory_map(explorer.counts("territory"), address, filters) if shape == "map" else None,
        "alternates": [(one.label, one.content_type, one.url(filters.query())) for one in registry.list_alternates],
    }
    return render(request, "portfolio/explore.html", context)


def _explorer(request: HttpRequest, asked: Filters) -> tuple[Explorer, bool]:
    """Return what finds the products; when nothing is found, what is found by words that exist, if anything is."""
    explorer = Explorer(request.user, asked)
    if asked.text and not explorer.total and (better := explorer.corrected()) is not None:
        second = Explorer(request.user, better)
        if second.total:
            return second, True
    return explorer, False


def with_incubators(products: ProductQuerySet, *, sees_hidden: bool) -> ProductQuerySet:
    """Prefetch the incubators that may be named, as `shown_incubators`."""
    named = Incubator.objects.order_by("-product_links__is_main", "product_links__position").only(
        "key", "name", "is_hidden"
    )
    seen = named if sees_hidden else named.filter(is_hidden=False)
    return products.defer("search_text", "description").prefetch_related(
        Prefetch("incubators", queryset=seen, to_attr="shown_incubators")
    )


def _addresses(shape: str) -> Callable[[Filters], str]:
    """Return what makes the address of other filters in the same view, from their first page on."""

    def address(filters: Filters) -> str:
        return f"?{filters.query(view=shape if shape != 'list' else '')}"

    return address


def label_of(name: str, one: FacetCount) -> str:
    """Return a value of a facet as people read it."""
    if name == "status":
        return str(STATUS_LABELS[one.value])
    if name == "phase":
        return _("Not started") if one.value == NOT_STARTED else str(PhaseName(one.value).label)
    if name == "missing":
        return str(BY_KEY[one.value].missing_label)
    return one.label or one.value


def _facet(explorer: Explorer, name: str, address: Callable[[Filters], str]) -> Facet:
    chosen = getattr(explorer.filters, name)
    options = [
        Option(
            label_of(name, one),
            address(explorer.filters.toggled(name, one.value)),
            one.products,
            one.value in chosen,
            one.value,
        )
        for one in explorer.counts(name)
    ]
    limit = len(options) if name in {"status", "phase", "missing"} else SHOWN
    first = [one for index, one in enumerate(options) if index < limit or one.selected]
    others = [one for index, one in enumerate(options) if index >= limit and not one.selected]
    is_open = bool(chosen) or name in {"status", "phase", "incubator", "theme"}
    return Facet(name, FACET_LABELS[name], first, others, is_open)


def _chips(explorer: Explorer, address: Callable[[Filters], str]) -> list[tuple[str, str]]:
    """Return each filter in force, and the address without it."""
    filters, chips = explorer.filters, []
    for name, values in filters.facets.items():
        known = {one.value: label_of(name, one) for one in explorer.counts(name)}
        label = FACET_LABELS[name]
        for value in values:
            words = _("%(facet)s: %(value)s") % {"facet": label, "value": known.get(value, value)}
            chips.append((words, address(filters.toggled(name, value))))
    return chips


def _sorts(filters: Filters) -> list[tuple[str, str | Promise, bool]]:
    """Return the orders that make sense: (value, label, in force)."""
    possible = [name for name in SORTS if name != "relevance" or filters.text]
    return [(name, SORT_LABELS[name], name == filters.order) for name in possible]
