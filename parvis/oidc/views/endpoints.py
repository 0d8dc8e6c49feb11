"""The endpoints as Django views: used by tests and by a server that mounts Django alone."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from parvis.lib.marks import writes_on_get
from parvis.oidc.endpoints.serving import ENDPOINTS, serve
from parvis.oidc.http import WITH_BODY, Form, MalformedError, Request, Response
from parvis.web.exceptions import BadRequestError

View = Callable[[HttpRequest], HttpResponse]


def framework_free(request: HttpRequest) -> Request:
    """Return Django's request in the form that the endpoints read."""
    body = request.body if request.method in WITH_BODY else b""
    return Request(request.method or "GET", request.META.get("QUERY_STRING", ""), request.META, body)


def asked_by_get(request: HttpRequest) -> Form | HttpResponse:
    """Return the fields of a browser's request, or the answer that has a POST asked again as a GET.

    A form posted from another site comes without our Lax cookies, which the GET has. What is repeated stays so: the GET
    is refused for it. Raises BadRequestError.
    """
    try:
        form = framework_free(request).fields()
    except MalformedError as error:
        raise BadRequestError from error
    if request.method != "POST":
        return form
    again = HttpResponse(status=303)
    twice = [(name, form.get(name)) for name in sorted(form.repeated)] * 2
    again["Location"] = f"{request.path}?{urlencode([*form.values.items(), *twice])}"
    return again


def headers_only(request: HttpRequest) -> Request:
    """Return Django's request without its body, which Django's own form may be reading."""
    return Request("GET", request.META.get("QUERY_STRING", ""), request.META)


def django_response(response: Response) -> HttpResponse:
    """Return an endpoint's answer as Django's."""
    answer = HttpResponse(response.body, status=response.status)
    del answer.headers["Content-Type"]
    for name, value in response.headers:
        answer.headers[name] = value
    return answer


def view_of(path: str, *, writes: str = "") -> View:
    """Return the view of an endpoint that always answers by itself; `writes` says why its GET does."""
    endpoint = ENDPOINTS[path]

    @login_not_required
    @csrf_exempt
    def endpoint_view(request: HttpRequest) -> HttpResponse:
        response = serve(endpoint, framework_free(request))
        return django_response(response) if response else HttpResponse(status=404)

    return writes_on_get(writes)(endpoint_view) if writes else endpoint_view
