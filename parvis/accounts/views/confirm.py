"""Confirming who one is, in a session that is already signed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import assurance, demands, destinations, rates
from parvis.accounts.actions import codes, passkeys, signing_in
from parvis.accounts.demands import RECENT, Demand
from parvis.accounts.forms import CodeForm, FactorForm
from parvis.accounts.models import EmailChallenge
from parvis.accounts.queries import Factors, factors_of
from parvis.accounts.requests import SignedInRequest
from parvis.accounts.views import answers, waiting
from parvis.directory.models.user import primary_addresses
from parvis.web.clients import caller_in

CONFIRM = "confirm"
"""Session key: the code under way, {"challenge", "address"}."""


def demand_of(request: SignedInRequest) -> Demand:
    """Return what is asked; a plain address asks for a recent proof."""
    demand = demands.of(request)
    return Demand(next=demand.next, max_age=RECENT) if demand.is_plain else demand


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: SignedInRequest) -> HttpResponse:
    """Offer the ways that give what is asked: second factors to who has one, else a code by e-mail."""
    demand = demand_of(request)
    factors = factors_of(request.user)
    if demands.is_met(demand, request.session):
        return waiting.over(request, destinations.leave(request, demand.next), demand)
    if demand.wants_two_factors and not factors.is_enrolled:
        return waiting.keep(render(request, "accounts/factor_needed.html", {"demand": demand}), demand)
    form = _form(request, factors)
    if request.method == "POST" and form.is_valid() and (method := _method(request, form)):
        return _done(request, demand, method)
    return render(request, "accounts/confirm.html", _context(request, demand, factors, form), status=_status(form))


@require_POST
def send_code(request: SignedInRequest) -> HttpResponse:
    """Send a code to the person's main address; whoever has a second factor is asked for that instead."""
    demand = demand_of(request)
    address = primary_addresses([request.user.pk]).get(request.user.pk)
    if address and not factors_of(request.user).is_enrolled:
        rates.spend(
            [(rates.CODES_BY_CLIENT, (caller_in(request.META),)), (rates.CODES_BY_USER, (str(request.user.pk),))]
        )
        challenge = codes.send_code(
            purpose=EmailChallenge.Purpose.STEP_UP,
            address=address,
            language=get_language() or "",
            user=request.user,
            replaces=(request.session.get(CONFIRM) or {}).get("challenge"),
        )
        request.session[CONFIRM] = {"challenge": str(challenge.pk), "address": address}
    return redirect(reverse("accounts:confirm") + demands.query(demand))


@require_POST
def passkey_options(request: SignedInRequest) -> HttpResponse:
    """Start the ceremony of a passkey."""
    answers.count_passkeys(request)
    return answers.options(passkeys.authentication_options(session=request.session))


@require_POST
def passkey(request: SignedInRequest) -> HttpResponse:
    """Take the answer of one of the person's own passkeys."""
    answers.count_passkeys(request)
    try:
        found = passkeys.use_passkey(session=request.session, credential=answers.credential_of(request))
    except passkeys.PasskeyRefusedError:
        return answers.passkey_refused(request)
    if found.user_id != request.user.pk:
        return answers.passkey_refused(request)
    demand = demand_of(request)
    _prove(request, assurance.PASSKEY)
    return answers.go_to(demand.next or destinations.default())


def _form(request: SignedInRequest, factors: Factors) -> CodeForm | FactorForm:
    if factors.is_enrolled:
        return FactorForm(request.POST or None, has_totp=factors.has_totp)
    return CodeForm(request.POST or None)


def _method(request: SignedInRequest, form: CodeForm | FactorForm) -> str:
    """Return the method that the code proves, or say in the form why none."""
    if isinstance(form, FactorForm):
        return answers.factor_method(request, form, request.user)
    pending: dict[str, Any] = request.session.get(CONFIRM) or {}
    purpose = EmailChallenge.Purpose.STEP_UP
    try:
        challenge = codes.answer_code(
            challenge_id=pending.get("challenge"), purpose=purpose, code=form.cleaned_data["code"]
        )
    except codes.CodeError as error:
        form.add_error("code", answers.refusal(error))
        return ""
    return assurance.MAIL if challenge.user_id == request.user.pk else ""


def _done(request: SignedInRequest, demand: Demand, method: str) -> HttpResponse:
    _prove(request, method)
    if demands.is_met(demand, request.session):
        return waiting.over(request, destinations.leave(request, demand.next), demand)
    messages.info(request, _("Confirmed. One more step is asked for."))
    return redirect(demands.url_for_sign_in(demand))


def _prove(request: SignedInRequest, method: str) -> None:
    request.session.pop(CONFIRM, None)
    signing_in.step_up(session=request.session, method=method)


def _status(form: CodeForm | FactorForm) -> int:
    return 422 if form.is_bound else 200


def _context(
    request: SignedInRequest, demand: Demand, factors: Factors, form: CodeForm | FactorForm
) -> dict[str, object]:
    query = demands.query(demand)
    return {
        "demand": demand,
        "factors": factors,
        "form": form,
        "sent_to": (request.session.get(CONFIRM) or {}).get("address", ""),
        "query": query,
        "options_url": reverse("accounts:confirm-passkey-options") + query,
        "answer_url": reverse("accounts:confirm-passkey") + query,
    }
