"""The page of an application on trial: whom to sign in as."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.oidc import told
from parvis.oidc.authorization import interaction
from parvis.oidc.authorization.decision import Ask
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.forms import FactorsForm
from parvis.oidc.sandbox import PERSONAS


def page(request: HttpRequest, ask: Ask, begun: Interaction) -> HttpResponse:
    """Propose the fictional people, each for each of their organisations.

    What the application says of itself stands there as on the page that asks a real person (Dynamic Client Registration
    1.0, section 2).
    """
    context = {
        "application": ask.request.client.name,
        "links": told.links_of(ask.request.client.pk),
        "request_query": interaction.address(ask.request.given, begun).partition("?")[2],
        "form": FactorsForm(),
        "choices": [(persona, place) for persona in PERSONAS for place in persona.places or (None,)],
    }
    return render(request, "oidc/sandbox.html", context)
