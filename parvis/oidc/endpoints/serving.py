"""From an endpoint to an answer, whatever happens: protocol errors, a database that is away, a mistake of ours.

`parvis.oidc.wsgi` and `parvis.oidc.views.endpoints` both go through here, so there is one pipeline and one behaviour.
"""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from parvis.oidc import mishaps
from parvis.oidc.endpoints import cors
from parvis.oidc.endpoints.authorize import authorize
from parvis.oidc.endpoints.device import device_authorization
from parvis.oidc.endpoints.introspection import introspect
from parvis.oidc.endpoints.metadata import discovery, jwks
from parvis.oidc.endpoints.par import push
from parvis.oidc.endpoints.registration import register
from parvis.oidc.endpoints.revocation import revoke
from parvis.oidc.endpoints.token import token
from parvis.oidc.endpoints.userinfo import userinfo
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Request, Response

logger = logging.getLogger("parvis.oidc")

Endpoint = Callable[[Request], Response | None]
ENDPOINTS: dict[str, Endpoint] = {
    "/.well-known/openid-configuration": discovery,
    "/.well-known/oauth-authorization-server": discovery,
    "/oidc/jwks": jwks,
    "/oidc/authorize": authorize,
    "/oidc/par": push,
    "/oidc/token": token,
    "/oidc/userinfo": userinfo,
    "/oidc/introspect": introspect,
    "/oidc/revoke": revoke,
    "/oidc/register": register,
    "/oidc/device_authorization": device_authorization,
}
UNAVAILABLE = ProtocolError(
    "temporarily_unavailable", "The database does not answer. Try again.", status=503, headers=(("Retry-After", "5"),)
)
BROKEN = ProtocolError("server_error", "Something broke on our side; the logs know it by X-Request-ID.", status=500)


def serve(endpoint: Endpoint, request: Request) -> Response | None:
    """Return the endpoint's answer, which scripts of other origins may read as far as `cors` says."""
    if "HTTP_ORIGIN" in request.meta:
        return cors.answer(endpoint, request, _served)
    return _served(endpoint, request)


def _served(endpoint: Endpoint, request: Request) -> Response | None:
    """Return the endpoint's answer; an exception becomes the answer that the protocol has for it."""
    try:
        return _with_live_connection(endpoint, request)
    except ProtocolError as error:
        mishaps.of_endpoint(endpoint.__name__, request, error)
        return error.response()
    except (OperationalError, InterfaceError):
        logger.exception("the database is away")
        return _told(endpoint, UNAVAILABLE)
    except Exception:
        logger.exception("endpoint failed")
        return _told(endpoint, BROKEN)


def _told(endpoint: Endpoint, error: ProtocolError) -> Response | None:
    """Tell a program in JSON; the authorization endpoint is asked by a person's browser, which Django shows a page."""
    return None if endpoint is authorize else error.response()


def _with_live_connection(endpoint: Endpoint, request: Request) -> Response | None:
    """Run the endpoint; when a kept connection turns out to be dead, open a new one and run it once more.

    Asking the server at each request whether the connection lives, as Django does, would cost a statement.
    """
    try:
        return endpoint(request)
    except (OperationalError, InterfaceError):
        # None could be opened, or it lives: another one would not help.
        if connection.in_atomic_block or connection.connection is None or connection.is_usable():
            raise
        connection.close()
    return endpoint(request)
