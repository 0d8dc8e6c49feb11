"""`/oidc/logout`: an application wants the person signed out (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.actions.signing_in import sign_out
from parvis.accounts.registry import EndedSession
from parvis.accounts.requests import VisitorRequest
from parvis.directory.models import Email
from parvis.lib.marks import writes_on_get
from parvis.oidc import farewell, mishaps, registry, sandbox
from parvis.oidc import logout as protocol
from parvis.oidc.actions import logouts
from parvis.oidc.differences import nearest
from parvis.oidc.farewell import Farewell
from parvis.oidc.http import Form, MalformedError, read_form
from parvis.oidc.logout import LogoutRequest, RefusedLogout
from parvis.oidc.views.authorize import go_back
from parvis.oidc.views.endpoints import asked_by_get
from parvis.web import cookies, language
from parvis.web.exceptions import BadRequestError
from parvis.web.responses import leave_to


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
@writes_on_get(
    "RP-Initiated Logout 1.0, section 2: the application leads the browser here by GET, and the session ends"
)
def logout(request: VisitorRequest) -> HttpResponse:
    """End the session when the application proves that it is about this person; ask first in any other case."""
    form = asked_by_get(request)
    if isinstance(form, HttpResponse):
        return form
    language.propose(request, language.first_known(form.get("ui_locales")[:200].split()))
    try:
        asked = protocol.read(form)
    except RefusedLogout as refused:
        return _refusal(request, refused, form)
    if asked.client.is_sandbox if asked.client else not request.user.is_authenticated:
        return _leave_sandbox(request, asked)
    if request.user.is_authenticated and not asked.is_about(request.user.pk):
        return _question(request, form, asked)
    ended = sign_out(session=request.session) if request.user.is_authenticated else None
    return _leave(request, asked, ended, go_back) if ended or asked.is_proven else _done(request, asked)


@login_not_required
@require_POST
def answer(request: VisitorRequest) -> HttpResponse:
    """Do what the person answered to the question, then lead them back to the application if it asked for it."""
    try:
        form = read_form(request.POST.get("request", ""))
    except MalformedError as error:
        raise BadRequestError from error
    try:
        asked = protocol.read(form)
    except RefusedLogout as refused:
        return _refusal(request, refused, form)
    wants_out = request.POST.get("answer") == "sign-out" and request.user.is_authenticated
    ended = sign_out(session=request.session) if wants_out else None
    return _leave(request, asked, ended, lambda url: leave_to(request, url))


def _leave(
    request: VisitorRequest, asked: LogoutRequest, ended: EndedSession | None, go: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Lead back to the application that asked, or to the page that says where every application stands.

    That page comes first in any case when some of them are told in the browser: their frames have to be shown.
    """
    if ended is not None:
        told = Farewell(ended.sid, ended.user_id, asked.back_to, _name(asked), get_language() or "")
        partings = farewell.partings(told)
        if farewell.frames(told, partings) or (partings and not asked.back_to):
            return redirect(told.address)
    return go(asked.back_to) if asked.back_to else _done(request, asked)


def _leave_sandbox(request: VisitorRequest, asked: LogoutRequest) -> HttpResponse:
    """Sign the fictional person out of an application on trial, of all when none is named; a real one stays signed in.

    Only an application that proves its wish gets the browser back by itself (section 3).
    """
    chosen = sandbox.read(cookies.read(request, sandbox.COOKIE))
    ended = [one for one in chosen if asked.client is None or one.client_id == asked.client.client_id]
    for one in ended:
        logouts.end_of_session(one.sid)
    wish = asked if asked.is_proven else replace(asked, back_to="")
    if len(ended) == 1:
        response = _leave(request, wish, EndedSession(UUID(ended[0].sid), UUID(ended[0].user)), go_back)
    else:
        response = go_back(wish.back_to) if wish.back_to else _done(request, asked)
    if ended:
        sandbox.remember(response, [one for one in chosen if one not in ended])
    return response


def _name(asked: LogoutRequest) -> str:
    return asked.client.name if asked.client else ""


def _question(request: VisitorRequest, form: Form, asked: LogoutRequest) -> HttpResponse:
    """Ask: without a proof, or with the proof of somebody else's sign-in, an image in a page could send us here."""
    fields = {name: form.get(name) for name in protocol.FIELDS if form.get(name)}
    expected = form.get("logout_hint")
    context = {
        "application": _name(asked),
        "person": request.user,
        "request_query": urlencode(fields),
        "expected": expected if _is_somebody_else(expected, request.user) else "",
    }
    response = render(request, "oidc/logout_question.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _is_somebody_else(hint: str, person: object) -> bool:
    """Say whether `logout_hint` is an address, and not one of this person's."""
    try:
        validate_email(hint)
    except ValidationError:
        return False
    holder = Email.objects.holder_of(hint)
    return holder is None or holder.user != person


def _done(request: VisitorRequest, asked: LogoutRequest) -> HttpResponse:
    """Say where things stand; the way back is a link that the person chooses to follow."""
    context = {"application": _name(asked), "back_to": asked.back_to, "is_signed_in": request.user.is_authenticated}
    response = render(request, "oidc/logout_done.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _refusal(request: VisitorRequest, refused: RefusedLogout, form: Form) -> HttpResponse:
    client, given = refused.client, form.get("post_logout_redirect_uri")
    context: dict[str, Any] = {
        "reason": str(refused),
        "application": client.name if client else "",
    }
    if client:
        mishaps.of_sign_out(client.pk, str(refused), given)
        context["desk"] = registry.desk_of(client.pk, request.user)
        if context["desk"] and given:
            context["differences"] = nearest(given, list(client.post_logout_redirect_uris))
    return render(request, "oidc/logout_refusal.html", context, status=400)
