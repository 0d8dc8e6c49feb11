"""`/oidc/authorize` for people: the same decision as in front of Django, and the pages that it may call for."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from parvis.accounts.demands import Demand, url_for_sign_in
from parvis.lib.marks import writes_on_get
from parvis.oidc.authorization import decision, interaction
from parvis.oidc.authorization.answers import GoBack
from parvis.oidc.authorization.decision import Allow, Ask, Refuse
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.http import Form
from parvis.oidc.views import account_choice, pages, personas
from parvis.oidc.views.endpoints import asked_by_get, headers_only
from parvis.web import cookies, language
from parvis.web.exceptions import BadRequestError


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
@writes_on_get(
    "OpenID Connect Core 1.0, section 3.1.2.1: the authorization request is a GET, and its answer is a new code"
)
def authorize(request: HttpRequest) -> HttpResponse:
    """Answer an authorization request."""
    form = asked_by_get(request)
    return form if isinstance(form, HttpResponse) else answer(request, form)


def answer(request: HttpRequest, form: Form) -> HttpResponse:
    """Return what a request leads to: back to the application, to a page that asks something, or to an explanation."""
    outcome = decision.decide(form, headers_only(request))
    if isinstance(outcome, Allow):
        outcome = decision.allow(outcome)
    return _shown(request, outcome)


def _shown(request: HttpRequest, outcome: GoBack | Ask | Refuse) -> HttpResponse:
    """Return the answer that leaves, or the page."""
    if isinstance(outcome, GoBack):
        return pages.answer_form(request, outcome) if outcome.by_form else go_back(outcome.url)
    language.propose(request, outcome.request.language)
    if isinstance(outcome, Refuse):
        return pages.refusal(request, outcome)
    return _ask(request, outcome)


def go_back(url: str) -> HttpResponse:
    """Return the redirect to the application; Django's own refuses the private schemes of native ones."""
    response = HttpResponse(status=303)
    response["Location"] = url
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_GET
def cancel(request: HttpRequest) -> HttpResponse:
    """Tell the application that the person does not want to sign in; only the browser that began it can say so."""
    form = asked_by_get(request)
    if isinstance(form, HttpResponse):
        return form
    outcome = decision.decide(form, headers_only(request))
    if isinstance(outcome, Allow | Ask):
        if interaction.find(read(request), form) is None:
            raise BadRequestError
        outcome = decision.refusal(outcome.request, Refused("access_denied", "The person cancelled."))
    return _shown(request, outcome)


def _ask(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Lead the person to what they must do; the interaction goes on when they are back."""
    begun = ask.interaction or interaction.begin(ask.request.given)
    if ask.request.client.is_sandbox:
        response = personas.page(request, ask, begun)
    elif ask.prompt.name == "consent":
        response = pages.consent(request, ask, begun)
    elif ask.prompt.name in {"select_account", "choose_organization"}:
        response = account_choice.page(request, ask, begun)
    else:
        response = HttpResponseRedirect(url_for_sign_in(_demand(ask, begun)))
    if ask.interaction is None:
        remember(request, response, begun)
    response["Cache-Control"] = "no-store"
    return response


def _demand(ask: Ask, begun: Interaction) -> Demand:
    """Return what the sign-in has to reach; `decide` checks it again afterwards."""
    demanded = next(iter(ask.request.acr_demanded), "")
    return demand_for(
        ask.request,
        begun,
        login_hint=ask.request.login_hint,
        reauthenticate=ask.prompt.name in {"sign_in_again", "switch_person"},
        by_another=ask.prompt.name == "switch_person",
        acr=demanded if ask.prompt.name in {"step_up", "sign_in"} else "",
        issued_at=begun.started,
    )


def demand_for(request: AuthorizationRequest, begun: Interaction, **wanted: Any) -> Demand:
    """Return a demand that leads back to a request, or to its application when the person does not want to sign in."""
    return Demand(
        next=interaction.address(request.given, begun),
        client_name=request.client.name,
        cancel=interaction.address(request.given, begun, "/oidc/cancel"),
        language=request.language,
        **wanted,
    )


def remember(request: HttpRequest, response: HttpResponse, *begun: Interaction) -> None:
    """Keep interactions in this browser, in the place of those of the same name."""
    names = {one.name for one in begun}
    others = [one for one in read(request) if one.name not in names]
    kept = interaction.write([*others, *begun])
    cookies.keep(response, interaction.COOKIE, kept, max_age=interaction.LIFETIME)


def read(request: HttpRequest) -> list[Interaction]:
    """Return the interactions of this browser."""
    return interaction.read(cookies.read(request, interaction.COOKIE))
