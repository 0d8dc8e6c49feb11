"""Access tokens that speak for themselves (RFC 9068): signed, short-lived, and written nowhere.

They are for applications acting for themselves. People's access tokens are opaque, because ending a session must end
them at once; nothing ends one of these but its minutes.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings

from parvis.oidc import keys
from parvis.oidc.clients import RegisteredClient

TYPE = "at+jwt"
LIFETIME = int(timedelta(minutes=10).total_seconds())


@dataclass(frozen=True, slots=True)
class OwnToken:
    """What such a token says, once its signature is known to be ours."""

    client_id: str
    scope: str
    audience: str
    jti: str
    issued_at: int
    expires_at: int
    dpop_jkt: str


def make(client: RegisteredClient, scope: str, audience: str = "", dpop_jkt: str = "") -> str:
    """Return a token for an application; without an audience it is for our own interfaces (section 3).

    With the thumbprint of a key, only its holder may use it (RFC 9449, section 6.1).
    """
    now = int(time.time())
    payload: dict[str, Any] = {
        "iss": settings.ISSUER,
        "sub": client.client_id,
        "aud": audience or settings.ISSUER,
        "client_id": client.client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": uuid4().hex,
    }
    payload |= ({"scope": scope} if scope else {}) | ({"cnf": {"jkt": dpop_jkt}} if dpop_jkt else {})
    return keys.sign(client.access_token_alg, payload, typ=TYPE)


def read(token: str) -> OwnToken | None:
    """Return what a live token of ours says; None for anything else, ID tokens included (section 4)."""
    found = keys.verify_live(token) if token.count(".") == 2 else None  # noqa: PLR2004 - header, payload, signature
    if found is None:
        return None
    header, claims = found
    if header.get("typ") != TYPE or claims.get("iss") != settings.ISSUER or claims["exp"] <= time.time():
        return None
    return OwnToken(
        client_id=claims["client_id"],
        scope=claims.get("scope", ""),
        audience=claims["aud"],
        jti=claims["jti"],
        issued_at=claims["iat"],
        expires_at=claims["exp"],
        dpop_jkt=claims.get("cnf", {}).get("jkt", ""),
    )
