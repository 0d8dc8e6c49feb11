"""What people answer to the pages of an authorization request."""

import dataclasses

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.accounts.demands import Demand, url_for_sign_in
from parvis.directory.models import User
from parvis.oidc.actions import consents
from parvis.oidc.authorization import decision, interaction
from parvis.oidc.authorization.answers import GoBack, answer
from parvis.oidc.authorization.decision import Allow, Ask, Outcome
from parvis.oidc.http import MalformedError, read_form
from parvis.oidc.models import Client
from parvis.oidc.views import pages
from parvis.oidc.views.authorize import read, remember
from parvis.oidc.views.endpoints import headers_only
from parvis.web.exceptions import BadRequestError
from parvis.web.responses import leave_to


@require_POST
def give_consent(request: HttpRequest) -> HttpResponse:
    """Keep the person's agreement, or tell the application that there is none."""
    outcome = _outcome(request)
    if not (isinstance(outcome, Ask) and outcome.prompt.name == "consent"):
        return _on(request, outcome)
    if request.POST.get("answer") != "allow":
        refused = {"error": "access_denied", "error_description": "The person does not want to share this."}
        return _on(request, answer(outcome.request, **refused))
    client = Client.objects.get(pk=outcome.request.client.pk)
    consents.give(client=client, user=_person(request), scopes=outcome.request.shared)
    return _on(request, _outcome(request))


@require_POST
def choose_account(request: HttpRequest) -> HttpResponse:
    """Go on as the person who is signed in, or sign somebody else in."""
    outcome = _outcome(request)
    if not (isinstance(outcome, Ask) and outcome.interaction and outcome.session):
        return _on(request, outcome)
    address = interaction.address(outcome.request.given, outcome.interaction)
    if request.POST.get("answer") != "continue":
        demand = Demand(next=address, reauthenticate=True, issued_at=outcome.interaction.started)
        return HttpResponseRedirect(url_for_sign_in(demand))
    chosen = dataclasses.replace(outcome.interaction, account=str(outcome.session.sid))
    response = leave_to(request, address)
    remember(request, response, chosen)
    return response


def _outcome(request: HttpRequest) -> Outcome:
    """Decide again on the request that the form carries; it must be an interaction of this browser."""
    try:
        form = read_form(request.POST.get("request", ""))
    except MalformedError as error:
        raise BadRequestError from error
    if interaction.find(read(request), form) is None:
        raise BadRequestError(
            _("This page was opened in another browser, or too long ago. Start again from the application.")
        )
    return decision.decide(form, headers_only(request))


def _on(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """Leave for where the outcome leads; a form cannot be answered by a redirect that ends in another origin."""
    if isinstance(outcome, Allow):
        outcome = decision.allow(outcome)
    if isinstance(outcome, GoBack):
        return pages.answer_form(request, outcome) if outcome.by_form else leave_to(request, outcome.url)
    return leave_to(request, f"/oidc/authorize?{request.POST.get('request', '')}")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise BadRequestError
    return request.user
