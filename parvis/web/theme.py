"""Light or dark: what the device says, unless this browser keeps another choice in a cookie. No script is needed."""

from typing import Literal, get_args

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Appearance = Literal["auto", "light", "dark"]
COOKIE_AGE = 365 * 24 * 3600


def cookie_name() -> str:
    """Return the cookie's name, with the same prefix as the other cookies in production."""
    return settings.LANGUAGE_COOKIE_NAME.replace("language", "appearance")


def known(value: str) -> Appearance:
    """Return the value if it is one of ours, else `auto`."""
    return next((one for one in get_args(Appearance) if one == value), "auto")


def appearance(request: HttpRequest) -> Appearance:
    """Return this browser's choice."""
    return known(request.COOKIES.get(cookie_name(), ""))


def remember(response: HttpResponseBase, value: Appearance) -> None:
    """Keep the choice for a year; `auto` forgets it."""
    if value == "auto":
        response.delete_cookie(cookie_name(), samesite="Lax")
        return
    response.set_cookie(
        cookie_name(), value, max_age=COOKIE_AGE, secure=settings.LANGUAGE_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
