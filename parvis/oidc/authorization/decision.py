"""From a request to its outcome: an address to go back to, something to ask, or a refusal that stays here."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from parvis.accounts import assurance, sessions
from parvis.lib.ids import uuid7
from parvis.oidc import opaque, registry
from parvis.oidc.authorization import interaction as interactions
from parvis.oidc.authorization import prompts
from parvis.oidc.authorization.checks import CHECKS
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.authorization.prompts import Prompt, Situation
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.http import Form, Request
from parvis.oidc.store import BrowserSession, NewGrant, store


@dataclass(frozen=True, slots=True)
class GoBack:
    """Send the browser back to the application, with a code or with an error."""

    url: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a person must do first."""

    prompt: Prompt
    request: AuthorizationRequest
    session: BrowserSession | None
    interaction: Interaction | None


@dataclass(frozen=True, slots=True)
class Refuse:
    """A page for the person, because no registered address is there to tell it to."""

    request: AuthorizationRequest
    refused: Refused


Outcome = GoBack | Ask | Refuse


def decide(form: Form, http: Request) -> Outcome:
    """Check the request, see what is still to be asked of the person, and make the grant."""
    request = AuthorizationRequest(form)
    try:
        for check in CHECKS:
            check(request)
        return _go_on(request, http)
    except Refused as refused:
        if request.redirect_is_safe:
            return GoBack(answer(request, error=refused.code, error_description=refused.description))
        return Refuse(request, refused)


def _go_on(request: AuthorizationRequest, http: Request) -> Outcome:
    key = http.cookie(settings.SESSION_COOKIE_NAME)
    interaction = None
    if request.form.get(interactions.PARAMETER):
        interaction = interactions.find(interactions.read(http.cookie(interactions.cookie_name())), request.form)
        if interaction is None:
            return Refuse(request, Refused("interaction_lost", "This page was opened in another browser, or too late."))
    session = None
    if sessions.is_well_formed(key):
        session = store().browser_session(sessions.digest(key), request.client.pk)
    if session is None:
        return _ask(prompts.SIGN_IN, request, None, interaction)
    acr = assurance.level(belongs=session.belongs, methods=session.amr)
    needed = prompts.first_needed(Situation(request, session, interaction, acr))
    if needed in {None, prompts.CONSENT} and not registry.may_enter(request.client.pk, session.user_id):
        raise Refused("access_denied", "This application is not open to this person.")
    if needed is not None:
        return _ask(needed, request, session, interaction)
    return GoBack(answer(request, code=_new_code(request, session, acr)))


def _ask(
    prompt: Prompt, request: AuthorizationRequest, session: BrowserSession | None, interaction: Interaction | None
) -> Outcome:
    """Ask, unless the application wants no page shown."""
    if request.is_silent:
        raise Refused(prompt.error, f"prompt=none, but the person would have to act ({prompt.name}).")
    return Ask(prompt, request, session, interaction)


def _new_code(request: AuthorizationRequest, session: BrowserSession, acr: str) -> str:
    """Make the grant and return its code. `auth_time` is the session's own: reusing it does not make it newer."""
    code = opaque.make(opaque.CODE)
    store().save_grant(
        NewGrant(
            id=uuid7(),
            client_pk=request.client.pk,
            user_id=session.user_id,
            sid=session.sid,
            organization_id=session.organization_id,
            scope=request.scope,
            claims=request.claims,
            nonce=request.nonce,
            acr=acr,
            amr=" ".join(session.amr),
            auth_time=session.auth_time,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            code_digest=opaque.digest(code),
        )
    )
    return code


def answer(request: AuthorizationRequest, **parameters: str) -> str:
    """Return the redirect URI with the answer: `state` as it came, and `iss` (RFC 9207, section 2)."""
    parameters |= ({"state": request.state} if request.state else {}) | {"iss": settings.ISSUER}
    separator = "&" if "?" in request.redirect_uri else "?"
    return f"{request.redirect_uri}{separator}{urlencode(parameters)}"
