"""`/oidc/userinfo`: what an access token may be told about its person (OpenID Connect Core 1.0, section 5.3)."""

import json
import time
from typing import Any

from django.conf import settings

from parvis.oidc import claims, clients, keys, opaque, tokens
from parvis.oidc.errors import BearerError
from parvis.oidc.http import NO_STORE, MalformedError, Request, Response, json_response
from parvis.oidc.store import store
from parvis.oidc.subjects import subject_of


def userinfo(request: Request) -> Response:
    """Answer with the claims, as JSON or as a JWT, signed or encrypted, whichever the application registered."""
    if request.method not in {"GET", "POST"}:
        raise BearerError("invalid_request", "Use GET or POST.", status=405, headers=(("Allow", "GET, POST"),))
    token = bearer_token(request)
    owner = store().token_owner(opaque.digest(token)) if opaque.is_a(opaque.ACCESS, token) else None
    client = clients.find_by_pk(owner.client_pk) if owner else None
    if owner is None or client is None or not client.is_active:
        raise BearerError("invalid_token", "The access token is unknown, expired or revoked.")
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
    return tokens.encrypted(client, client.userinfo_encryption_alg, text, is_jwt=is_signed)


def bearer_token(request: Request) -> str:
    """Return the access token of the header, or of the body (RFC 6750, section 2); two at once are refused."""
    scheme, _blank, in_header = request.header("AUTHORIZATION").partition(" ")
    in_header = in_header.strip() if scheme.lower() == "bearer" else ""
    in_body = ""
    if request.method == "POST" and request.has_form and request.body:
        try:
            form = request.form()
        except MalformedError as error:
            raise BearerError("invalid_request", "The body cannot be read.", status=400) from error
        if "access_token" in form.repeated:
            raise BearerError("invalid_request", "Repeated: access_token.", status=400)
        in_body = form.get("access_token")
    if in_header and in_body:
        raise BearerError("invalid_request", "Two access tokens in one request.", status=400)
    if not (in_header or in_body):
        raise BearerError
    return in_header or in_body
