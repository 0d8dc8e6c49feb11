"""The operations: every list, each product and incubator, and the statistics."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Query, Schema
from ninja.errors import HttpError
from pydantic import create_model

from parvis.api import complete, pages, schemas
from parvis.api.interface import api
from parvis.api.lists import LISTS, List
from parvis.api.viewers import viewer_of
from parvis.opendata.serving import attachment, kept, whole
from parvis.portfolio import statistics
from parvis.portfolio.models import Incubator, Product
from parvis.portfolio.queries.filters import FACETS, MAX_TEXT, SORTS, Filters

INTERFACE = api
"""The interface once its operations are declared, which importing this module does."""
NOT_FOUND = {404: schemas.Problem}


class Paging(Schema):
    """Which page of a list."""

    cursor: str = Field("", max_length=2000, description="From `next` of the page before.")
    limit: int = Field(50, ge=1, le=pages.MAX_SIZE, description="Rows in a page.")


_FACETS: dict[str, Any] = {
    name: (list[Annotated[str, Field(max_length=200)]], Field([], max_length=30)) for name in FACETS
}
ProductFilters = create_model(
    "ProductFilters",
    __base__=Schema,
    q=(str, Field("", max_length=MAX_TEXT, description="Words to find; accents and case do not matter.")),
    sort=(str, Field("", description=f"One of: {', '.join(SORTS)}.")),
    **_FACETS,
)
ProductPaging = create_model("ProductPaging", __base__=(ProductFilters, Paging))


@api.get(
    "/", response=dict[str, str], operation_id="index", url_name="api-root", summary="Where things are", tags=["index"]
)
def index(request: HttpRequest) -> Any:
    """Return the addresses of all lists, of the statistics, and of the document that describes them."""
    names = [*LISTS, "portfolio/statistics", "openapi.json"]
    return {name: f"{settings.ISSUER}{request.path}{name}" for name in names}


def _page_schema(one: List) -> type[Schema]:
    """Return the schema of a page of a list."""
    name = one.row.__name__.removesuffix("Row") + "Page"
    following: Any = (str | None, Field(None, description="Address of the next page; null on the last one."))
    rows: Any = list[one.row]  # type: ignore[name-defined]  # a type that is a value
    made: type[Schema] = create_model(name, __base__=Schema, items=(rows, ...), next=following)
    return made


def _add_list(one: List) -> None:
    """Add a list as pages of JSON, and as one CSV file."""
    paging: Any = ProductPaging if one.path else Paging
    name = one.name.replace("-", "_")

    def pages_of_list(request: HttpRequest, response: HttpResponse, asked: Query[paging]) -> Any:
        page = pages.read(one, viewer_of(request), Filters.parse(request.GET), asked.cursor, asked.limit)
        following = _following(request, page.after)
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return {"items": page.items, "next": following}

    def whole_table(request: HttpRequest) -> HttpResponse:
        filters = Filters.parse(request.GET)
        name = f"{one.name}.csv?{filters.query() if one.path else ''}&{get_language()}"
        made = whole(request, name, lambda: pages.table(one, viewer_of(request), filters), "text/csv; charset=utf-8")
        return attachment(made, f"{one.name}.csv")

    filters: Any = ProductFilters

    def table(request: HttpRequest, asked: Query[filters]) -> HttpResponse:  # noqa: ARG001 - the document names it
        return whole_table(request)

    answers: dict[Any, Any] = {200: _page_schema(one)}
    api.get(
        f"/{one.name}",
        response=answers,
        operation_id=f"list_{name}",
        url_name=f"list_{name}",
        summary=one.summary,
        tags=[one.name],
    )(pages_of_list)
    extra = {"responses": {200: {"description": "A table", "content": {"text/csv": {"schema": {"type": "string"}}}}}}
    api.get(
        f"/{one.name}.csv",
        operation_id=f"table_{name}",
        url_name=f"table_{name}",
        summary=f"{one.summary}, as CSV",
        tags=[one.name],
        openapi_extra=extra,
    )(table if one.path else whole_table)


def _following(request: HttpRequest, cursor: str) -> str | None:
    """Return the address of the next page."""
    if not cursor:
        return None
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    return f"{settings.ISSUER}{request.path}?{urlencode([*pairs, ('cursor', cursor)])}"


for _list in LISTS.values():
    _add_list(_list)


@api.get(
    "/products/{key}",
    response={200: schemas.ProductWhole} | NOT_FOUND,
    operation_id="product",
    url_name="product",
    summary="A product, whole",
    tags=["products"],
)
def product(request: HttpRequest, key: str) -> Any:
    """Return all that is public about a product."""
    viewer = viewer_of(request)
    row = Product.objects.visible_to(viewer).listed().filter(key=key).first()
    if row is None:
        raise Http404
    return complete.product(row, viewer)


@api.get(
    "/incubators/{key}",
    response={200: schemas.IncubatorRow} | NOT_FOUND,
    operation_id="incubator",
    url_name="incubator",
    summary="An incubator",
    tags=["incubators"],
)
def incubator(request: HttpRequest, key: str) -> Any:
    """Return an incubator; its products are `products?incubator=KEY`."""
    viewer = viewer_of(request)
    row = Incubator.objects.visible_to(viewer).filter(key=key).first()
    if row is None:
        raise Http404
    return LISTS["incubators"].tell([row], viewer)[0]


@api.get(
    "/portfolio/statistics",
    response={200: dict[str, Any]},
    operation_id="statistics",
    url_name="statistics",
    summary="The statistics of the network",
    tags=["statistics"],
)
def figures(request: HttpRequest, as_of: date | None = None) -> Any:  # noqa: ARG001 - the interface names it
    """Return the statistics by identifier, as of a day, today by default.

    They count everything, by the letter of their definitions: hidden incubators too, under their bare keys.
    """
    day = as_of or timezone.localdate()
    if not statistics.EARLIEST <= day <= statistics.LATEST:
        raise HttpError(422, f"Ask for a day between {statistics.EARLIEST} and {statistics.LATEST}.")
    return kept(f"statistics/{day}", lambda: statistics.compute(None, day))
