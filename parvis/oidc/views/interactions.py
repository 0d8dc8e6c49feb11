"""What people answer to the pages of an authorization request."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.accounts.requests import SignedInRequest
from parvis.oidc.actions import consents
from parvis.oidc.authorization import decision, interaction
from parvis.oidc.authorization.answers import GoBack
from parvis.oidc.authorization.decision import Allow, Ask, Outcome
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.authorization.request import Refused
from parvis.oidc.http import Form, MalformedError, read_form
from parvis.oidc.models import Client
from parvis.oidc.views import pages
from parvis.oidc.views.authorize import read
from parvis.oidc.views.endpoints import headers_only
from parvis.web.exceptions import BadRequestError
from parvis.web.responses import leave_to


@require_POST
def give_consent(request: SignedInRequest) -> HttpResponse:
    """Keep the person's agreement, or tell the application that there is none."""
    outcome = outcome_of(request)
    if not (isinstance(outcome, Ask) and outcome.prompt.name == "consent"):
        return lead_on(request, outcome)
    if request.POST.get("answer") != "allow":
        refused = Refused("access_denied", "The person does not want to share this.")
        return lead_on(request, decision.refusal(outcome.request, refused))
    client = Client.objects.get(pk=outcome.request.client.pk)
    consents.give(client=client, user=request.user, scopes=outcome.request.shared)
    return lead_on(request, outcome_of(request))


def outcome_of(request: HttpRequest) -> Outcome:
    """Decide again on the request that the form carries; it must be an interaction of this browser."""
    form = _asked(request)
    _begun(request, form)
    return decision.decide(form, headers_only(request))


def begun_of(request: HttpRequest) -> Interaction:
    """Return the interaction of this browser that the form belongs to."""
    return _begun(request, _asked(request))


def _asked(request: HttpRequest) -> Form:
    try:
        return read_form(request.POST.get("request", ""))
    except MalformedError as error:
        raise BadRequestError from error


def _begun(request: HttpRequest, form: Form) -> Interaction:
    found = interaction.find(read(request), form)
    if found is None:
        raise BadRequestError(
            _("This page was opened in another browser, or too long ago. Start again from the application.")
        )
    return found


def lead_on(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """Leave for where the outcome leads; a form cannot be answered by a redirect that ends in another origin."""
    if isinstance(outcome, Allow):
        outcome = decision.allow(outcome)
    if isinstance(outcome, GoBack):
        return pages.answer_form(request, outcome) if outcome.by_form else leave_to(request, outcome.url)
    return leave_to(request, f"/oidc/authorize?{request.POST.get('request', '')}")
