"""Our cookies beside the session's: for this host alone, out of reach of scripts, never sent by foreign forms."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def name(kind: str) -> str:
    """Return a cookie's name. Over HTTPS its prefix holds it to this host (RFC 6265bis, section 4.1.3.2)."""
    return f"{settings.COOKIE_PREFIX}{kind}"


def read(request: HttpRequest, kind: str) -> str:
    """Return what this browser keeps, or an empty string."""
    return request.COOKIES.get(name(kind), "")


def keep(response: HttpResponseBase, kind: str, value: str, *, max_age: timedelta | int) -> None:
    """Have the browser keep a value for so long."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name(kind), value, max_age=max_age, secure=secure, httponly=True, samesite="Lax")


def forget(response: HttpResponseBase, kind: str) -> None:
    """Have the browser forget it."""
    response.delete_cookie(name(kind), samesite="Lax")
