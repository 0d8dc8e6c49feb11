"""The addresses of beta.gouv.fr's public interface, for consumers that switch to this one."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from parvis.opendata.betagouv import members, people, startups
from parvis.opendata.betagouv.reading import EVERYBODY, Network, organisations
from parvis.opendata.serving import json_text, public, whole
from parvis.portfolio.models import Product

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"


def _json(make: Callable[[], Any]) -> Callable[[], str]:
    return lambda: json_text(make())


DOCUMENTS: dict[str, tuple[Callable[[], str], str]] = {
    "startups.json": (_json(lambda: startups.startups(Network())), JSON),
    "startups.csv": (lambda: startups.startups_csv(Network()), CSV),
    "startups_details.json": (_json(lambda: members.startups_details(Network(), timezone.localdate())), JSON),
    "authors.json": (_json(lambda: people.authors(Network())), JSON),
    "incubators.json": (_json(lambda: startups.incubators(Network())), JSON),
    "organisations.json": (_json(lambda: people.organisations(organisations())), JSON),
    "sponsors.json": (_json(lambda: people.sponsors(organisations())), JSON),
}


@public
def collection(request: HttpRequest, name: str) -> HttpResponse:
    """Return one of the whole collections of version 2.7."""
    if name not in DOCUMENTS:
        raise Http404
    make, content_type = DOCUMENTS[name]
    return whole(request, f"v2.7/{name}", make, content_type)


@public
def startup(_request: HttpRequest, key: str) -> HttpResponse:
    """Return one product, as version 3 does."""
    network = Network(Product.objects.visible_to(EVERYBODY).listed().filter(key=key))
    if not network.products:
        raise Http404
    document = startups.startup(network, network.products[0], timezone.localdate())
    return HttpResponse(json_text(document), content_type=JSON)


@public
def description(_request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document of these addresses, where consumers look for it; the newer interface has its own."""
    paths = {f"/v2.7/{name}": _operation(content_type) for name, (_make, content_type) in DOCUMENTS.items()}
    key = {"name": "ID", "in": "path", "required": True, "schema": {"type": "string"}}
    paths["/v3/startups/{ID}.json"] = {"parameters": [key]} | _operation(JSON)
    document = {
        "openapi": "3.0.3",
        "info": {"title": "beta.gouv.fr API", "version": "2.7.0"},
        "servers": [{"url": f"{settings.ISSUER}/api"}],
        "externalDocs": {"url": f"{settings.ISSUER}/api/v1/openapi.json"},
        "paths": paths,
    }
    return HttpResponse(json_text(document), content_type=JSON)


def _operation(content_type: str) -> dict[str, Any]:
    kind = content_type.partition(";")[0]
    return {"get": {"responses": {"200": {"description": "The whole collection", "content": {kind: {}}}}}}
