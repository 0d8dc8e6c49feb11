"""The second factor of a sign-in, and passkeys as both factors at once."""

import time

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import assurance, demands
from parvis.accounts.actions import passkeys
from parvis.accounts.demands import RECENT, Demand
from parvis.accounts.forms import FactorForm
from parvis.accounts.queries import factors_of
from parvis.accounts.requests import VisitorRequest
from parvis.accounts.views import answers, journey
from parvis.accounts.views.journey import PROVEN
from parvis.directory.models import User
from parvis.web.problem import problem


@require_http_methods(["GET", "HEAD", "POST"])
@journey.step
def second_factor(request: VisitorRequest, demand: Demand) -> HttpResponse:
    """Ask for the second factor of a person whose mailbox is proven."""
    user = _proven_user(request)
    if user is None:
        return journey.start_again(demand)
    factors = factors_of(user)
    form = FactorForm(request.POST or None, has_totp=factors.has_totp)
    if request.method == "POST" and form.is_valid() and (method := answers.factor_method(request, form, user)):
        proofs = request.session[PROVEN]["proofs"] | {method: time.time()}
        return journey.enter(request, user, proofs, demand)
    query = demands.query(demand)
    context = {
        "form": form,
        "factors": factors,
        "address": request.session[PROVEN]["address"],
        "query": query,
        "options_url": reverse("accounts:passkey-sign-in-options") + query,
        "answer_url": reverse("accounts:passkey-sign-in") + query,
    }
    return render(request, "accounts/second_factor.html", context, status=422 if form.is_bound else 200)


@require_POST
@journey.step
def passkey_options(request: VisitorRequest, _demand: Demand) -> HttpResponse:
    """Start the ceremony by which a passkey signs in."""
    answers.count_passkeys(request)
    return answers.options(passkeys.authentication_options(session=request.session))


@require_POST
@journey.step
def passkey(request: VisitorRequest, demand: Demand) -> HttpResponse:
    """Sign in the person whose passkey answered; after a proven mailbox, it has to be theirs."""
    answers.count_passkeys(request)
    try:
        found = passkeys.use_passkey(session=request.session, credential=answers.credential_of(request))
    except passkeys.PasskeyRefusedError:
        return answers.passkey_refused(request)
    if not found.user.is_active:
        return problem(request, 403, _("Your account is suspended"))
    proven = _proven_user(request)
    if proven is not None and proven.pk != found.user_id:
        return answers.passkey_refused(request)
    proofs = (request.session[PROVEN]["proofs"] if proven else {}) | {assurance.PASSKEY: time.time()}
    return journey.enter(request, found.user, proofs, demand, go=lambda _request, path: answers.go_to(path))


def _proven_user(request: VisitorRequest) -> User | None:
    """Return the active person whose mailbox was proven here a moment ago."""
    proven = request.session.get(PROVEN) or {}
    if time.time() - proven.get("proofs", {}).get(assurance.MAIL, 0) > RECENT:
        return None
    return User.objects.active().filter(pk=proven["user"]).first() if "user" in proven else None
