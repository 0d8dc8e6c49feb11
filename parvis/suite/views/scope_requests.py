"""Asking to learn more of people than any application may, and answering as an operator."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.lib.paging import page_of
from parvis.oidc.scopes import RESTRICTED, SCOPES
from parvis.suite import policies
from parvis.suite.actions import scope_requests
from parvis.suite.exceptions import SuiteError
from parvis.suite.forms import AnswerForm, ScopeRequestForm
from parvis.suite.models import ScopeRequest
from parvis.suite.views.desk import context, trail_to, with_client

_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def scope_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the application may learn, and ask for more."""
    application, client = with_client(request, slug)
    form = ScopeRequestForm(request.POST or None, client=client)
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        try:
            scope_requests.ask_for_scopes(by=by, application=application, **form.cleaned_data)
        except SuiteError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("The operators have been told. You will read their answer here and by e-mail."))
        return redirect("suite:scope-request", slug)
    requests = list(application.scope_requests.select_related("by", "answered_by")[:20])
    shown = {
        "granted": [SCOPES[name] for name in SCOPES if name in client.scopes],
        "missing": sorted(RESTRICTED - set(client.scopes)),
        "form": form,
        "requests": requests,
        "is_waiting": any(one.state == ScopeRequest.State.WAITING for one in requests),
    }
    return render(request, "suite/scope_request.html", context(application, "scope-request", **shown))


@require_safe
def scope_request_list(request: HttpRequest) -> HttpResponse:
    """Show operators what waits for their answer, then what was answered."""
    if not policies.can_trust(request.user):
        raise PermissionDenied
    everything = ScopeRequest.objects.select_related("application", "by", "answered_by")
    shown = {
        "trail": trail_to(last=_("Requests for more data")),
        "waiting": everything.waiting().order_by("created_at", "id")[:100],
        "page": page_of(everything.exclude(state="waiting"), request.GET, order=("-created_at", "-id"), size=_PAGE),
    }
    return render(request, "suite/scope_request_list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def scope_request_answer(request: HttpRequest, pk: Any) -> HttpResponse:
    """Read one request and answer it."""
    if not policies.can_trust(request.user):
        raise PermissionDenied
    asked = get_object_or_404(ScopeRequest.objects.select_related("application__owner", "by"), pk=pk)
    form = AnswerForm(request.POST or None)
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        accept = form.cleaned_data["verdict"] == "accept"
        try:
            scope_requests.answer_scope_request(by=by, request=asked, accept=accept, answer=form.cleaned_data["answer"])
        except SuiteError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("The team has been told."))
        return redirect("suite:scope-request-list")
    scopes = [SCOPES[name] for name in asked.scopes if name in SCOPES]
    trail = trail_to(application=asked.application, last=_("Request for more data"))
    shown = {"trail": trail, "asked": asked, "form": form, "scopes": scopes}
    return render(request, "suite/scope_request_answer.html", shown)
