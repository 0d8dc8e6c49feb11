"""How an answer travels back to the application: in the address, in a form, signed or not.

`query` and `form_post` are OAuth 2.0 Multiple Response Type Encoding Practices and OAuth 2.0 Form Post Response Mode;
the modes that contain `jwt` are JARM: the same answer as one signed parameter, which nobody on the way can change.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from parvis.oidc import keys
from parvis.oidc.authorization.request import AuthorizationRequest

QUERY, FORM_POST = "query", "form_post"
SIGNED_MODES = frozenset({"jwt", "query.jwt", "form_post.jwt"})
MODES = (QUERY, FORM_POST, "jwt", "query.jwt", "form_post.jwt")
LIFETIME = 300
"""Seconds that a signed answer may be on its way: FAPI asks for no more than ten minutes (JARM, section 2.1)."""
USUAL_ALG = "ES256"


@dataclass(frozen=True, slots=True)
class GoBack:
    """Send the browser back to the application, with a code or with an error."""

    redirect_uri: str
    parameters: dict[str, str]
    by_form: bool = False

    @property
    def url(self) -> str:
        """Return the redirect URI with the answer; the query that it was registered with stays."""
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{urlencode(self.parameters)}"


def answer(request: AuthorizationRequest, **parameters: str) -> GoBack:
    """Return the answer: `state` as it came, and `iss` (RFC 9207, section 2), in the mode that was asked for."""
    parameters |= ({"state": request.state} if request.state else {}) | {"iss": settings.ISSUER}
    if request.response_mode in SIGNED_MODES:
        parameters = {"response": _signed(request, parameters)}
    return GoBack(request.redirect_uri, parameters, by_form=request.answers_by_form)


def _signed(request: AuthorizationRequest, parameters: dict[str, str]) -> str:
    """Return the answer as a JWT for this application alone (JARM, section 2.1); `iss` is one of its claims already."""
    payload = {"aud": request.client.client_id, "exp": int(time.time()) + LIFETIME, **parameters}
    return keys.sign(request.client.authorization_response_alg or USUAL_ALG, payload)
