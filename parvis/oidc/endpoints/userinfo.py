"""`/oidc/userinfo`: what an access token may be told about its person (OpenID Connect Core 1.0, section 5.3)."""

import json
import time
from typing import Any

from django.conf import settings

from parvis.oidc import claims, client_keys, clients, keys, opaque, presented, resources, tokens
from parvis.oidc.errors import BearerError
from parvis.oidc.http import NO_STORE, Request, Response, json_response
from parvis.oidc.store import TokenOwner, store
from parvis.oidc.subjects import subject_of

_OURS = frozenset({settings.ISSUER})


def userinfo(request: Request) -> Response:
    """Answer with the claims, as JSON or as a JWT, signed or encrypted, whichever the application registered."""
    if request.method not in {"GET", "POST"}:
        raise BearerError("invalid_request", "Use GET or POST.", status=405, headers=(("Allow", "GET, POST"),))
    given = presented.read(request, "/oidc/userinfo")
    owner = store().token_owner(opaque.digest(given.token)) if opaque.is_a(opaque.ACCESS, given.token) else None
    client = clients.find_by_pk(owner.client_pk) if owner else None
    # A token that names its resource servers is for them: here only if we are one (RFC 8707, section 2).
    if owner is None or client is None or not client.is_active or not resources.is_for(owner.audience, _OURS):
        raise given.refused()
    given.hold(owner.dpop_jkt)
    return given.answered(_answer(client, owner))


def _answer(client: clients.RegisteredClient, owner: TokenOwner) -> Response:
    about = claims.About(owner.person, owner.acr, subject_of(client, owner.person.id))
    told = claims.values(about, claims.wanted_from_userinfo(owner.scope, owner.claims))
    told["sub"] = about.subject
    if client.userinfo_alg == "none" and not client.userinfo_encryption_alg:
        return json_response(told)
    return Response(200, _sealed(told, client).encode(), (("Content-Type", "application/jwt"), *NO_STORE))


def _sealed(told: dict[str, Any], client: clients.RegisteredClient) -> str:
    """Return the claims signed, encrypted, or one in the other (section 5.3.2).

    There is no nonce: mozilla-django-oidc refuses one here.
    """
    now = int(time.time())
    frame = {"iss": settings.ISSUER, "aud": client.client_id, "iat": now, "exp": now + tokens.LIFETIME}
    is_signed = client.userinfo_alg != "none"
    text = keys.sign(client.userinfo_alg, told | frame) if is_signed else json.dumps(told | frame)
    return client_keys.encrypted(client, client.userinfo_encryption_alg, text, is_jwt=is_signed)
