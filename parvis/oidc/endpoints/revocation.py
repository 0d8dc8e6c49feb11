"""`/oidc/revoke`: an application gives tokens back before their time (RFC 7009)."""

from parvis.oidc import access_jwt, opaque
from parvis.oidc.actions import grants
from parvis.oidc.client_auth import authenticate
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError, invalid_request
from parvis.oidc.http import NO_STORE, Request, Response
from parvis.oidc.posted import only_post, posted_fields
from parvis.oidc.store import store


def revoke(request: Request) -> Response:
    """End a token. What is unknown or over already is as good as ended (section 2.2): the answer is the same.

    `token_type_hint` is not needed: our tokens say by their first letters what they are.
    """
    only_post(request)
    form = posted_fields(request)
    client = authenticate(request, form)
    token = form.get("token")
    if not token:
        raise invalid_request("token is missing.")
    if opaque.is_a(opaque.ACCESS, token):
        _end_access_token(client, opaque.digest(token))
    elif opaque.is_a(opaque.REFRESH, token):
        _end_grant(client, token)
    elif (spoken := access_jwt.read(token)) is not None:
        if not spoken.digest:
            raise ProtocolError("unsupported_token_type", "A token that speaks for itself ends with its minutes.")
        _end_access_token(client, spoken.digest)
    return Response(200, b"", NO_STORE)


def _end_access_token(client: RegisteredClient, digest: bytes) -> None:
    """End one access token; the refresh token beside it goes on."""
    if not store().end_access_token(digest, client.pk) and store().token_facts(digest) is not None:
        raise _not_yours()


def _end_grant(client: RegisteredClient, token: str) -> None:
    """End a refresh token, and with it every token of the same sign-in (section 2.1)."""
    state = store().refresh_state(opaque.digest(token))
    if state is None:
        return
    if state.client_pk != client.pk:
        raise _not_yours()
    grants.end(ids=[state.grant_id], by=None)


def _not_yours() -> ProtocolError:
    """Return the refusal of section 2.1: the token was issued to another application, and stays as it is."""
    return invalid_request("This token was not issued to this application.")
