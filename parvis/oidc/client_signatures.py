"""JWTs that applications sign: proofs of who they are, and requests that nobody on the way can change."""

import json
from dataclasses import dataclass
from typing import Any, TypeGuard

from joserfc.errors import JoseError
from joserfc.jws import deserialize_compact, extract_compact

from parvis.oidc import client_keys
from parvis.oidc.algorithms import FAPI, KINDS, OTHERS
from parvis.oidc.clients import RegisteredClient

ALGORITHMS = tuple(sorted(KINDS))
MOST_CHARACTERS = 16_000
LONGEST_JTI = 256
_FAR_AWAY = 1e11
SKEW = 60
"""Seconds by which the application's clock may differ from ours (FAPI 2.0, section 5.3.2.1: from 10 to 60)."""


class NotSignedError(Exception):
    """The JWT proves nothing; the message is for its maker."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What one of the application's keys signed."""

    header: dict[str, Any]
    claims: dict[str, Any]


def unverified(token: str) -> dict[str, Any]:
    """Return the claims of a JWT before anything of it is believed; none when it cannot be read."""
    try:
        claims = json.loads(extract_compact(_ascii(token), registry=OTHERS).payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def verified(client: RegisteredClient, token: str, *, registered_alg: str) -> Signed:
    """Return what a JWT says, once one of the application's keys is known to have signed it. Raises NotSignedError."""
    allowed = (registered_alg,) if registered_alg else FAPI if client.is_fapi else ALGORITHMS
    try:
        header = extract_compact(_ascii(token), registry=OTHERS).headers()
        alg = str(header.get("alg"))
        if alg not in allowed:
            raise NotSignedError(f"sign with {', '.join(allowed)}.")
        keys = client_keys.candidates(client, str(header.get("kid") or ""), (KINDS[alg],), "sig")
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise NotSignedError("not a signed JWT.") from error
    except client_keys.NoUsableKeyError as error:
        raise NotSignedError(str(error)) from error
    for key in keys:
        try:
            claims = json.loads(deserialize_compact(token, key, registry=OTHERS).payload)
        except (JoseError, ValueError, TypeError, RecursionError):
            continue
        if isinstance(claims, dict):
            return Signed(header, claims)
    raise NotSignedError("none of the registered public keys verifies the signature.")


def _ascii(token: str) -> bytes:
    if len(token) > MOST_CHARACTERS:
        message = "too long"
        raise ValueError(message)
    return token.encode("ascii")


def is_unique_name(value: object) -> TypeGuard[str]:
    """Say whether a claim can be a `jti` (RFC 7519, section 4.1.7) that is worth remembering."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_JTI


def is_time(value: object) -> TypeGuard[float]:
    """Say whether a claim is a number of seconds, and no infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _FAR_AWAY
