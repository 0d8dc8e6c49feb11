"""How an answer travels back to the application: in the address, in a form, signed or not.

`query` and `form_post` are OAuth 2.0 Multiple Response Type Encoding Practices and OAuth 2.0 Form Post Response Mode;
the modes that contain `jwt` are JARM: the same answer as one signed parameter, which nobody on the way can change, and
nobody but the application can read when it registered a key for that.
"""

import time
from dataclasses import dataclass

from django.conf import settings

from parvis.lib.urls import with_query
from parvis.oidc import client_keys, keys
from parvis.oidc.authorization.request import AuthorizationRequest

QUERY, FORM_POST = "query", "form_post"
SIGNED_MODES = frozenset({"jwt", "query.jwt", "form_post.jwt"})
MODES = (QUERY, FORM_POST, "jwt", "query.jwt", "form_post.jwt")
LIFETIME = 300
"""Seconds that a signed answer may be on its way: FAPI asks for no more than ten minutes (JARM, section 2.1)."""
USUAL_ALG = "RS256"
"""What signs for an application that registered nothing (JARM, section 3); FAPI knows no RS256 (FAPI 2.0, 5.4)."""
USUAL_FAPI_ALG = "ES256"


@dataclass(frozen=True, slots=True)
class GoBack:
    """Send the browser back to the application, with a code or with an error."""

    redirect_uri: str
    parameters: dict[str, str]
    by_form: bool = False

    @property
    def url(self) -> str:
        """Return the redirect URI with the answer; the query that it was registered with stays."""
        return with_query(self.redirect_uri, self.parameters)


def answer(request: AuthorizationRequest, **parameters: str) -> GoBack:
    """Return the answer: `state` as it came, and `iss` (RFC 9207, section 2), in the mode that was asked for.

    Raises ProtocolError when it cannot be encrypted.
    """
    parameters |= ({"state": request.state} if request.state else {}) | {"iss": settings.ISSUER}
    if request.response_mode in SIGNED_MODES:
        parameters = {"response": _sealed(request, parameters)}
    return GoBack(request.redirect_uri, parameters, by_form=request.answers_by_form)


def answer_can_be_encrypted(request: AuthorizationRequest) -> None:
    """Find the key that answers are encrypted with, before anything is asked of a person."""
    alg = request.client.authorization_response_encryption_alg
    if alg and request.response_mode in SIGNED_MODES:
        client_keys.encryption_key(request.client, alg)


def _sealed(request: AuthorizationRequest, parameters: dict[str, str]) -> str:
    """Return the answer as a JWT for this application alone (JARM, section 2.1); `iss` is one of its claims already.

    It is signed, then encrypted if a key was registered for that (section 2.2). Raises ProtocolError.
    """
    client = request.client
    payload = {"aud": client.client_id, "exp": int(time.time()) + LIFETIME, **parameters}
    usual = USUAL_FAPI_ALG if client.is_fapi else USUAL_ALG
    signed = keys.sign(client.authorization_response_alg or usual, payload)
    return client_keys.encrypted(client, client.authorization_response_encryption_alg, signed)
