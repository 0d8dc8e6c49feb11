"""Errors for programs: problem documents (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

from parvis.web import request_id


def problem(request: HttpRequest, status: int, title: str = "", detail: str = "", **members: object) -> JsonResponse:
    """Return an `application/problem+json` answer; extra members are added as they are (RFC 9457, section 3.2)."""
    body: dict[str, object] = {"type": "about:blank", "title": title or HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    if identifier := getattr(request, "id", "") or request_id.current.get():
        body["instance"] = f"urn:request:{identifier}"
    body.update(members)
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the answer goes to a program: an API path, or JSON preferred to HTML by the Accept header."""
    if request.path.startswith(("/api/", "/scim/")):
        return True
    preferred = request.get_preferred_type(["text/html", "application/json", "application/problem+json"])
    return bool(request.headers.get("Accept")) and preferred is not None and preferred != "text/html"


def headers_of(error: object) -> Mapping[str, str]:
    """Return the headers that go with one of our exceptions."""
    wait = getattr(error, "retry_after", None)
    return {"Retry-After": str(wait)} if wait is not None else {}
