"""Scripts of other origins (Fetch Standard, section 3.3): what an application that runs in a browser may read here.

Metadata and keys are for everybody. What an application asks with its own name or token (RFC 9700, section 2.6) is for
the origins that it registered for its answers, and for nobody while we do not know which application it is. Cookies
count for nothing at these addresses, so none are invited; and the authorization endpoint is no script's to read. Nor
is registration, which takes an operator's token, nor what devices and resource servers ask.
"""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from django.db import DatabaseError

from parvis.oidc import client_auth, clients, opaque, presented
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.endpoints.metadata import discovery, jwks
from parvis.oidc.endpoints.par import push
from parvis.oidc.endpoints.revocation import revoke
from parvis.oidc.endpoints.token import token
from parvis.oidc.endpoints.userinfo import userinfo
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Headers, Request, Response
from parvis.oidc.store import store

Endpoint = Callable[[Request], Response | None]
Serve = Callable[[Endpoint, Request], Response | None]
_READ, _POST, _BOTH = "GET, HEAD", "POST", "GET, POST"
METHODS: dict[Endpoint, str] = {
    discovery: _READ,
    jwks: _READ,
    push: _POST,
    token: _POST,
    revoke: _POST,
    userinfo: _BOTH,
}
_DEFAULT_PORTS = {"https": 443, "http": 80}
_READABLE: Headers = (("Access-Control-Expose-Headers", "DPoP-Nonce, WWW-Authenticate"), ("Vary", "Origin"))


def answer(endpoint: Endpoint, request: Request, serve: Serve) -> Response | None:
    """Answer a request that says from which origin it comes."""
    methods = METHODS.get(endpoint)
    if methods is None:
        return serve(endpoint, request)
    if request.method == "OPTIONS" and request.header("ACCESS_CONTROL_REQUEST_METHOD"):
        return _preflight(request.header("ORIGIN"), methods)
    response = serve(endpoint, request)
    find = CONCERNED.get(endpoint)
    if response is None or find is None:
        return response
    return _shown(response, request, find)


def _preflight(origin: str, methods: str) -> Response:
    """Tell a browser what may be sent. It names no application yet, so this looks nothing up, and shows nothing."""
    headers: Headers = (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", "Authorization, Content-Type, DPoP"),
        ("Access-Control-Max-Age", "3600"),
        ("Vary", "Origin"),
    )
    return Response(headers=headers)


def _shown(response: Response, request: Request, find: Callable[[Request], RegisteredClient | None]) -> Response:
    """Return an answer, readable by the script if the application concerned is at home where it runs."""
    try:
        client = find(request)
    except DatabaseError:  # The answer says so already.
        return response
    origin = request.header("ORIGIN")
    if client is None or origin not in origins_of(client):
        return response
    return replace(response, headers=(*response.headers, ("Access-Control-Allow-Origin", origin), *_READABLE))


def origins_of(client: RegisteredClient) -> frozenset[str]:
    """Return where the pages of an application are: the origins of the addresses that it registered for answers."""
    return frozenset(origin for uri in client.redirect_uris if (origin := _origin(uri)))


def _origin(uri: str) -> str:
    """Return the origin as browsers write it; an address of another kind than the web's has none."""
    parts = urlsplit(uri)
    default = _DEFAULT_PORTS.get(parts.scheme)
    if default is None:
        return ""
    return f"{parts.scheme}://{parts.netloc.removesuffix(f':{default}')}"


# --- Which application is concerned -----------------------------------------------------------------------------------
def _named(request: Request) -> RegisteredClient | None:
    """Return the application that a request names. It may have proven nothing: then it reads why."""
    named = client_auth.presented(request)
    return clients.find(named.client_id) if named else None


def _holder(request: Request) -> RegisteredClient | None:
    """Return the application that a token was given to; an expired one too, so that it knows to renew it."""
    try:
        given = presented.token_of(request)
    except ProtocolError:
        return None
    client_pk = store().holder_of(opaque.digest(given)) if opaque.is_a(opaque.ACCESS, given) else None
    return clients.find_by_pk(client_pk) if client_pk else None


CONCERNED: dict[Endpoint, Callable[[Request], RegisteredClient | None]] = {
    push: _named,
    token: _named,
    revoke: _named,
    userinfo: _holder,
}
