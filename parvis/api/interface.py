"""The interface itself: who may ask, how errors are told, and what its OpenAPI document says of both."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from parvis import __version__
from parvis.api.schemas import Problem
from parvis.lib.paging import InvalidCursorError
from parvis.web.problem import problem

DESCRIPTION = """\
The portfolio of the network: products, incubators, phases, teams, impact.

Everything that the pages show to everybody can be read here by everybody, without a key. Lists are paged: follow the
`next` address (also in the `Link` header) until there is none. Lists that are about products take the filters of the
explore page: repeat a filter to widen (`phase=construction&phase=acceleration`), add another to narrow. Each list is
also a CSV file, under the same address with `.csv`. Every answer has an `ETag`: send it back in `If-None-Match`, and
what has not changed costs nothing. Errors are problem documents (RFC 9457).
"""

PROBLEM: dict[str, Any] = {
    "description": "What is wrong (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_EVERYWHERE = ("400", "422")
"""A request that no server can read, and one that this interface cannot understand."""


class Interface(NinjaAPI):
    """An interface whose document tells every error as what it is: a problem document."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document, with the errors that any operation may answer."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for operations in schema["paths"].values():
            for operation in operations.values():
                answers = {str(code): answer for code, answer in operation["responses"].items()}
                errors = {code for code in answers if code >= "400"}
                operation["responses"] = answers | dict.fromkeys(sorted({*errors, *_EVERYWHERE}), PROBLEM)
        return schema


api = Interface(
    title="Parvis",
    version=__version__,
    description=DESCRIPTION,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [{"field": ".".join(map(str, one["loc"][1:])), "message": one["msg"]} for one in error.errors]
    return problem(request, 422, "The request cannot be understood", errors=told)


@api.exception_handler(InvalidCursorError)
def _bad_cursor(request: HttpRequest, _error: InvalidCursorError) -> HttpResponse:
    return problem(request, 422, detail="The cursor was not given by this list.")


@api.exception_handler(Http404)
def _missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(request, 404)


@api.exception_handler(PermissionDenied)
def _refused(request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    return problem(request, 403)


@api.exception_handler(HttpError)
def _wrong(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, detail=str(error))
