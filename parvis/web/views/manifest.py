"""The web manifest and the icon that browsers ask for without being told."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Let a phone put Parvis on its home screen (W3C Web Application Manifest)."""
    icons = [
        {"src": static("web/mark.svg"), "type": "image/svg+xml", "sizes": "any"},
        {"src": static("web/app-icon-192.png"), "type": "image/png", "sizes": "192x192"},
        {"src": static("web/app-icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any maskable"},
    ]
    body = {
        "name": "Parvis",
        "short_name": "Parvis",
        "description": _("The common workplace of teams that build public services"),
        "lang": get_language(),
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#fbf9f6",
        "theme_color": "#0b5a61",
        "icons": icons,
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=86400"
    response["Vary"] = "Accept-Language, Cookie"
    return response


@login_not_required
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead old clients to the icon."""
    return HttpResponsePermanentRedirect(static("web/app-icon-192.png"))
