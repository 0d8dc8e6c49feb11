"""The answer of whoever tries an application: which fictional person to go on as."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.oidc import sandbox
from parvis.oidc.actions.sandbox import ensure_people
from parvis.oidc.authorization.decision import Allow, Ask, refusal
from parvis.oidc.authorization.request import Refused
from parvis.oidc.sandbox import PERSONAS, Persona, Place
from parvis.oidc.views.interactions import lead_on, outcome_of
from parvis.web import cookies
from parvis.web.exceptions import BadRequestError
from parvis.web.responses import leave_to


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Go on as a fictional person, or tell the application that nobody wants to."""
    outcome = outcome_of(request)
    if not isinstance(outcome, Ask | Allow):
        return lead_on(request, outcome)
    if not outcome.request.client.is_sandbox:
        raise BadRequestError
    if request.POST.get("answer") == "refuse":
        return lead_on(request, refusal(outcome.request, Refused("access_denied", "Nobody was chosen.")))
    persona, place = _chosen(request.POST.get("person", ""))
    ensure_people()
    client_id = outcome.request.client.client_id
    chosen = sandbox.choose(client_id, persona, place, is_strong=request.POST.get("factors") == "two")
    cookie = cookies.read(request, sandbox.COOKIE)
    others = [one for one in sandbox.read(cookie) if one.client_id != client_id]
    response = leave_to(request, f"/oidc/authorize?{request.POST.get('request', '')}")
    sandbox.remember(response, [*others, chosen])
    return response


def _chosen(value: str) -> tuple[Persona, Place | None]:
    """Read `person` or `person/organisation`."""
    person, _slash, organization = value.partition("/")
    persona = next((one for one in PERSONAS if one.slug == person), None)
    place = next((one for one in persona.places if one.slug == organization), None) if persona else None
    if persona is None or (place is None and (organization or persona.places)):
        raise BadRequestError(_("Choose one of the people of the list."))
    return persona, place
