"""Access tokens that speak for themselves (RFC 9068): signed, and good for ten minutes.

They are for applications acting for themselves, and written nowhere: nothing ends one but its minutes. People's access
tokens are opaque, because ending a session must end them at once; those for a resource server that reads tokens by
itself are signed too, and `jti` is the digest under which the tables know them. So such a resource server may still
ask (RFC 7662) whether the session goes on, and nobody can make the opaque token out of what it reads.
"""

import base64
import binascii
import os
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings

from parvis.lib import base64url
from parvis.oidc import keys
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.store import GrantFacts
from parvis.oidc.subjects import subject_of

TYPE = "at+jwt"
LIFETIME = int(timedelta(minutes=10).total_seconds())


class Pair(Protocol):
    """What is taken of the pair that the token endpoint has made."""

    @property
    def access_digest(self) -> bytes: ...  # noqa: D102 - a protocol's attribute
    @property
    def dpop_jkt(self) -> str: ...  # noqa: D102 - a protocol's attribute


@dataclass(frozen=True, slots=True)
class Spoken:
    """What such a token says, once its signature is known to be ours."""

    client_id: str
    scope: str
    audience: str
    jti: str
    issued_at: int
    expires_at: int
    dpop_jkt: str
    digest: bytes
    """Under which the tables know a person's token; empty for an application's own."""


def make(client: RegisteredClient, scope: str, audience: str = "", dpop_jkt: str = "") -> str:
    """Return a token for an application; without an audience it is for our own interfaces (section 3).

    With the thumbprint of a key, only its holder may use it (RFC 9449, section 6.1).
    """
    whom = {"sub": client.client_id, "aud": audience or settings.ISSUER}
    return _sign(client.access_token_alg, client, whom | {"jti": os.urandom(16).hex()}, scope, dpop_jkt)


def make_for_person(
    server: RegisteredClient,
    client: RegisteredClient,
    grant: GrantFacts,
    *,
    audience: str,
    scope: str,
    pair: Pair,
    lifetime: int,
) -> str:
    """Return a person's token for a resource server, which knows them by its own name (RFC 9068, sections 2.2 and 6).

    The resource server verifies it, so the signature is the one that it registered.
    """
    claims = {
        "sub": subject_of(server, grant.user_id),
        "aud": audience,
        "jti": base64url.encode(pair.access_digest),
        "auth_time": int(grant.auth_time.timestamp()),
        "acr": grant.acr,
        "amr": grant.amr.split(),
    }
    return _sign(server.access_token_alg, client, claims, scope, pair.dpop_jkt, lifetime=lifetime)


def _sign(
    alg: str, client: RegisteredClient, claims: dict[str, Any], scope: str, dpop_jkt: str, *, lifetime: int = LIFETIME
) -> str:
    now = int(time.time())
    frame = {"iss": settings.ISSUER, "client_id": client.client_id, "iat": now, "exp": now + lifetime}
    held = ({"scope": scope} if scope else {}) | ({"cnf": {"jkt": dpop_jkt}} if dpop_jkt else {})
    return keys.sign(alg, frame | claims | held, typ=TYPE)


def read(token: str) -> Spoken | None:
    """Return what a live token of ours says; None for anything else, ID tokens included (section 4)."""
    found = keys.verify_live(token) if token.count(".") == 2 else None  # noqa: PLR2004 - header, payload, signature
    if found is None:
        return None
    header, claims = found
    if header.get("typ") != TYPE or claims.get("iss") != settings.ISSUER or claims["exp"] <= time.time():
        return None
    return Spoken(
        client_id=claims["client_id"],
        scope=claims.get("scope", ""),
        audience=claims["aud"],
        jti=claims["jti"],
        issued_at=claims["iat"],
        expires_at=claims["exp"],
        dpop_jkt=claims.get("cnf", {}).get("jkt", ""),
        digest=_digest_in(claims["jti"]) if claims["sub"] != claims["client_id"] else b"",
    )


def _digest_in(jti: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(f"{jti}=")
    except (binascii.Error, ValueError):
        return b""
