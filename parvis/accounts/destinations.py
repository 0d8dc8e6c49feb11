"""Where a sign-in leads: a path of our own and nothing else."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.web.responses import leave_to

LONGEST = 8192
"""Authorisation requests are long, and come back here as a whole."""


def safe(path: str) -> str:
    """Return the path if it is one of ours, relative to this host, else an empty string."""
    if not path.startswith("/") or path.startswith("//") or len(path) > LONGEST:
        return ""
    if any(ord(char) < 33 or char == "\\" for char in path):  # noqa: PLR2004 - controls and blanks
        return ""
    try:
        parts = urlsplit(path)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return ""
    return path


def default() -> str:
    """Return where a sign-in leads when nobody asked for anything."""
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def leave(request: HttpRequest, path: str) -> HttpResponse:
    """Go on to a safe path.

    The OpenID provider will answer by a redirect to an application, which the policy `form-action 'self'` forbids after
    a form: so a page leads there instead (see `leave_to`).
    """
    if path.startswith("/oidc/") and request.method == "POST":
        return leave_to(request, path)
    return redirect(path or default())
