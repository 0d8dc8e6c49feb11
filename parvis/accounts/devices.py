"""Browsers where people have signed in before: a long-lived cookie, of which the table keeps the digest."""

import hashlib
import re
import secrets

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from parvis.accounts.models import KnownDevice
from parvis.directory.models import User
from parvis.web import cookies

COOKIE = "device"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token_of(request: HttpRequest) -> str:
    """Return the cookie's token if it can be one of ours, else an empty string."""
    token = cookies.read(request, COOKIE)
    return token if _TOKEN.fullmatch(token) else ""


def digest(token: str) -> str:
    """Return what the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def knows(token: str, canonical: str) -> bool:
    """Say whether the holder of this address has signed in with this browser; only the browser's own cookie can ask."""
    known = KnownDevice.objects.filter(
        digest=digest(token),
        last_used_at__gt=timezone.now() - KnownDevice.LIFETIME,
        user__emails__canonical=canonical,
        user__emails__verified_at__isnull=False,
    )
    return bool(token) and known.exists()


def remember(user: User, token: str) -> tuple[str, bool]:
    """Note that the person signs in with this browser; return its token, and whether it is new to them."""
    token = token or secrets.token_urlsafe(32)
    _device, is_new = KnownDevice.objects.update_or_create(
        user=user, digest=digest(token), defaults={"last_used_at": timezone.now()}
    )
    return token, is_new


def set_cookie(response: HttpResponseBase, token: str) -> None:
    """Leave the token in the browser."""
    cookies.keep(response, COOKIE, token, max_age=KnownDevice.LIFETIME)
