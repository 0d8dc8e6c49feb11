"""The launcher for other sites: its data, its script, and the applications' logos. All may be asked from anywhere."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_safe

from parvis.directory.models import Organization, RegistryIdentifier
from parvis.lib.registry_numbers import is_siret, normalise
from parvis.suite import launcher
from parvis.suite.models import Application
from parvis.suite.queries import menu_of, public_menu

LONG = 31_536_000
_FOREIGN = {"Cross-Origin-Resource-Policy"}
_BARE_POLICY = "default-src 'none'; sandbox"


def _for_other_sites(response: HttpResponse, cache: str) -> HttpResponse:
    """Let pages of other origins load the answer; it holds nothing that was made for one person."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = cache
    response["Content-Security-Policy"] = _BARE_POLICY
    response.without_headers = _FOREIGN  # type: ignore[attr-defined]  # read by parvis.web.security
    return response


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang", "")
    return wanted if wanted in {"fr", "en"} else translation.get_language() or "fr"


def _organization(request: HttpRequest) -> Organization | None:
    siret = normalise(request.GET.get("siret", "")[:40])
    if not is_siret(siret):
        return None
    owner = RegistryIdentifier.objects.filter(scheme=RegistryIdentifier.Scheme.SIRET, value=siret)
    named = Organization.objects.prefetch_related("identifiers").filter(pk__in=owner.values("organization_id"))
    found: Organization | None = named.first()
    return found


@login_not_required
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Return the public list in the shape that La Gaufre v2 reads, whoever asks: cookies are not looked at."""
    organization = _organization(request)
    with translation.override(_language(request)):
        document = launcher.services(public_menu(organization), organization)
    return _for_other_sites(JsonResponse(document), "public, max-age=300")


@login_not_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Return the person's own menu, to our own pages and to the applications that the operator trusts.

    Our session cookie is SameSite=Lax: browsers send it here only from pages of the same site (such as
    docs.example.gouv.fr for parvis.example.gouv.fr). From elsewhere nobody is signed in, and the list is public.
    """
    with translation.override(_language(request)):
        response = JsonResponse(launcher.services(menu_of(request.user), viewer=request.user))
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "Origin, Cookie"
    origin = request.headers.get("Origin", "")
    if launcher.may_read_personal_menu(origin):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
        response.without_headers = _FOREIGN  # type: ignore[attr-defined]  # read by parvis.web.security
    return response


@lru_cache(maxsize=1)
def script_source() -> tuple[bytes, str]:
    """Return the script and the digest that names its version."""
    source = (Path(__file__).parents[1] / "static" / "suite" / "launcher.js").read_bytes()
    return source, hashlib.sha256(source).hexdigest()[:16]


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Return the script: for good at the address that names its version, for an hour at the plain one."""
    source, digest = script_source()
    cache = f"public, max-age={LONG}, immutable" if request.GET.get("v") == digest else "public, max-age=3600"
    response = _for_other_sites(HttpResponse(source, content_type="text/javascript; charset=utf-8"), cache)
    response["ETag"] = f'"{digest}"'
    if request.headers.get("If-None-Match") == response["ETag"]:
        response.status_code, response.content = 304, b""
    return response


@login_not_required
@require_safe
def application_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """Return an application's logo, or its initials: to everyone for the public list, else to who sees the card."""
    application = get_object_or_404(Application.objects.visible_to(request.user), slug=slug)
    if application.logo:
        with application.logo.open("rb") as stream:
            response = HttpResponse(stream.read(), content_type="image/png")
    else:
        response = HttpResponse(launcher.initials_logo(application), content_type="image/svg+xml")
    is_current = request.GET.get("v") == application.logo_version
    age = 7 * 86_400 if is_current else 300
    if application.is_public and application.is_open:
        return _for_other_sites(response, f"public, max-age={age}")
    response["Cache-Control"] = f"private, max-age={age}"
    response["Content-Security-Policy"] = _BARE_POLICY
    return response
