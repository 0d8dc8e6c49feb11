"""Short texts that programs look for."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.lib.urls import absolute

VALID_FOR = dt.timedelta(days=180)


@login_not_required
@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a weakness (RFC 9116)."""
    contact = settings.SECURITY_CONTACT
    if contact and "://" not in contact:
        contact = f"mailto:{contact.removeprefix('mailto:')}"
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact or absolute('home:legal', 'security')}",
        f"Expires: {(midnight + VALID_FOR).astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {absolute('home:security-txt')}",
        f"Policy: {absolute('home:legal', 'security')}",
    ]
    return _text(lines)


@login_not_required
@require_safe
def robots_txt(_request: HttpRequest) -> HttpResponse:
    """Let search engines read public pages, and spare them the endless ones."""
    hidden = ["/search/", "/components/", "/oidc/", "/account/", "/sign-in/"]
    return _text(["User-agent: *", *(f"Disallow: {path}" for path in hidden)])


def _text(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response
