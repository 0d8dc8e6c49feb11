"""Answers that several apps give."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def leave_to(request: HttpRequest, url: str) -> HttpResponse:
    """Return a page that sends the browser to another origin at once, with a link for who has to click.

    The policy `form-action 'self'` also blocks redirects that follow the submission of a form; so an answer to a form
    that leads outside cannot be a 303 (see the discussion in CSP 3, section 6.3.1). A page that refreshes can.
    """
    parts = urlsplit(url)
    if parts.scheme in {"javascript", "data", "vbscript"} or any(ord(char) < 33 for char in url):  # noqa: PLR2004 - blanks and controls
        message = "Refusing to lead a browser to an address that is not a plain URL."
        raise ValueError(message)
    context = {"url": url, "host": parts.hostname or parts.scheme, "page_title": _("One moment…")}
    response = render(request, "web/leave.html", context)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
