"""`/oidc/token`: a code, a refresh token, or the application's own word, against tokens (RFC 6749, section 3.2)."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from parvis.lib import base64url
from parvis.oidc import dpop, opaque, resources, tokens
from parvis.oidc.actions import grants
from parvis.oidc.client_auth import authenticate
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.endpoints.client_credentials import token_of_its_own
from parvis.oidc.endpoints.device import GRANT_TYPE, redeem_device_code
from parvis.oidc.errors import ProtocolError, invalid_grant, invalid_request
from parvis.oidc.http import Form, Request, Response
from parvis.oidc.posted import only_post, posted_fields
from parvis.oidc.store import CodeState, RefreshState, store

logger = logging.getLogger("parvis.oidc")

REPLAY_GRACE = timedelta(seconds=20)
"""A refresh token seen again this soon after its use is two tabs of one application, not a thief: refused, no more."""
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def token(request: Request) -> Response:
    """Answer a token request."""
    only_post(request)
    form = posted_fields(request)
    proof = dpop.read(request, "/oidc/token")
    client = authenticate(request, form)
    grant_type = form.get("grant_type")
    if not grant_type:
        raise invalid_request("grant_type is missing.")
    handler = GRANT_TYPES.get(grant_type)
    if handler is None:
        raise ProtocolError("unsupported_grant_type", f"Use one of: {', '.join(GRANT_TYPES)}.")
    if grant_type not in client.grant_types:
        raise ProtocolError("unauthorized_client", "This application is not registered for this grant type.")
    if proof is None:
        if client.requires_dpop:
            raise dpop.ProofError("This application must prove that it holds its tokens: the DPoP header is missing.")
        return handler(client, form, "")
    dpop.use(proof)
    return dpop.told_the_nonce(handler(client, form, proof.jkt))


# --- authorization_code -----------------------------------------------------------------------------------------------
def redeem_code(client: RegisteredClient, form: Form, dpop_jkt: str) -> Response:
    """Redeem a code (RFC 6749, section 4.1.3; RFC 7636, section 4.6): the statement that uses it checks everything."""
    code = form.get("code")
    if not code:
        raise invalid_request("code is missing.")
    if not opaque.is_a(opaque.CODE, code):
        raise invalid_grant("This is not a code of ours.")
    digest, challenge = opaque.digest(code), _challenge(form.get("code_verifier"))
    redirect_uri = form.get("redirect_uri")
    audience = resources.narrowed(form, _granted(store().code_state(digest))) if form.get(resources.NAME) else ""
    pair = tokens.new_pair(client, dpop_jkt, audience=audience)
    grant = store().redeem(
        code_digest=digest, client_pk=client.pk, redirect_uri=redirect_uri, code_challenge=challenge, pair=pair
    )
    if grant is None:
        raise _why_not_redeemed(store().code_state(digest), client, redirect_uri, challenge, dpop_jkt)
    return tokens.answer(client, grant, pair)


def _granted(state: CodeState | RefreshState | None) -> str:
    """Return the resource servers of a grant."""
    return state.resources if state else ""


def _challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier; without a verifier, the empty challenge of a request without PKCE."""
    if not verifier:
        return ""
    if not _VERIFIER.fullmatch(verifier):
        raise invalid_grant("code_verifier is not well formed (RFC 7636, section 4.1).")
    return base64url.digest(verifier)


def _why_not_redeemed(
    state: CodeState | None, client: RegisteredClient, redirect_uri: str, challenge: str, dpop_jkt: str
) -> ProtocolError:
    """Explain a refusal. A code used twice ends all that it gave (RFC 6749, section 4.1.2)."""
    if state is None or state.client_pk != client.pk:
        return invalid_grant("Unknown code.")
    if state.is_used:
        grants.end_after_reuse(grant_id=state.grant_id, what="code")
        return invalid_grant("This code was already used: the access that it gave has been ended.")
    reasons = (
        (state.is_expired, "This code has expired: codes live for two minutes, and for one under FAPI."),
        (state.is_revoked, "The access that this code stands for was ended."),
        (state.redirect_uri != redirect_uri, "redirect_uri differs from the one of the authorization request."),
        (
            not state.code_challenge and challenge,
            "code_verifier sent, but the authorization request had no code_challenge.",
        ),
        (state.code_challenge and not challenge, "code_verifier is missing."),
        (state.code_challenge != challenge, "code_verifier does not match the code_challenge."),
        (state.dpop_jkt not in {"", dpop_jkt}, "This code is bound to another key (RFC 9449, section 10)."),
    )
    return invalid_grant(next((words for applies, words in reasons if applies), "The person may no longer sign in."))


# --- refresh_token ----------------------------------------------------------------------------------------------------
def rotate_refresh_token(client: RegisteredClient, form: Form, dpop_jkt: str) -> Response:
    """Renew the tokens (RFC 6749, section 6): the refresh token works once, and the next one comes with the answer."""
    given = form.get("refresh_token")
    if not given:
        raise invalid_request("refresh_token is missing.")
    if not opaque.is_a(opaque.REFRESH, given):
        raise invalid_grant("This is not a refresh token of ours.")
    digest = opaque.digest(given)
    state = store().refresh_state(digest) if form.get("scope") or form.get(resources.NAME) else None
    scope = _narrowed(form.get("scope"), state) if form.get("scope") else ""
    audience = resources.narrowed(form, _granted(state))
    pair = tokens.new_pair(client, dpop_jkt, renewed=given, audience=audience)
    may_change_key = bool(dpop_jkt) and not client.is_public
    grant = store().rotate(
        refresh_digest=digest, client_pk=client.pk, scope=scope, pair=pair, may_change_key=may_change_key
    )
    if grant is None:
        raise _why_not_rotated(store().refresh_state(digest), client, dpop_jkt)
    return tokens.answer(client, grant, pair, scope)


def _narrowed(asked: str, state: RefreshState | None) -> str:
    """Return the part of the grant's scope that is asked for; more than was granted is refused."""
    granted = state.scope.split() if state else []
    if set(asked.split()) - set(granted):
        raise ProtocolError("invalid_scope", "A refresh cannot ask for more than was granted.")
    return " ".join(name for name in granted if name in asked.split())


def _why_not_rotated(state: RefreshState | None, client: RegisteredClient, dpop_jkt: str) -> ProtocolError:
    """Explain a refusal. A refresh token that comes back later than two tabs would is stolen: its family ends."""
    if state is None or state.client_pk != client.pk:
        return invalid_grant("Unknown refresh token.")
    if state.is_over:
        return invalid_grant("The access that this token renews has ended: sign the person in again.")
    if state.refreshed_at is None and state.dpop_jkt != dpop_jkt:
        return invalid_grant("This refresh token needs a proof by the key that it is bound to (RFC 9449, section 5).")
    if state.refreshed_at and datetime.now(UTC) - state.refreshed_at > REPLAY_GRACE:
        grants.end_after_reuse(grant_id=state.grant_id, what="refresh token")
        return invalid_grant("This refresh token was already used: the access has been ended.")
    return invalid_grant("This refresh token was just used: use the one that came with the answer.")


# Each takes the application, the fields, and the thumbprint of the key that it proved to hold, if it did.
GRANT_TYPES: dict[str, Callable[[RegisteredClient, Form, str], Response]] = {
    "authorization_code": redeem_code,
    "refresh_token": rotate_refresh_token,
    "client_credentials": token_of_its_own,
    GRANT_TYPE: redeem_device_code,
}
