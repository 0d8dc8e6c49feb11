"""What waits while somebody adds the second factor that it asked for: kept by their browser, and offered afterwards."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from parvis.accounts import demands
from parvis.accounts.demands import Demand
from parvis.web import cookies

COOKIE = "waiting"
_LONGEST = 3_500
"""What a browser keeps of one cookie is 4 kB; a longer demand is found again by the back button."""


def keep(response: HttpResponse, demand: Demand) -> HttpResponse:
    """Let the browser keep a demand that cannot be met yet."""
    token = demands.sign(demand)
    if len(token) <= _LONGEST:
        cookies.keep(response, COOKIE, token, max_age=demands.LIFETIME)
    return response


def shown_to(request: HttpRequest) -> dict[str, Any]:
    """Return what a page says of the demand that waits in this browser, if one does."""
    demand = _kept(request)
    return {"waiting": demand, "waiting_url": demands.url_for_confirmation(demand)} if demand else {}


def over(request: HttpRequest, response: HttpResponse, demand: Demand) -> HttpResponse:
    """Forget a demand that has been met; another one, asked for on the way, leaves it."""
    kept = _kept(request)
    if kept and kept.next == demand.next:
        cookies.forget(response, COOKIE)
    return response


def _kept(request: HttpRequest) -> Demand | None:
    token = cookies.read(request, COOKIE)
    return demands.read(token) if token else None
