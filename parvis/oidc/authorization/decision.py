"""From a request to its outcome: a code to give, an error to tell, something to ask, or a refusal that stays here.

Deciding only reads, but for the note of a refusal that the application's developers find. The code is made by `allow`,
once whoever asked knows that it can show what the answer needs.
"""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from parvis.accounts import assurance, sessions
from parvis.lib.ids import uuid7
from parvis.oidc import mishaps, opaque, registry, sandbox
from parvis.oidc.authorization import interaction as interactions
from parvis.oidc.authorization import organizations, prompts
from parvis.oidc.authorization.answers import GoBack, answer
from parvis.oidc.authorization.checks import CHECKS
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.authorization.prompts import Prompt, Situation
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError, plain
from parvis.oidc.http import Form, Request
from parvis.oidc.models import Grant
from parvis.oidc.store import BrowserSession, NewGrant, store
from parvis.web import cookies


@dataclass(frozen=True, slots=True)
class Allow:
    """Nothing is left to ask: the application may have its code."""

    request: AuthorizationRequest
    session: BrowserSession
    acr: str


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
    refused: ProtocolError


Outcome = Allow | GoBack | Ask | Refuse


def decide(form: Form, http: Request) -> Outcome:
    """Check the request, and see what is still to be asked of the person.

    A request that comes back from a page is judged as of when it first came: its signature or its `request_uri` may
    have expired while somebody looked for their phone, and neither was a promise about how fast people are.
    """
    interaction = None
    if form.get(interactions.PARAMETER):
        interaction = interactions.find(interactions.read(http.cookie(cookies.name(interactions.COOKIE))), form)
    request = AuthorizationRequest(form, judged_at=interaction.started_at if interaction else datetime.now(UTC))
    try:
        for check in CHECKS:
            check(request)
        if form.get(interactions.PARAMETER) and interaction is None:
            lost = Refused("interaction_lost", "This page was opened in another browser, or too late.")
            return Refuse(request, lost)
        return _go_on(request, http, interaction)
    except ProtocolError as refused:
        mishaps.of_authorization(request, refused)
        return refusal(request, refused)


def refusal(request: AuthorizationRequest, refused: ProtocolError) -> GoBack | Refuse:
    """Tell the application, if it is known to be listening at a registered address and can be told; else the person."""
    if not request.redirect_is_safe:
        return Refuse(request, refused)
    try:
        return answer(request, error=refused.code, error_description=plain(refused.description))
    except ProtocolError as unreadable:  # It has no key to be told with.
        return Refuse(request, unreadable)


def _go_on(request: AuthorizationRequest, http: Request, interaction: Interaction | None) -> Outcome:
    session = _session(request.client, http)
    if session is None:
        return _ask(prompts.SIGN_IN, request, None, interaction)
    if (settled := organizations.settled(request, session)) != session.organization_id:
        session = dataclasses.replace(session, organization_id=settled)
    acr = assurance.level(belongs=session.belongs, methods=session.amr)
    needed = prompts.first_needed(Situation(request, session, interaction, acr))
    is_known = needed in {None, prompts.ORGANIZATION, prompts.CONSENT}
    is_open = request.client.is_sandbox or not is_known or registry.may_enter(request.client.pk, session.user_id)
    if not is_open:
        raise Refused("access_denied", "This application is not open to this person.")
    if needed is not None:
        return _ask(needed, request, session, interaction)
    return Allow(request, session, acr)


def _session(client: RegisteredClient, http: Request) -> BrowserSession | None:
    """Return who is signed in in this browser; for an application on trial, which fictional person was chosen."""
    if client.is_sandbox:
        return sandbox.session_of(http.cookie(cookies.name(sandbox.COOKIE)), client)
    return browser_session(http, client.pk)


def browser_session(http: Request, client_pk: UUID) -> BrowserSession | None:
    """Return who is signed in in this browser, and what they share with an application."""
    key = http.cookie(settings.SESSION_COOKIE_NAME)
    return store().browser_session(sessions.digest(key), client_pk) if sessions.is_well_formed(key) else None


def _ask(
    prompt: Prompt, request: AuthorizationRequest, session: BrowserSession | None, interaction: Interaction | None
) -> Outcome:
    """Ask, unless the application wants no page shown."""
    if request.is_silent:
        raise Refused(prompt.error, f"prompt=none, but the person would have to act ({prompt.name}).")
    return Ask(prompt, request, session, interaction)


def allow(allowed: Allow) -> GoBack | Refuse:
    """Make the grant and send its code back, unless the request, good for one code, has had it meanwhile."""
    request = allowed.request
    try:
        if request.pushed_digest and not store().use_pushed(request.pushed_digest):
            raise Refused("invalid_request_uri", "This request was used already.")
        if request.used_once and not store().use_assertion(*request.used_once):
            raise Refused("invalid_request_object", "request: this jti was already used.")
        return answer(request, code=_granted(allowed))
    except ProtocolError as refused:
        return refusal(request, refused)


def _granted(allowed: Allow) -> str:
    """Make the grant, and return its code. `auth_time` is the session's own: reusing it does not make it newer."""
    request, session = allowed.request, allowed.session
    code = opaque.make(opaque.CODE)
    store().save_grant(
        NewGrant(
            id=uuid7(),
            client_pk=request.client.pk,
            user_id=session.user_id,
            sid=session.sid,
            organization_id=session.organization_id,
            scope=request.scope,
            resources=request.resources,
            claims=request.claims,
            nonce=request.nonce,
            acr=allowed.acr,
            amr=" ".join(session.amr),
            auth_time=session.auth_time,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            code_digest=opaque.digest(code),
            code_lifetime=Grant.FAPI_CODE_LIFETIME if request.client.is_fapi else Grant.CODE_LIFETIME,
            dpop_jkt=request.dpop_jkt,
        )
    )
    return code
