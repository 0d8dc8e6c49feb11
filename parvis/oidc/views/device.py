"""The pages where a person lets a device in that has no keyboard (RFC 8628, section 3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts import assurance, rates
from parvis.accounts.demands import Demand, url_for_confirmation
from parvis.accounts.requests import SignedInRequest
from parvis.directory.models import User
from parvis.oidc import clients, devices, registry, told
from parvis.oidc.actions import devices as actions
from parvis.oidc.authorization import organizations, prompts
from parvis.oidc.authorization.decision import Ask, browser_session
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.forms import DeviceCodeForm, OrganizationForm
from parvis.oidc.http import Form
from parvis.oidc.models import Client, DeviceRequest
from parvis.oidc.store import BrowserSession
from parvis.oidc.views import account_choice
from parvis.oidc.views.endpoints import headers_only
from parvis.oidc.views.pages import what_is_shared

TRIES = rates.Limit("device-codes", 10, timedelta(minutes=15))
_State = DeviceRequest.State


@dataclass(frozen=True, slots=True)
class Visit:
    """A device that waits, and the person who would let it in."""

    waiting: DeviceRequest
    client: RegisteredClient
    session: BrowserSession
    request: AuthorizationRequest

    @property
    def refusal(self) -> str:
        """Return why this person cannot let it in, or nothing."""
        may_enter = registry.may_enter(self.client.pk, self.session.user_id)
        if not self.client.is_active or self.client.is_sandbox or not may_enter:
            return _("This application is not open to you.")
        try:
            organizations.settled(self.request, self.session)
        except Refused:
            return _("This application is for people of another organisation.")
        return ""

    @property
    def is_stale(self) -> bool:
        """Say whether the application wants a fresher sign-in than this one."""
        most = self.client.default_max_age
        return most is not None and timezone.now() - self.session.auth_time > timedelta(seconds=most)

    def choice(self, data: Mapping[str, Any] | None = None) -> OrganizationForm | None:
        """Return the choice among the person's organisations, as the sign-in offers it, if there is one."""
        ask = Ask(prompts.ORGANIZATION, self.request, self.session, None)
        return None if self.refusal else account_choice.form_of(ask, data)


@require_http_methods(["GET", "HEAD", "POST"])
def device_code(request: SignedInRequest) -> HttpResponse:
    """Ask for the code, then show who asks and what they would know."""
    initial = {"user_code": request.GET.get("user_code", "")[:50]}
    form = DeviceCodeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["user_code"]
        rates.spend([(TRIES, (str(request.user.pk),))])
        if visit := _visit(request, code):
            return _question(request, visit, code)
        form.add_error("user_code", _("No device shows this code, or it is too old. Look at the device again."))
    return _fresh(render(request, "oidc/device_code.html", {"form": form}))


def _question(request: SignedInRequest, visit: Visit, code: str, form: OrganizationForm | None = None) -> HttpResponse:
    """Say who asks; a sign-in that is too old for them is renewed first.

    Where there is a choice of organisations, none of them is shown as what will be shared: it is being chosen.
    """
    if visit.is_stale:
        back = f"{request.path}?{urlencode({'user_code': devices.shown(code)})}"
        return HttpResponseRedirect(url_for_confirmation(Demand(next=back, reauthenticate=True)))
    rates.forget(TRIES, str(request.user.pk))
    form = form or visit.choice()
    session = replace(visit.session, organization_id=None) if form else visit.session
    context: dict[str, Any] = {
        "application": visit.client.name,
        "face": registry.faces_of([visit.client.pk]).get(visit.client.pk, registry.Face()),
        "user_code": code,  # `code` is the language in every page of ours
        "shown_code": devices.shown(code),
        "links": told.links_of(visit.client.pk),
        "shared": what_is_shared(Ask(prompts.CONSENT, visit.request, session, None)),
        "refusal": visit.refusal,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return _fresh(render(request, "oidc/device_question.html", context, status=status))


@require_POST
def device_answer(request: SignedInRequest) -> HttpResponse:
    """Let the device in, or send it away."""
    code = devices.read(request.POST.get("user_code", ""))
    visit = _visit(request, code)
    if visit is None:
        return redirect("oidc:device")
    client, user = Client.objects.get(pk=visit.client.pk), request.user
    is_allowed = request.POST.get("answer") == "allow" and not visit.refusal and not visit.is_stale
    form = visit.choice(request.POST) if is_allowed else None
    if form is not None and not form.is_valid():
        return _question(request, visit, code, form)
    try:
        if is_allowed:
            sign_in = _sign_in(visit, user, form.chosen if form else None)
            actions.allow(waiting=visit.waiting, client=client, sign_in=sign_in)
        else:
            actions.refuse(waiting=visit.waiting, client=client, by=user)
    except actions.TooLateError:
        return redirect("oidc:device")
    done = urlencode({"answer": "allowed" if is_allowed else "refused"})
    response = redirect("oidc:device-done")
    response["Location"] += f"?{done}"
    return response


@require_safe
def device_done(request: HttpRequest) -> HttpResponse:
    """Send the person back to their device."""
    return render(request, "oidc/device_done.html", {"is_allowed": request.GET.get("answer") == "allowed"})


def _visit(request: HttpRequest, code: str) -> Visit | None:
    """Return the device that shows this code, while it waits."""
    still = DeviceRequest.objects.filter(state=_State.WAITING, expires_at__gt=timezone.now())
    waiting = still.filter(user_code_digest=devices.user_code_digest(code)).first() if code else None
    client = clients.find_by_pk(waiting.client_id) if waiting else None
    if waiting is None or client is None:
        return None
    session = browser_session(headers_only(request), client.pk)
    return Visit(waiting, client, session, _request_of(waiting, client)) if session else None


def _request_of(waiting: DeviceRequest, client: RegisteredClient) -> AuthorizationRequest:
    """Return what the device asks for in the form that the pages of sign-in read."""
    return AuthorizationRequest(
        Form({}),
        registered=client,
        scope=waiting.scope,
        shared=frozenset(waiting.scope.split()),
        organizations_demanded=frozenset({client.organization_id}) if client.organization_id else None,
    )


def _sign_in(visit: Visit, user: User, chosen: UUID | None) -> actions.SignIn:
    session = visit.session
    return actions.SignIn(
        user=user,
        sid=session.sid,
        organization_id=chosen or organizations.settled(visit.request, session),
        acr=assurance.level(belongs=session.belongs, methods=session.amr),
        amr=list(session.amr),
        auth_time=session.auth_time,
    )


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
