"""Applications that prove themselves by a signature (RFC 7523, section 3; OpenID Connect Core 1.0, section 9)."""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeGuard

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jws import deserialize_compact, extract_compact

from parvis.oidc import client_keys
from parvis.oidc.algorithms import KINDS, REGISTRY
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import InvalidClientError
from parvis.oidc.store import store

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 600
"""Seconds that a proof may have left to live: what lives longer must be remembered longer."""
SKEW = 60
"""Seconds by which the application's clock may differ from ours."""
MOST_CHARACTERS = 8_000
_LONGEST_JTI = 256
ALGORITHMS = tuple(sorted(KINDS))
Claims = dict[str, Any]
Check = Callable[[Claims, float], str]


def named_client(assertion: str) -> str:
    """Return whom an assertion says to be from, before anything of it is believed; empty when it cannot be read."""
    try:
        claims = json.loads(extract_compact(_ascii(assertion)).payload)
        named = str(claims.get("sub", "")) if isinstance(claims, dict) else ""
    except (JoseError, ValueError, TypeError, RecursionError):
        return ""
    return named if named.isascii() else ""


def prove(client: RegisteredClient, assertion: str) -> None:
    """Believe an assertion, once. Raises InvalidClientError, which says what is wrong: only its maker can use that."""
    claims, now = _verified(client, assertion), time.time()
    for check in CHECKS:
        if reason := check(claims, now):
            raise InvalidClientError(f"client_assertion: {reason}")
    if claims["iss"] != client.client_id or claims["sub"] != client.client_id:
        raise InvalidClientError("client_assertion: iss and sub must both be the client_id.")
    # Kept for as long as it would be accepted, the difference between clocks included.
    forget_at = datetime.fromtimestamp(claims["exp"] + SKEW, UTC)
    digest = hashlib.sha256(client.pk.bytes + claims["jti"].encode(errors="surrogatepass")).digest()
    if not store().use_assertion(digest, forget_at):
        raise InvalidClientError("client_assertion: this jti was already used.")


def _ascii(assertion: str) -> bytes:
    if len(assertion) > MOST_CHARACTERS:
        message = "too long"
        raise ValueError(message)
    return assertion.encode("ascii")


def _verified(client: RegisteredClient, assertion: str) -> Claims:
    """Return the claims, once one of the application's keys is known to have signed them."""
    try:
        header = extract_compact(_ascii(assertion)).headers()
        alg = str(header.get("alg"))
        if alg not in ALGORITHMS or client.assertion_alg not in {"", alg}:
            raise InvalidClientError(f"client_assertion: sign with {client.assertion_alg or ', '.join(ALGORITHMS)}.")
        keys = client_keys.candidates(client, str(header.get("kid") or ""), (KINDS[alg],), "sig")
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise InvalidClientError("client_assertion is not a signed JWT.") from error
    except client_keys.NoUsableKeyError as error:
        raise InvalidClientError(f"client_assertion: {error}") from error
    for key in keys:
        try:
            claims = json.loads(deserialize_compact(assertion, key, registry=REGISTRY).payload)
        except (JoseError, ValueError, TypeError, RecursionError):
            continue
        if isinstance(claims, dict):
            return claims
    raise InvalidClientError("client_assertion: none of the registered public keys verifies the signature.")


# --- Checks: each returns what is wrong, or nothing -------------------------------------------------------------------
def names_are_there(claims: Claims, _now: float) -> str:
    """Require who made it, and its unique name (Core, section 9)."""
    if not isinstance(claims.get("iss"), str) or not isinstance(claims.get("sub"), str):
        return "iss and sub are missing."
    jti = claims.get("jti")
    fits = isinstance(jti, str) and 0 < len(jti) <= _LONGEST_JTI and "\x00" not in jti
    return "" if fits else "jti is missing or too long."


def audience_is_the_issuer(claims: Claims, _now: float) -> str:
    """Accept our issuer as the only audience: with an endpoint's address, another server could replay the proof here.

    (draft-ietf-oauth-rfc7523bis; the audience injection attacks of 2025.)
    """
    return "" if claims.get("aud") == settings.ISSUER else f"aud must be the issuer, {settings.ISSUER}, as one string."


def expires_soon(claims: Claims, now: float) -> str:
    """Require an end, not passed and not far."""
    exp = claims.get("exp")
    if not _is_time(exp):
        return "exp is missing."
    if exp <= now - SKEW:
        return "it has expired."
    return "" if exp <= now + LONGEST_LIFE + SKEW else f"exp is more than {LONGEST_LIFE} seconds away."


def has_begun(claims: Claims, now: float) -> str:
    """Refuse what comes from later than the clocks may differ."""
    for name in ("iat", "nbf"):
        if name in claims and not (_is_time(claims[name]) and claims[name] <= now + SKEW):
            return f"{name} is in the future."
    return ""


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11  # noqa: PLR2004 - no infinity


CHECKS: tuple[Check, ...] = (names_are_there, audience_is_the_issuer, expires_soon, has_begun)
