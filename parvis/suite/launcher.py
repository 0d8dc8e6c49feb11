"""The menu of applications: a panel of the header here, and data for the same menu in other applications."""

import zlib
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from parvis.directory.models import Organization
from parvis.directory.policies import is_member
from parvis.lib.urls import absolute
from parvis.suite.models import Application
from parvis.suite.policies import Viewer
from parvis.suite.queries import menu_of
from parvis.web.templatetags.ui_inline import initials

SHOWN = 12
"""How many applications the header shows; the catalogue has them all."""
# White letters on these are at least 4.5:1.
_TINTS = ("#0b5a61", "#7d530b", "#2c5a8c", "#6a3d7c", "#8a3b2e", "#3d6630")


def draw(request: HttpRequest) -> str:
    """Return the header's panel; it needs no script to open."""
    found = list(menu_of(request.user)[: SHOWN + 1])
    if not (found or request.user.is_authenticated):
        return ""
    context = {"applications": found[:SHOWN], "has_more": len(found) > SHOWN, "person": request.user}
    return render_to_string("suite/launcher.html", context, request)


def address_for(application: Application, viewer: Viewer) -> str:
    """Return where a link to an application leads: for who is signed in, to its own way to begin a sign-in, if any.

    So one click is enough (OpenID Connect Core 1.0, section 4). The address of the person is not in it: the application
    learns who comes from the answer, once they agreed, and addresses are logged.
    """
    begins = application.client.initiate_login_uri if is_member(viewer) and application.client else ""
    if not begins:
        return application.url
    told = urlencode({"iss": settings.ISSUER, "target_link_uri": application.url})
    return f"{begins}{'&' if '?' in begins else '?'}{told}"


def services(
    applications: Iterable[Application], organization: Organization | None = None, viewer: Viewer = None
) -> dict[str, object]:
    """Return the document that La Gaufre v2 reads: `{organization?, services: [{id, name, url, maturity, logo}]}`.

    La Gaufre leaves out what has no logo, so every application has one (see `initials_logo`). `subscribed` is there
    with an organisation only, as in st-deploycenter; `description` is our own addition, which La Gaufre ignores. A
    person's own menu is for its viewer.
    """
    document: dict[str, object] = {}
    if organization is not None:
        siret, kind = organization.siret, organization.kind
        document["organization"] = {"name": organization.name, "type": kind, "siret": siret}
    document["services"] = [_service(application, viewer) for application in applications]
    return document


def _service(application: Application, viewer: Viewer) -> dict[str, object]:
    service: dict[str, object] = {
        "id": str(application.pk),
        "name": application.name,
        "url": address_for(application, viewer),
        "maturity": application.maturity,
        "logo": logo_url(application),
        "description": application.description,
    }
    if (subscribed := getattr(application, "is_subscribed", None)) is not None:
        service["subscribed"] = subscribed
    return service


def logo_url(application: Application) -> str:
    """Return the absolute address of the logo; it changes when the logo does."""
    return absolute("suite:application-logo", application.slug, query=urlencode({"v": application.logo_version}))


def initials_logo(application: Application) -> str:
    """Return an SVG with the first letters of the name, for an application without a logo."""
    tint = _TINTS[zlib.crc32(application.slug.encode()) % len(_TINTS)]
    with translation.override("fr"):  # One picture whatever the language: it is cached.
        letters = initials(application.name)
    return render_to_string("suite/logo.svg", {"letters": letters, "tint": tint})


def may_read_personal_menu(origin: str) -> bool:
    """Say whether an origin is that of an application of the catalogue: only those may read a person's own menu."""
    if not origin or len(origin) > 300:  # noqa: PLR2004 - longer than any host name and port
        return False
    addresses = Application.objects.open().filter(client__is_trusted=True, url__startswith=origin)
    return any(_origin_of(url) == origin for url in addresses.values_list("url", flat=True))


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
