"""`/oidc/openapi.json`: the endpoints described for programs, and for people who write them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.oidc.description.document import as_bytes


@login_not_required
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document to everybody, scripts of other origins included."""
    response = HttpResponse(as_bytes(), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response
