"""`/oidc/register`: applications register themselves (OpenID Connect Registration 1.0; RFC 7591; RFC 7592).

Registering takes a token from an operator. The answer holds the address of the application's own registration and the
token that manages it (RFC 7592).
"""

import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError

from parvis.accounts import rates
from parvis.oidc import opaque, registration, sectors
from parvis.oidc.actions import registrations
from parvis.oidc.clients import find
from parvis.oidc.errors import BearerError, ProtocolError, invalid_request
from parvis.oidc.http import NO_STORE, MalformedError, Request, Response, json_response, read_form
from parvis.oidc.models import Client, InitialAccessToken
from parvis.oidc.posted import slow_down
from parvis.oidc.registration import Document, MetadataError
from parvis.web.clients import caller_in

PATH = "/oidc/register"
BY_TOKEN = rates.Limit("registrations-token", 200, timedelta(minutes=10))
BY_CALLER = rates.Limit("registrations-client", 300, timedelta(minutes=10))
_JSON = "application/json"
_METHODS = ("POST", "GET", "PUT", "DELETE")
# A request that replaces may repeat what the answers hold (RFC 7592, section 2.2), and may not change it.
_OURS = frozenset(
    {"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"}
)


def register(request: Request) -> Response:
    """Register, read, replace or end a registration, whichever the method says."""
    if request.method not in _METHODS:
        allow = (("Allow", ", ".join(_METHODS)),)
        raise ProtocolError("invalid_request", "Use POST, GET, PUT or DELETE.", status=405, headers=allow)
    token = _bearer(request)
    if request.method == "POST":
        return _create(request, token)
    client = _managed(request, token)
    if request.method == "DELETE":
        registrations.unregister(client=client)
        return Response(204, b"", NO_STORE)
    return _replace(request, client, token) if request.method == "PUT" else json_response(_answer(client, token))


def _create(request: Request, given: str) -> Response:
    slow_down("registrations", BY_CALLER, caller_in(request.meta))
    live = InitialAccessToken.objects.live().select_related("by")
    token = live.filter(digest=opaque.hex_digest(given)).first() if opaque.is_a(opaque.INITIAL, given) else None
    if token is None:
        raise _not_allowed()
    slow_down("registrations", BY_TOKEN, str(token.pk))
    wanted = _settings(request, token.scopes)
    try:
        made = registrations.register(token=token, settings=wanted)
    except ValidationError as error:
        raise MetadataError.of(error) from error
    except registrations.TokenUsedUpError as error:
        raise _not_allowed() from error
    return json_response(_answer(made.client, made.access_token, made.secret), 201)


def _replace(request: Request, client: Client, token: str) -> Response:
    document = _document(request)
    if _OURS & set(document):
        raise invalid_request(f"Leave out {', '.join(sorted(_OURS & set(document)))} (RFC 7592, section 2.2).")
    if document.get("client_id") != client.client_id:
        raise invalid_request("client_id is not the one of this registration.")
    secret = document.get("client_secret")
    known = find(client.client_id)
    if secret is not None and not (isinstance(secret, str) and known and known.has_secret(secret)):
        raise MetadataError("client_secret", "it is ours to choose.")
    wanted = _settings(request, client.scopes)
    try:
        changed, secret = registrations.replace(client=client, settings=wanted)
    except ValidationError as error:
        raise MetadataError.of(error) from error
    return json_response(_answer(changed, token, secret))


def _settings(request: Request, scopes: list[str]) -> dict[str, Any]:
    """Return the settings that the body makes; what has to be fetched is fetched before any lock is held."""
    wanted = registration.settings_of(_document(request), scopes=scopes)
    if wanted["sector_identifier_uri"]:
        try:
            sectors.read(wanted["sector_identifier_uri"])
        except sectors.NoSectorError as error:
            raise MetadataError("sector_identifier_uri", str(error.reason)) from error
    return wanted


def _document(request: Request) -> Document:
    """Return the JSON object of the body (RFC 7591, section 3.1)."""
    if request.content_type != _JSON:
        raise invalid_request(f"Send the metadata as {_JSON}.")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise invalid_request("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise invalid_request("The body is not a JSON object.")
    return found


def _answer(client: Client, access_token: str, secret: str = "") -> Document:
    """Return the client information response (RFC 7591, section 3.2.1; RFC 7592, section 3)."""
    facts: Document = {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created_at.timestamp()),
        "registration_client_uri": f"{settings.ISSUER}{PATH}?{urlencode({'client_id': client.client_id})}",
        "registration_access_token": access_token,
    }
    shown = {"client_secret": secret, "client_secret_expires_at": 0} if secret else {}
    return facts | shown | registration.document_of(client)


# --- Who may ----------------------------------------------------------------------------------------------------------
def _bearer(request: Request) -> str:
    scheme, _blank, token = request.header("AUTHORIZATION").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise BearerError
    return token.strip()


def _managed(request: Request, token: str) -> Client:
    """Return the application whose registration the token manages; one that was suspended manages nothing."""
    try:
        client_id = read_form(request.query).get("client_id")
    except MalformedError as error:
        raise _not_allowed() from error
    digest = opaque.hex_digest(token)
    client = Client.objects.active().filter(client_id=client_id).exclude(registration_digest="").first()
    if client is None or not hmac.compare_digest(client.registration_digest, digest):
        raise _not_allowed()
    return client


def _not_allowed() -> BearerError:
    return BearerError("invalid_token", "The token is unknown, has ended, or was used as often as it may be.")
