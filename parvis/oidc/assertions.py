"""Applications that prove themselves by a signature (RFC 7523, section 3; OpenID Connect Core 1.0, section 9)."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from parvis.oidc import client_signatures
from parvis.oidc.client_signatures import SKEW, is_time, is_unique_name
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import InvalidClientError
from parvis.oidc.store import store

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 600
"""Seconds that a proof may have left to live: what lives longer must be remembered longer."""
ALGORITHMS = client_signatures.ALGORITHMS
Claims = dict[str, Any]
Check = Callable[[Claims, RegisteredClient, float], str]


def named_client(assertion: str) -> str:
    """Return whom an assertion says to be from, before anything of it is believed; empty when it cannot be read."""
    named = str(client_signatures.unverified(assertion).get("sub", ""))
    return named if named.isascii() else ""


def prove(client: RegisteredClient, assertion: str) -> None:
    """Believe an assertion, once. Raises InvalidClientError, which says what is wrong: only its maker can use that."""
    try:
        claims = client_signatures.verified(client, assertion, registered_alg=client.assertion_alg).claims
    except client_signatures.NotSignedError as error:
        raise InvalidClientError(f"client_assertion: {error}") from error
    now = time.time()
    for check in CHECKS:
        if reason := check(claims, client, now):
            raise InvalidClientError(f"client_assertion: {reason}")
    # Kept for as long as it would be accepted, the difference between clocks included.
    forget_at = datetime.fromtimestamp(claims["exp"] + SKEW, UTC)
    digest = hashlib.sha256(client.pk.bytes + claims["jti"].encode(errors="surrogatepass")).digest()
    if not store().use_assertion(digest, forget_at):
        raise InvalidClientError("client_assertion: this jti was already used.")


# --- Checks: each returns what is wrong, or nothing -------------------------------------------------------------------
def names_are_there(claims: Claims, client: RegisteredClient, _now: float) -> str:
    """Require who made it, and its unique name (Core, section 9)."""
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        return "iss and sub must both be the client_id."
    return "" if is_unique_name(claims.get("jti")) else "jti is missing or too long."


def audience_is_the_issuer(claims: Claims, client: RegisteredClient, _now: float) -> str:
    """Accept our issuer as the only audience: with an endpoint's address, another server could replay the proof here.

    (draft-ietf-oauth-rfc7523bis; the audience injection attacks of 2025.) An application that was registered by its own
    software, which cannot be told so, may be allowed the token endpoint's.
    """
    if client.accepts_endpoint_audience and claims.get("aud") == f"{settings.ISSUER}/oidc/token":
        return ""
    return "" if claims.get("aud") == settings.ISSUER else f"aud must be the issuer, {settings.ISSUER}, as one string."


def expires_soon(claims: Claims, _client: RegisteredClient, now: float) -> str:
    """Require an end, not passed and not far."""
    exp = claims.get("exp")
    if not is_time(exp):
        return "exp is missing."
    if exp <= now - SKEW:
        return "it has expired."
    return "" if exp <= now + LONGEST_LIFE + SKEW else f"exp is more than {LONGEST_LIFE} seconds away."


def has_begun(claims: Claims, _client: RegisteredClient, now: float) -> str:
    """Refuse what comes from later than the clocks may differ."""
    for name in ("iat", "nbf"):
        if name in claims and not (is_time(claims[name]) and claims[name] <= now + SKEW):
            return f"{name} is in the future."
    return ""


CHECKS: tuple[Check, ...] = (names_are_there, audience_is_the_issuer, expires_soon, has_begun)
