"""`/oidc/introspect`: whether an access token is good, and for what (RFC 7662), as JSON or as a JWT (RFC 9701)."""

import time
from typing import Any

from django.conf import settings

from parvis.oidc import access_jwt, client_keys, clients, keys, opaque, resources
from parvis.oidc.client_auth import authenticate
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import InvalidClientError, invalid_request
from parvis.oidc.http import NO_STORE, Request, Response, json_response
from parvis.oidc.posted import only_post, posted_fields
from parvis.oidc.scopes import OPENID
from parvis.oidc.store import store
from parvis.oidc.subjects import subject_of

JWT_TYPE = "token-introspection+jwt"
MEDIA_TYPE = f"application/{JWT_TYPE}"
Facts = dict[str, Any]
INACTIVE: Facts = {"active": False}


def introspect(request: Request) -> Response:
    """Answer what the caller may know of a token; of all others it learns that they are not active (section 2.2).

    A refresh token is never active here: a resource server that took one for an access token would be wrong.
    """
    only_post(request)
    form = posted_fields(request)
    caller = authenticate(request, form)
    if caller.is_public:
        raise InvalidClientError("A public application cannot introspect: nothing proves that it asks (section 2.1).")
    token = form.get("token")
    if not token:
        raise invalid_request("token is missing.")
    told = _told(caller, token)
    if MEDIA_TYPE in request.header("ACCEPT").lower():
        return Response(200, _signed(caller, told).encode(), (("Content-Type", MEDIA_TYPE), *NO_STORE))
    return json_response(told)


def _told(caller: RegisteredClient, token: str) -> Facts:
    """Return the facts of a token for this caller."""
    if opaque.is_a(opaque.ACCESS, token):
        return _of_person(caller, opaque.digest(token))
    own = access_jwt.read(token)
    if own and own.digest:
        told = _of_person(caller, own.digest)
        return told | {"jti": own.jti, "exp": own.expires_at} if told["active"] else told
    client = clients.find(own.client_id) if own else None
    if own is None or client is None or not client.is_active:
        return INACTIVE
    is_meant = own.audience in caller.resources
    if not is_meant and own.audience != settings.ISSUER and client.pk != caller.pk:
        return INACTIVE
    scope = own.scope if is_meant else _visible_scope(caller, client, own.scope)
    if scope is None:
        return INACTIVE
    facts = {"sub": own.client_id, "aud": own.audience, "jti": own.jti, "iat": own.issued_at, "exp": own.expires_at}
    return _active(client, scope, facts, own.dpop_jkt)


def _of_person(caller: RegisteredClient, digest: bytes) -> Facts:
    facts = store().token_facts(digest)
    client = clients.find_by_pk(facts.client_pk) if facts else None
    if facts is None or client is None or not client.is_active:
        return INACTIVE
    is_own = client.pk == caller.pk
    if not is_own and not resources.is_for(facts.audience, caller.resources):
        return INACTIVE
    scope = facts.scope if facts.audience else _visible_scope(caller, client, facts.scope)
    if scope is None:
        return INACTIVE
    times = {"iat": facts.created_at, "exp": facts.expires_at, "auth_time": facts.auth_time}
    seconds = {name: int(moment.timestamp()) for name, moment in times.items()}
    whom = {"sub": subject_of(caller, facts.user_id)} | resources.told(
        facts.audience, None if is_own else caller.resources
    )
    return _active(client, scope, {"acr": facts.acr, **whom, **seconds}, facts.dpop_jkt)


def _visible_scope(caller: RegisteredClient, client: RegisteredClient, scope: str) -> str | None:
    """Return what the caller may know of a token's scope; None when the token is none of its business.

    An application knows its own tokens. A resource server knows those that were granted one of its own scopes; that a
    person signed in somewhere (`openid`) opens nothing.
    """
    if client.pk == caller.pk:
        return scope
    if not caller.is_resource_server:
        return None
    shared = [name for name in scope.split() if name in caller.scopes]
    return " ".join(shared) if set(shared) - {OPENID} else None


def _active(client: RegisteredClient, scope: str, facts: Facts, dpop_jkt: str) -> Facts:
    """Return the facts of a live token; `cnf` names the key that its bearer must prove to hold (RFC 9449, 6.2)."""
    frame = {"active": True, "iss": settings.ISSUER, "client_id": client.client_id, "scope": scope}
    held: Facts = {"token_type": "DPoP", "cnf": {"jkt": dpop_jkt}} if dpop_jkt else {"token_type": "Bearer"}
    return frame | held | facts


def _signed(caller: RegisteredClient, told: Facts) -> str:
    """Return the answer as a JWT for this caller only (RFC 9701, section 5), encrypted when it registered for that."""
    payload = {"iss": settings.ISSUER, "aud": caller.client_id, "iat": int(time.time()), "token_introspection": told}
    signed = keys.sign(caller.introspection_alg, payload, typ=JWT_TYPE)
    return client_keys.encrypted(caller, caller.introspection_encryption_alg, signed)
