"""`/oidc/logout`: an application wants the person signed out (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.actions.signing_in import sign_out
from parvis.accounts.requests import VisitorRequest
from parvis.lib.marks import writes_on_get
from parvis.oidc import logout as protocol
from parvis.oidc.http import Form, MalformedError, read_form
from parvis.oidc.logout import LogoutRequest, RefusedLogout
from parvis.oidc.views.authorize import go_back
from parvis.oidc.views.endpoints import asked_by_get
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
    try:
        asked = protocol.read(form)
    except RefusedLogout as refused:
        return _refusal(request, str(refused))
    if request.user.is_authenticated and not asked.is_about(request.user.pk):
        return _question(request, form, asked)
    if request.user.is_authenticated:
        sign_out(session=request.session)
    return go_back(asked.back_to) if asked.back_to and asked.is_proven else _done(request, asked)


@login_not_required
@require_POST
def answer(request: VisitorRequest) -> HttpResponse:
    """Do what the person answered to the question, then lead them back to the application if it asked for it."""
    try:
        asked = protocol.read(read_form(request.POST.get("request", "")))
    except MalformedError as error:
        raise BadRequestError from error
    except RefusedLogout as refused:
        return _refusal(request, str(refused))
    if request.POST.get("answer") == "sign-out" and request.user.is_authenticated:
        sign_out(session=request.session)
    return leave_to(request, asked.back_to) if asked.back_to else _done(request, asked)


def _name(asked: LogoutRequest) -> str:
    return asked.client.name_in(get_language() or "en") if asked.client else ""


def _question(request: VisitorRequest, form: Form, asked: LogoutRequest) -> HttpResponse:
    """Ask: without a proof, or with the proof of somebody else's sign-in, an image in a page could send us here."""
    fields = {name: form.get(name) for name in protocol.FIELDS if form.get(name)}
    context = {"application": _name(asked), "person": request.user, "request_query": urlencode(fields)}
    response = render(request, "oidc/logout_question.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _done(request: VisitorRequest, asked: LogoutRequest) -> HttpResponse:
    """Say where things stand; the way back is a link that the person chooses to follow."""
    context = {"application": _name(asked), "back_to": asked.back_to, "is_signed_in": request.user.is_authenticated}
    response = render(request, "oidc/logout_done.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _refusal(request: VisitorRequest, reason: str) -> HttpResponse:
    return render(request, "oidc/logout_refusal.html", {"reason": reason}, status=400)
