"""The built-in page where developers try the sign-in of their application."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.lib.marks import writes_on_get
from parvis.suite import policies, trying
from parvis.suite.forms import TrialForm
from parvis.suite.models import Application
from parvis.suite.views.desk import context, with_client
from parvis.web.responses import leave_to

_KEPT = "trials"
_MOST = 5


@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what to ask for, and begin."""
    application, client = with_client(request, slug)
    if not client.signs_people_in:
        raise Http404
    form = TrialForm(request.POST or None, client=client)
    if form.is_valid():
        by: Any = request.user
        address, kept = trying.begin(client.client_id, form.cleaned_data)
        _keep(request, kept)
        journal.record(tag=Tag.SIGN_IN_TRIED, by=by, target=application)
        return leave_to(request, address)
    return render(request, "suite/trial.html", context(application, "trial", client=client, form=form))


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
