"""What the token endpoint hands out: the pair of opaque tokens, and the ID token."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from parvis.oidc import access_jwt, claims, client_keys, clients, keys, opaque
from parvis.oidc.algorithms import half_hash
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.http import Response, json_response
from parvis.oidc.models import Client, Token
from parvis.oidc.store import GrantFacts, store
from parvis.oidc.subjects import sid_of, subject_of

LIFETIME = int(Token.ACCESS_LIFETIME.total_seconds())
# Facts of the sign-in itself; the `claims` parameter cannot change them.
PROTOCOL_CLAIMS = frozenset({"acr", "amr", "auth_time", "sub", "iss", "aud", "exp", "iat", "nonce", "sid", "at_hash"})


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token, and the refresh token that renews it."""

    access: str
    refresh: str
    access_digest: bytes
    refresh_digest: bytes | None
    dpop_jkt: str = ""
    """The key whose holder alone may use them (RFC 9449)."""
    audience: str = ""
    """The resource servers that the access token is for; empty: those of the grant."""


def new_pair(client: RegisteredClient, dpop_jkt: str = "", *, renewed: str = "", audience: str = "") -> Pair:
    """Return a new pair. A refresh token is there unless the application gave it up: La Suite's break without one.

    `renewed` is the refresh token that asks for it: FAPI applications keep theirs, which nobody else can use, and
    which a lost answer must not end (FAPI 2.0, section 5.3.2.1).
    When the ID token could not be encrypted, this says so before a code or a refresh token is used up.
    """
    if client.id_token_encryption_alg:
        client_keys.encryption_key(client, client.id_token_encryption_alg)
    access = opaque.make(opaque.ACCESS)
    if Client.GrantType.REFRESH_TOKEN not in client.grant_types:
        return Pair(access, "", opaque.digest(access), None, dpop_jkt, audience)
    if renewed and client.is_fapi:
        return Pair(access, renewed, opaque.digest(access), None, dpop_jkt, audience)
    refresh = opaque.make(opaque.REFRESH)
    return Pair(access, refresh, opaque.digest(access), opaque.digest(refresh), dpop_jkt, audience)


def id_token(client: RegisteredClient, grant: GrantFacts, access_token: str) -> str:
    """Return the signed ID token. `iat` is the second that has begun, never one to come."""
    now = int(time.time())
    payload: dict[str, Any] = {
        "iss": settings.ISSUER,
        "sub": subject_of(client, grant.user_id),
        "aud": client.client_id,
        "exp": now + LIFETIME,
        "iat": now,
        "auth_time": int(grant.auth_time.timestamp()),
        "acr": grant.acr,
        "amr": grant.amr.split(),
        "at_hash": half_hash(client.id_token_alg, access_token),
        "sid": sid_of(client, grant.sid),
    }
    if grant.nonce:
        payload["nonce"] = grant.nonce
    if asked := claims.asked_in(grant.claims, "id_token") - PROTOCOL_CLAIMS:
        about = claims.About(store().person(grant.user_id, grant.organization_id), grant.acr, payload["sub"])
        payload |= claims.values(about, asked)
    return client_keys.encrypted(client, client.id_token_encryption_alg, keys.sign(client.id_token_alg, payload))


def answer(client: RegisteredClient, grant: GrantFacts, pair: Pair, scope: str = "") -> Response:
    """Return the token answer (OpenID Connect Core 1.0, section 3.1.3.3).

    `sid` stands beside the tokens too, because django-lasuite reads it there for back-channel logout.
    """
    access, lifetime = _access_token(client, grant, pair, scope or grant.scope)
    body = {
        "access_token": access,
        "token_type": "DPoP" if pair.dpop_jkt else "Bearer",
        "expires_in": lifetime,
        "id_token": id_token(client, grant, access),
        "scope": scope or grant.scope,
        "sid": sid_of(client, grant.sid),
    }
    return json_response(body | ({"refresh_token": pair.refresh} if pair.refresh else {}))


def _access_token(client: RegisteredClient, grant: GrantFacts, pair: Pair, scope: str) -> tuple[str, int]:
    """Return the access token and its seconds: opaque, unless it is for one resource server that reads it by itself.

    It ends with its grant, if that comes first.
    """
    left = int((grant.expires_at - datetime.now(UTC)).total_seconds())
    audience = pair.audience or grant.resources
    server = clients.resource_server(audience) if audience else None
    if server is None or not server.reads_access_tokens:
        return pair.access, min(LIFETIME, left)
    lifetime = min(access_jwt.LIFETIME, left)
    told = {"audience": audience, "scope": scope}
    return access_jwt.make_for_person(server, client, grant, pair=pair, lifetime=lifetime, **told), lifetime
