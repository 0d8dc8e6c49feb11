"""The steps of a sign-in, whichever page they are on."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from parvis.accounts import assurance, demands, destinations, devices
from parvis.accounts.actions import signing_in
from parvis.accounts.demands import Demand
from parvis.accounts.queries import factors_of
from parvis.accounts.requests import VisitorRequest
from parvis.directory.models import User
from parvis.web import language

SIGN_IN = "sign_in"
"""Session key: the code under way, {"challenge", "address", "sent_at"}."""
PROVEN = "proven"
"""Session key: a mailbox that was proven by a visitor, {"address", "user", "proofs"}; not yet a sign-in."""

Step = Callable[[VisitorRequest, Demand], HttpResponse]


def step(view: Step) -> Callable[..., HttpResponse]:
    """Make a page of the sign-in: public, never cached, and left at once by who has what they came for.

    That comes before the check of the form's token, which changes at the sign-in: so the second of two tabs, or a page
    brought back by the back button, goes on instead of failing.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @login_not_required
    @never_cache
    @wraps(view)
    def page(request: VisitorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        demand = demands.of(request)
        language.propose(request, demand.language)
        if request.user.is_authenticated and demands.is_met(demand, request.session):
            return destinations.leave(request, demand.next)
        return protected(request, demand, *args, **kwargs)

    return page


def to(name: str, demand: Demand) -> HttpResponse:
    """Go to another page of the sign-in, with what was asked of it."""
    return redirect(reverse(name) + demands.query(demand))


def start_again(demand: Demand) -> HttpResponse:
    """Go back to the first page: this browser has nothing under way."""
    return to("accounts:sign-in", demand)


def first_factor_given(request: VisitorRequest, user: User, demand: Demand, *, address: str) -> HttpResponse:
    """Go on after a proven mailbox: to the second factor of who has one, else into the house."""
    proofs = {assurance.MAIL: time.time()}
    if not user.is_active:
        return closed(request)
    if not factors_of(user).is_enrolled:
        return enter(request, user, proofs, demand)
    request.session.cycle_key()
    request.session[PROVEN] = {"address": address, "user": str(user.pk), "proofs": proofs}
    return to("accounts:second-factor", demand)


def enter(
    request: VisitorRequest,
    user: User,
    proofs: dict[str, float],
    demand: Demand,
    *,
    is_new_account: bool = False,
    go: Callable[[VisitorRequest, str], HttpResponse] = destinations.leave,
) -> HttpResponse:
    """Sign the person in and lead them to where they wanted to go; `go` makes the answer that does."""
    browser = signing_in.Browser.of(request)
    try:
        token = signing_in.sign_in(
            session=request.session, user=user, proofs=proofs, browser=browser, is_new_account=is_new_account
        )
    except signing_in.AccountClosedError:
        return closed(request)
    rotate_token(request)
    response = go(request, way_on(request, demand))
    devices.set_cookie(response, token)
    return response


def way_on(request: VisitorRequest, demand: Demand) -> str:
    """Return the destination, or the page that asks for what is still missing."""
    if demands.is_met(demand, request.session):
        return demand.next or destinations.default()
    return demands.url_for_confirmation(demand)


def closed(request: VisitorRequest) -> HttpResponse:
    """Tell a suspended person, who alone can see it: they have proven that the account is theirs."""
    request.session.flush()
    return render(request, "accounts/closed.html", status=403)
