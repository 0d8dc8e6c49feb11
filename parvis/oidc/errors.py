"""The errors that the protocol names; each knows the answer that it becomes."""

import re

from parvis.oidc.algorithms import DPOP as DPOP_ALGORITHMS
from parvis.oidc.http import NO_STORE, Headers, Response, json_response

UNAUTHORIZED = 401
_QUOTES = str.maketrans(dict.fromkeys('"“”‘’', "'"))
_FOREIGN = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")


def plain(description: str) -> str:
    """Return a description in the only characters that one may hold, whatever it quotes (RFC 6749, section 5.2)."""
    return _FOREIGN.sub("?", description.translate(_QUOTES))


class ProtocolError(Exception):
    """An error of the token endpoint and its neighbours (RFC 6749, section 5.2)."""

    status = 400

    def __init__(self, code: str, description: str, *, status: int = 0, headers: Headers = ()) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.status = status or self.status
        self.headers = headers

    def response(self) -> Response:
        """Return the JSON answer."""
        body = {"error": self.code, "error_description": plain(self.description)}
        return json_response(body, self.status, NO_STORE + self.headers)


class InvalidClientError(ProtocolError):
    """The application did not prove itself. A failed header is answered by a challenge (RFC 6749, section 5.2)."""

    def __init__(self, description: str, *, by_header: bool = False) -> None:
        challenge: Headers = (("WWW-Authenticate", 'Basic realm="parvis", charset="UTF-8"'),) if by_header else ()
        super().__init__("invalid_client", description, status=UNAUTHORIZED, headers=challenge)


_DPOP = f'algs="{" ".join(DPOP_ALGORITHMS)}"'


class BearerError(ProtocolError):
    """An access token that does not open the resource (RFC 6750, section 3).

    A refusal of who comes with nothing, or with nothing good, names the other scheme too (RFC 9449, section 7.2).
    """

    def __init__(self, code: str = "", description: str = "", *, status: int = 401, headers: Headers = ()) -> None:
        named = f', error="{code}", error_description="{description}"' if code else ""
        other = f', DPoP realm="parvis", {_DPOP}' if status == UNAUTHORIZED else ""
        challenge: Headers = (("WWW-Authenticate", f'Bearer realm="parvis"{named}{other}'),)
        told = description or "No access token."
        super().__init__(code or "invalid_request", told, status=status, headers=challenge + headers)


class DPoPError(ProtocolError):
    """A proof, or the lack of one, that does not open the resource (RFC 9449, section 7.1)."""

    def __init__(self, code: str, description: str, *, headers: Headers = ()) -> None:
        told = f'error="{code}", error_description="{description}", {_DPOP}'
        challenge: Headers = (("WWW-Authenticate", f'DPoP realm="parvis", {told}'),)
        super().__init__(code, description, status=UNAUTHORIZED, headers=challenge + headers)


def invalid_request(description: str) -> ProtocolError:
    """Return the error for a request that is incomplete or malformed."""
    return ProtocolError("invalid_request", description)


def invalid_grant(description: str) -> ProtocolError:
    """Return the error for a code or refresh token that is worth nothing."""
    return ProtocolError("invalid_grant", description)
