"""The lists of the interface: which rows a viewer may read, in what order, and how each is told.

A list that is about products takes the filters of the explore page, since it is built on the same query.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from ninja import Schema

from parvis.api import schemas, tellers
from parvis.directory.models import Organization
from parvis.portfolio.models import (
    BudgetLine,
    Committee,
    Decision,
    Deployment,
    Event,
    Funding,
    HandOff,
    Incubator,
    Indicator,
    Measure,
    PersonCard,
    Phase,
    Product,
    Term,
    Territory,
)
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries.explore import Explorer
from parvis.portfolio.queries.filters import Filters

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class List:
    """A list: its name in addresses, what it holds, the rows that a viewer may read among some products, their order.

    `path` leads from a row to its product; a list without it is not about products and takes no filters. `tell` turns
    rows into the fields of the schema, a page at a time, so that what it looks up costs the same for one and for many.
    """

    name: str
    summary: str
    row: type[Schema]
    rows: Callable[[Viewer], Rows]
    tell: Callable[[Sequence[Any], Viewer], list[dict[str, Any]]]
    order: tuple[str, ...] = ("id",)
    path: str | None = None

    def read(self, viewer: Viewer, filters: Filters) -> Rows:
        """Return the rows that the filters leave."""
        rows = self.rows(viewer)
        if self.path is None:
            return rows
        products = Explorer(viewer, filters).unordered().values("pk")
        return rows.filter(**{f"{self.path}__in": products})


LONG_TEXTS = (
    "search_text", "description", "problem_original", "problem_en", "solution_original", "solution_en", "lessons",
    "lessons_en",
)  # fmt: skip
"""What a row of a list does not tell, and would be most of what is read."""


def _products(viewer: Viewer) -> Rows:
    return Product.objects.visible_to(viewer).listed().defer(*LONG_TEXTS)


def _visible(model: Any) -> Callable[[Viewer], Rows]:
    def rows(viewer: Viewer) -> Rows:
        found: Rows = model.objects.visible_to(viewer)
        return found

    return rows


_NEEDED = {
    "product": ("key",),
    "indicator": ("name",),
    "indicator__product": ("key",),
    "territory": ("code", "name_fr", "name_en"),
    "funder": ("name",),
    "operator": ("slug",),
    "parent": ("code",),
}
"""What is told of the rows that a row leads to."""


def _all(model: Any, *related: str) -> Callable[[Viewer], Rows]:
    own = [field.name for field in model._meta.concrete_fields]
    needed = [f"{path}__{name}" for path in related for name in _NEEDED[path]]

    def rows(_viewer: Viewer) -> Rows:
        found: Rows = model.objects.select_related(*related).only(*own, *needed) if related else model.objects.all()
        return found

    return rows


_TABLE = (
    List(
        "incubators", "Incubators", schemas.IncubatorRow, _visible(Incubator), tellers.incubators, ("sort_key", "id")
    ),
    List("phases", "Phases of products", schemas.PhaseRow, _all(Phase, "product"), tellers.phases, path="product"),
    List("events", "Events of products", schemas.EventRow, _all(Event, "product"), tellers.events, path="product"),
    List(
        "decisions", "Decisions about products", schemas.DecisionRow, _all(Decision, "product"), tellers.decisions,
        path="product",
    ),
    List(
        "deployments", "Territories where products are used", schemas.DeploymentRow,
        _all(Deployment, "product", "territory"), tellers.deployments, path="product",
    ),
    List(
        "indicators", "Impact indicators", schemas.IndicatorRow, _all(Indicator, "product"), tellers.indicators,
        path="product",
    ),
    List(
        "measures", "Values of impact indicators", schemas.MeasureRow, _all(Measure, "indicator", "indicator__product"),
        tellers.measures, path="indicator__product",
    ),
    List(
        "budgets", "Budgets by year and funder", schemas.BudgetRow, _all(BudgetLine, "product", "funder"),
        tellers.budgets, path="product",
    ),
    List(
        "fundings", "Money won in programmes", schemas.FundingRow, _all(Funding, "product"), tellers.fundings,
        path="product",
    ),
    List(
        "hand-offs", "Hand-offs", schemas.HandOffRow, _all(HandOff, "product", "operator"), tellers.hand_offs,
        path="product",
    ),
    List("committees", "Committees announced to all", schemas.CommitteeRow, _visible(Committee), tellers.committees),
    List("people", "People who let everybody see them", schemas.PersonRow, _visible(PersonCard), tellers.people),
    List(
        "organizations", "Organisations", schemas.OrganizationRow, _visible(Organization), tellers.organizations,
        ("sort_key", "id"),
    ),
    List(
        "territories", "Territories", schemas.TerritoryRow, _all(Territory, "parent"), tellers.territories,
        ("code", "id"),
    ),
    List("terms", "Themes, users and technologies", schemas.TermRow, _all(Term), tellers.terms),
)  # fmt: skip
PRODUCTS = List("products", "Products", schemas.ProductRow, _products, tellers.products, ("sort_key", "id"), "pk")
LISTS: dict[str, List] = {one.name: one for one in (PRODUCTS, *_TABLE)}
