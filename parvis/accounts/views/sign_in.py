"""Signing in by an address and a code."""

import time

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import demands, devices, rates, registry
from parvis.accounts.actions import codes
from parvis.accounts.actions.joining import create_account
from parvis.accounts.actions.signing_in import sign_out as end_session
from parvis.accounts.assurance import MAIL
from parvis.accounts.demands import Demand
from parvis.accounts.forms import AccountForm, AddressForm, CodeForm
from parvis.accounts.models import EmailChallenge
from parvis.accounts.requests import SignedInRequest, VisitorRequest
from parvis.accounts.views import answers, journey
from parvis.accounts.views.journey import PROVEN, SIGN_IN
from parvis.directory.models import Email, EmailDomain
from parvis.directory.models.user import primary_addresses
from parvis.lib import email_address
from parvis.web.clients import caller_in

COOL_DOWN = 30
"""Seconds before another code may be asked for."""


@require_http_methods(["GET", "HEAD", "POST"])
@journey.step
def sign_in(request: VisitorRequest, demand: Demand) -> HttpResponse:
    """Ask for an address. Nothing in the answer, nor in its time, tells whether somebody has it."""
    if request.user.is_authenticated and not demand.reauthenticate:
        return redirect(demands.url_for_confirmation(demand))
    form = AddressForm(request.POST or None, initial={"email": demand.login_hint or _known_address(request, demand)})
    if request.method == "POST" and form.is_valid():
        send(request, form.cleaned_data["email"])
        return journey.to("accounts:code", demand)
    query = demands.query(demand)
    context = {
        "form": form,
        "demand": demand,
        "query": query,
        "options_url": reverse("accounts:passkey-sign-in-options") + query,
        "answer_url": reverse("accounts:passkey-sign-in") + query,
    }
    return render(request, "accounts/sign_in.html", context, status=422 if form.is_bound else 200)


def _known_address(request: VisitorRequest, demand: Demand) -> str:
    """Return the main address of who is signed in and has to prove it again: this browser knows it."""
    if demand.by_another or not request.user.is_authenticated:
        return ""
    return primary_addresses([request.user.pk]).get(request.user.pk, "")


@require_http_methods(["GET", "HEAD", "POST"])
@journey.step
def code(request: VisitorRequest, demand: Demand) -> HttpResponse:
    """Ask for the code that was sent."""
    pending = request.session.get(SIGN_IN)
    if pending is None:
        return journey.start_again(demand)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answer(request, form, pending):
        holder = Email.objects.holder_of(pending["address"])
        if holder is not None:
            return journey.first_factor_given(request, holder.user, demand, address=pending["address"])
        request.session.cycle_key()
        request.session[PROVEN] = {"address": pending["address"], "proofs": {MAIL: time.time()}}
        return journey.to("accounts:new-account", demand)
    context = {
        "form": form,
        "address": pending["address"],
        "organization": EmailDomain.objects.organization_for(email_address.canonical(pending["address"])),
        "demand": demand,
        "query": demands.query(demand),
    }
    return render(request, "accounts/code.html", context, status=422 if form.is_bound else 200)


@require_POST
@journey.step
def resend(request: VisitorRequest, demand: Demand) -> HttpResponse:
    """Send another code, not too soon after the one before."""
    pending = request.session.get(SIGN_IN)
    if pending is None:
        return journey.start_again(demand)
    wait = round(pending["sent_at"] + COOL_DOWN - time.time())
    if wait > 0:
        said = ngettext(
            "A code has just left. You can ask for another in %(wait)s second.",
            "A code has just left. You can ask for another in %(wait)s seconds.",
            wait,
        )
        messages.info(request, said % {"wait": wait})
    else:
        send(request, pending["address"])
        messages.success(request, _("Another code has left. The one before no longer works."))
    return journey.to("accounts:code", demand)


@require_http_methods(["GET", "HEAD", "POST"])
@journey.step
def new_account(request: VisitorRequest, demand: Demand) -> HttpResponse:
    """Ask who a new person is; their mailbox is proven."""
    proven = request.session.get(PROVEN)
    if proven is None or "user" in proven:
        return journey.start_again(demand)
    form = AccountForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        user, is_new = create_account(address=proven["address"], **form.cleaned_data)
        if is_new:
            return journey.enter(request, user, proven["proofs"], demand, is_new_account=True)
        return journey.first_factor_given(request, user, demand, address=proven["address"])
    organization = EmailDomain.objects.organization_for(email_address.canonical(proven["address"]))
    context = {"form": form, "address": proven["address"], "organization": organization, "query": demands.query(demand)}
    return render(request, "accounts/new_account.html", context, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    """End this session, and say what has become of what it had opened elsewhere."""
    ended = end_session(session=request.session)
    if ended and (address := registry.farewell(ended)):
        return redirect(address)
    messages.success(request, _("You are signed out."))
    return redirect("/")


def send(request: VisitorRequest, address: str) -> None:
    """Count the request, send a code and remember it in this browser's session. Raises TooManyRequestsError."""
    canonical = email_address.canonical(address)
    rates.spend(code_limits(request, canonical))
    before = request.session.get(SIGN_IN) or {}
    challenge = codes.send_code(
        purpose=EmailChallenge.Purpose.SIGN_IN,
        address=address,
        language=get_language() or "",
        replaces=before.get("challenge"),
    )
    request.session[SIGN_IN] = {"challenge": str(challenge.pk), "address": address, "sent_at": time.time()}


def code_limits(request: VisitorRequest, canonical: str) -> list[tuple[rates.Limit, tuple[str, ...]]]:
    """Return the counters of a code sent to an address: a browser that the person has used before has its own."""
    client = caller_in(request.META)
    token = devices.token_of(request)
    if token and devices.knows(token, canonical):
        return [(rates.CODES_BY_CLIENT, (client,)), (rates.CODES_BY_DEVICE, (canonical, token))]
    return [
        (rates.CODES_BY_CLIENT, (client,)),
        (rates.CODES_BY_ADDRESS_AND_CLIENT, (canonical, client)),
        (rates.CODES_BY_ADDRESS, (canonical,)),
    ]


def _answer(request: VisitorRequest, form: CodeForm, pending: dict[str, str]) -> bool:
    """Say whether the code is right; if not, say why in the form."""
    rates.spend([(rates.TRIES_BY_CLIENT, (caller_in(request.META),))])
    purpose = EmailChallenge.Purpose.SIGN_IN
    try:
        codes.answer_code(challenge_id=pending["challenge"], purpose=purpose, code=form.cleaned_data["code"])
    except codes.CodeError as error:
        form.add_error("code", answers.refusal(error))
        return False
    del request.session[SIGN_IN]
    return True
