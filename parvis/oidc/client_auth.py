"""Who calls the token endpoint: an ordered table of ways to prove it (OpenID Connect Core 1.0, section 9)."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from parvis.oidc import assertions, clients
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import InvalidClientError, ProtocolError, invalid_request
from parvis.oidc.http import Form, MalformedError, Request
from parvis.oidc.models import Client

_Method = Client.AuthMethod


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was presented, and by which method."""

    method: str
    client_id: str
    secret: str = ""
    """The secret, or the signed assertion."""


def by_header(request: Request, _form: Form) -> Credentials | None:
    """Read HTTP Basic, each part form-decoded first (RFC 6749, section 2.3.1)."""
    scheme, _blank, value = request.header("AUTHORIZATION").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode()
        client_id, colon, secret = decoded.partition(":")
        parts = unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError) as error:
        raise InvalidClientError("The Authorization header cannot be read.", by_header=True) from error
    if not colon or not parts[0]:
        raise InvalidClientError("The Authorization header names no client.", by_header=True)
    return Credentials(_Method.SECRET_BASIC, *parts)


def by_body(_request: Request, form: Form) -> Credentials | None:
    """Read `client_id` and `client_secret` among the fields."""
    secret = form.get("client_secret")
    return Credentials(_Method.SECRET_POST, form.get("client_id"), secret) if secret else None


def by_assertion(_request: Request, form: Form) -> Credentials | None:
    """Read `client_assertion`, which names its client itself (RFC 7521, section 4.2)."""
    assertion, kind = form.get("client_assertion"), form.get("client_assertion_type")
    if not assertion and not kind:
        return None
    if kind != assertions.TYPE:
        raise invalid_request(f"client_assertion_type must be {assertions.TYPE}.")
    return Credentials(_Method.PRIVATE_KEY_JWT, assertions.named_client(assertion), assertion)


def by_name_only(_request: Request, form: Form) -> Credentials | None:
    """Read `client_id` alone: a public application, whose code PKCE binds."""
    client_id = form.get("client_id")
    return Credentials(_Method.NONE, client_id) if client_id else None


PROVING: tuple[Callable[[Request, Form], Credentials | None], ...] = (by_header, by_body, by_assertion)
ACCEPTED: dict[str, frozenset[str]] = {
    _Method.ANY_SECRET: frozenset({_Method.SECRET_BASIC, _Method.SECRET_POST}),
    _Method.SECRET_BASIC: frozenset({_Method.SECRET_BASIC}),
    _Method.SECRET_POST: frozenset({_Method.SECRET_POST}),
    _Method.PRIVATE_KEY_JWT: frozenset({_Method.PRIVATE_KEY_JWT}),
    _Method.NONE: frozenset({_Method.NONE}),
}


def presented(request: Request) -> Credentials | None:
    """Return which application a request names and by which method, whatever it proves; None if that is unreadable."""
    try:
        form = request.form()
    except MalformedError:
        return None
    try:
        found = next((found for read in PROVING if (found := read(request, form))), None)
    except InvalidClientError:
        return None
    except ProtocolError:  # An assertion of an unknown kind: the name beside it is readable.
        found = None
    client_id = (found and found.client_id) or form.get("client_id")
    return Credentials(found.method if found else _Method.NONE, client_id) if client_id else None


def authenticate(request: Request, form: Form) -> RegisteredClient:
    """Return the application that made the request. An unknown one and a bad secret are refused in the same words."""
    proofs = [found for read in PROVING if (found := read(request, form)) is not None]
    if len(proofs) > 1:
        raise invalid_request("Two ways of client authentication in one request (RFC 6749, section 2.3).")
    credentials = proofs[0] if proofs else by_name_only(request, form)
    if credentials is None:
        raise InvalidClientError("No client authentication.")
    in_header = credentials.method == _Method.SECRET_BASIC
    if form.get("client_id") not in {"", credentials.client_id}:
        raise invalid_request("client_id differs from the one that is authenticated.")
    client = clients.find(credentials.client_id)
    if client is None or not _is_proven(client, credentials):
        raise InvalidClientError(
            "Unknown client, wrong secret, or a method that this client does not use.", by_header=in_header
        )
    if not client.is_active:
        raise InvalidClientError("This client is suspended.", by_header=in_header)
    return client


def _is_proven(client: RegisteredClient, credentials: Credentials) -> bool:
    if credentials.method not in ACCEPTED[client.auth_method]:
        return False
    if credentials.method == _Method.PRIVATE_KEY_JWT:
        assertions.prove(client, credentials.secret)
        return True
    return credentials.method == _Method.NONE or client.has_secret(credentials.secret)
