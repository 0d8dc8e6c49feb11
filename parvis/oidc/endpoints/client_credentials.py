"""A token for the application itself (RFC 6749, section 4.4): a signed statement that no table remembers."""

from functools import lru_cache

from parvis.oidc import access_jwt, resources
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Form, Response, json_response
from parvis.oidc.scopes import OFFLINE_ACCESS, OPENID

# There is no person: nobody to identify, nothing to stay connected for. Libraries ask for these by habit.
_OF_PEOPLE = frozenset({OPENID, OFFLINE_ACCESS})


def token_of_its_own(client: RegisteredClient, form: Form, dpop_jkt: str) -> Response:
    """Answer with an access token only: no ID token, since nobody signed in, and no refresh token (section 4.4.3)."""
    scope = _scope(client, form.get("scope"))
    body = {
        "access_token": access_jwt.make(client, scope, _audience(form), dpop_jkt),
        "token_type": "DPoP" if dpop_jkt else "Bearer",
        "expires_in": access_jwt.LIFETIME,
    }
    return json_response(body | ({"scope": scope} if scope else {}))


def _scope(client: RegisteredClient, asked: str) -> str:
    """Return what is granted: all that the application is allowed when it names nothing (section 3.3)."""
    names = asked.split()
    if not names:
        return _all(client.scopes)
    if strange := [name for name in names if name not in client.scopes and name not in _OF_PEOPLE]:
        raise ProtocolError("invalid_scope", f"This application may not ask for: {' '.join(strange)}."[:200])
    return " ".join(name for name in dict.fromkeys(names) if name not in _OF_PEOPLE)


@lru_cache(maxsize=1_000)
def _all(scopes: frozenset[str]) -> str:
    return " ".join(sorted(scopes - _OF_PEOPLE))


def _audience(form: Form) -> str:
    """Return whom the token is for: one resource server, so that none can use it at another (RFC 8707, section 3)."""
    audience = resources.asked(form)
    if " " in audience:
        raise resources.UnknownTargetError("Ask for one token for each resource server.")
    return audience
