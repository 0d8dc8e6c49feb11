"""Light or dark: what the device says, unless this browser keeps another choice in a cookie. No script is needed."""

from typing import Literal, get_args

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from parvis.web import cookies

Appearance = Literal["auto", "light", "dark"]
COOKIE = "appearance"
COOKIE_AGE = 365 * 24 * 3600


def known(value: str) -> Appearance:
    """Return the value if it is one of ours, else `auto`."""
    return next((one for one in get_args(Appearance) if one == value), "auto")


def appearance(request: HttpRequest) -> Appearance:
    """Return this browser's choice."""
    return known(cookies.read(request, COOKIE))


def remember(response: HttpResponseBase, value: Appearance) -> None:
    """Keep the choice for a year; `auto` forgets it."""
    if value == "auto":
        cookies.forget(response, COOKIE)
        return
    cookies.keep(response, COOKIE, value, max_age=COOKIE_AGE)
