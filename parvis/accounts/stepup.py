"""Asking again who somebody is, before what is sensitive."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from parvis.accounts import assurance, demands, destinations
from parvis.accounts.demands import RECENT, Demand
from parvis.accounts.queries import factors_of
from parvis.accounts.requests import SignedInRequest, person_of

View = Callable[..., HttpResponseBase]


def require(*, max_age: int = RECENT, mfa: bool = False, back: str = "accounts:overview") -> Callable[[View], View]:
    """Let a signed-in person in who proved who they are at most `max_age` seconds ago; ask the others, then come back.

    Who has a second factor has to have used it: `mfa` also refuses those who have none yet. After a form, the way back
    leads to the page that it was on, else to `back`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return ask(request, max_age=max_age, mfa=mfa, back=back) or view(request, *args, **kwargs)

        return guarded

    return decorate


def ask(request: SignedInRequest, *, max_age: int = RECENT, mfa: bool = False, back: str = "") -> HttpResponse | None:
    """Return the way to the page of confirmation, or None when the session is sure enough."""
    proofs = request.session.proofs
    fresh = {method for method, at in proofs.items() if at >= time.time() - max_age}
    if fresh & assurance.STRONG and (not mfa or assurance.is_two_factors(proofs)):
        return None
    mfa = mfa or factors_of(request.user).is_enrolled
    if fresh and not mfa:
        return None
    demand = Demand(next=_way_back(request, back), max_age=max_age, mfa=mfa)
    return redirect(demands.url_for_confirmation(demand))


def ask_here(request: HttpRequest) -> HttpResponse | None:
    """Ask on behalf of a layer below, whose views are for people who are signed in."""
    person_of(request)
    return ask(cast("SignedInRequest", request))


def _way_back(request: HttpRequest, back: str) -> str:
    if request.method in {"GET", "HEAD"}:
        return destinations.safe(request.get_full_path())
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and (page := destinations.safe(came_from.path)):
        return page
    return reverse(back) if back else ""
