"""The signed form of an authorization request (RFC 9101; FAPI 2.0 Message Signing, section 5.3)."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from parvis.oidc import client_signatures
from parvis.oidc.algorithms import media_type
from parvis.oidc.authorization import interaction
from parvis.oidc.client_signatures import SKEW, is_time, is_unique_name
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.http import SEVERAL, Form, MalformedError, clean_form

TYPES = (None, "jwt", "oauth-authz-req+jwt")
LONGEST_LIFE = 3600
"""Seconds between `nbf` and `exp`, and between `nbf` and now, that FAPI 2.0 allows."""
# Claims of the object itself; all others are parameters of the request.
_FRAME = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti", "sub"})


class NoRequestObjectError(Exception):
    """The object is not a request of this application; the message says why."""


@dataclass(frozen=True, slots=True)
class RequestObject:
    """The parameters that the application signed; with `used_once`, what the object is known by and until when."""

    form: Form
    used_once: tuple[bytes, datetime] | None


@dataclass(frozen=True, slots=True)
class _Object:
    header: dict[str, Any]
    claims: dict[str, Any]
    client: RegisteredClient
    now: float


def read(client: RegisteredClient, given: str, judged_at: datetime) -> RequestObject:
    """Return what the application asks for, if it is the application that asks. Raises NoRequestObjectError."""
    try:
        signed = client_signatures.verified(client, given, registered_alg=client.request_object_alg)
    except client_signatures.NotSignedError as error:
        raise NoRequestObjectError(f"request: {error}") from error
    told = _Object(signed.header, signed.claims, client, judged_at.timestamp())
    for check in CHECKS:
        if reason := check(told):
            raise NoRequestObjectError(f"request: {reason}")
    try:
        form = clean_form({name: _text(name, value) for name, value in told.claims.items() if name not in _FRAME})
    except MalformedError as error:
        raise NoRequestObjectError("request: a parameter cannot be read.") from error
    return RequestObject(form, _used_once(told))


def _text(name: str, value: object) -> str:
    """Return a parameter as the address would hold it: numbers and objects have JSON types here (RFC 9101, 4)."""
    if isinstance(value, str):
        return value
    if name in SEVERAL and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(value)
    if isinstance(value, bool) or not isinstance(value, int | dict):
        raise MalformedError
    return json.dumps(value, separators=(",", ":"))


def _used_once(told: _Object) -> tuple[bytes, datetime] | None:
    """Return what the object is known by, kept for as long as somebody may take to sign in after its end."""
    jti, exp = told.claims.get("jti"), told.claims.get("exp")
    if not isinstance(jti, str) or not is_time(exp):
        return None
    digest = hashlib.sha256(b"request" + told.client.pk.bytes + jti.encode(errors="surrogatepass")).digest()
    return digest, datetime.fromtimestamp(exp, UTC) + timedelta(seconds=SKEW + interaction.LIFETIME)


# --- Checks: each returns what is wrong, or nothing -------------------------------------------------------------------
def is_a_request(told: _Object) -> str:
    """Refuse JWTs that were signed for something else (RFC 9101, section 10.8)."""
    if media_type(told.header) not in TYPES:
        return "typ must be oauth-authz-req+jwt."
    if told.claims.get("sub") == told.client.client_id:
        return "sub is the client_id: this is a proof of who the application is, not a request."
    nested = {"request", "request_uri"} & set(told.claims)
    return f"{min(nested)} must not be inside (section 4)." if nested else ""


def is_from_the_application(told: _Object) -> str:
    """Compare whom the object names with who asks (RFC 9101, section 5)."""
    client_id = told.client.client_id
    if told.claims.get("client_id", None if told.client.is_fapi else client_id) != client_id:
        return "client_id differs from the one beside."
    return "" if told.claims.get("iss", client_id) == client_id else "iss must be the client_id."


def is_for_us(told: _Object) -> str:
    """Require our issuer among the audiences; only FAPI 2.0 makes an application name one."""
    given = told.claims.get("aud", None if told.client.is_fapi else settings.ISSUER)
    return "" if settings.ISSUER in (given if isinstance(given, list) else [given]) else "aud must be the issuer."


def lives_now(told: _Object) -> str:
    """Hold to the object's own times."""
    for name in ("exp", "nbf", "iat"):
        if name in told.claims and not is_time(told.claims[name]):
            return f"{name} is not a time."
    if told.claims.get("exp", told.now) <= told.now - SKEW:
        return "it has expired."
    late = [name for name in ("nbf", "iat") if told.claims.get(name, 0) > told.now + SKEW]
    return f"{late[0]} is in the future." if late else ""


def lives_shortly(told: _Object) -> str:
    """Require of FAPI applications an hour at most (FAPI 2.0 Message Signing, section 5.3.1)."""
    if not told.client.is_fapi:
        return ""
    if not {"exp", "nbf"} <= set(told.claims):
        return "exp and nbf are missing."
    exp, nbf = told.claims["exp"], told.claims["nbf"]
    if nbf < told.now - LONGEST_LIFE or exp > nbf + LONGEST_LIFE:
        return "nbf is more than an hour ago, or exp more than an hour after it."
    return ""


def has_a_sane_name(told: _Object) -> str:
    """Accept the unique name that lets it work once."""
    return "" if is_unique_name(told.claims.get("jti", "-")) else "jti must be a short text."


CHECKS: tuple[Callable[[_Object], str], ...] = (
    is_a_request,
    is_from_the_application,
    is_for_us,
    lives_now,
    lives_shortly,
    has_a_sane_name,
)
