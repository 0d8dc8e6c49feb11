"""The built-in page where developers try the sign-in of their application."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.lib.marks import writes_on_get
from parvis.oidc import clients
from parvis.suite import policies, trying
from parvis.suite.forms import SecretCheckForm, TrialForm
from parvis.suite.models import Application
from parvis.suite.views.desk import context, with_client
from parvis.web.responses import leave_to

_KEPT = "trials"
_MOST = 5


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what to ask for, and begin; or check a secret by itself."""
    application, client = with_client(request, slug)
    if not client.signs_people_in:
        raise Http404
    check = SecretCheckForm(request.POST if "secret" in request.POST else None)
    if check.is_valid():
        _check_secret(request, client.client_id, check.cleaned_data["secret"])
        return redirect("suite:trial", slug)
    form = TrialForm(None if check.is_bound else request.POST or None, client=client)
    if form.is_valid():
        by: Any = request.user
        address, kept = trying.begin(client.client_id, form.cleaned_data)
        _keep(request, kept)
        journal.record(tag=Tag.SIGN_IN_TRIED, by=by, target=application)
        return leave_to(request, address)
    return render(request, "suite/trial.html", context(application, "trial", client=client, form=form, check=check))


def _check_secret(request: HttpRequest, client_id: str, secret: str) -> None:
    """Say whether a secret is one of the application's; it is compared, and kept nowhere."""
    found = clients.find(client_id)
    if found is not None and found.has_secret(secret):
        messages.success(request, _("This secret works."))
    else:
        messages.error(
            request,
            _("This secret does not work: it is another application’s, it has ended, or a part of it is missing."),
        )


def _keep(request: HttpRequest, kept: dict[str, str]) -> None:
    before = request.session.get(_KEPT, {})
    names = list(before)[-(_MOST - 1) :]
    request.session[_KEPT] = {name: before[name] for name in names} | {kept["state"]: kept}


@require_safe
@writes_on_get("OpenID Connect Core 1.0, section 3.1.2.5: the answer comes as a GET, and its code is redeemed")
def trial_result(request: HttpRequest) -> HttpResponse:
    """Show each step and each claim; an answer that this browser did not ask for leads back to the catalogue."""
    waiting = request.session.get(_KEPT, {})
    kept = waiting.pop(request.GET.get("state", ""), None)
    if kept is None:
        messages.info(request, _("This trial is over. Begin another from the page of the application."))
        return redirect("suite:application-list")
    request.session[_KEPT] = waiting
    seen = Application.objects.visible_to(request.user).select_related("client", "owner")
    application = seen.filter(client__client_id=kept["client_id"]).first()
    if application is None or not policies.can_edit(request.user, application):
        return redirect("suite:application-list")
    done = trying.finished(kept, request.GET.dict())
    response = render(request, "suite/trial_result.html", context(application, "trial", trial=done))
    response["Cache-Control"] = "no-store"
    return response
