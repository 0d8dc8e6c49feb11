"""An access token as somebody presents it to a resource of ours: alone, or with the proof that they hold its key."""

from dataclasses import dataclass

from parvis.oidc import dpop
from parvis.oidc.errors import BearerError, DPoPError, ProtocolError
from parvis.oidc.http import MalformedError, Request, Response


@dataclass(frozen=True, slots=True)
class Presented:
    """A token, and the proof that came with it under the scheme `DPoP` (RFC 9449, section 7)."""

    token: str
    proof: dpop.Proof | None = None

    def refused(self) -> ProtocolError:
        """Return the answer to a token that is worth nothing, in the scheme that it came by."""
        told = "The access token is unknown, expired or revoked."
        return DPoPError("invalid_token", told) if self.proof else BearerError("invalid_token", told)

    def hold(self, jkt: str) -> None:
        """Go on if the token is free, or bound to the key that was proven. Raises DPoPError.

        A bound token is worth nothing as a bearer token: that would make the proof a formality (section 7.2).
        """
        if self.proof is None and not jkt:
            return
        if self.proof is None or self.proof.jkt != jkt:
            raise DPoPError("invalid_token", "This access token is for whoever proves that they hold its key.")
        try:
            dpop.use(self.proof)
        except dpop.ProofError as error:
            raise _challenge(error) from error

    def answered(self, response: Response) -> Response:
        """Return an answer with what the next request needs."""
        return dpop.told_the_nonce(response) if self.proof else response


def read(request: Request, path: str) -> Presented:
    """Return the token that comes with a request, in the header or in the body, and its proof. Raises ProtocolError."""
    scheme, token = _token(request)
    if scheme != "dpop":
        return Presented(token)
    try:
        proof = dpop.read(request, path, token=token)
    except dpop.ProofError as error:
        raise _challenge(error) from error
    if proof is None:
        raise DPoPError("invalid_dpop_proof", "The DPoP header is missing.")
    return Presented(token, proof)


def token_of(request: Request) -> str:
    """Return the token that comes with a request, whatever it is worth. Raises ProtocolError."""
    return _token(request)[1]


def _challenge(error: dpop.ProofError) -> DPoPError:
    return DPoPError(error.code, error.description, headers=error.headers)


def _token(request: Request) -> tuple[str, str]:
    """Return the scheme and the token (RFC 6750, section 2); the scheme has no case (RFC 9110, section 11.1).

    Two at once are refused, and the query is not looked at: addresses are logged.
    """
    scheme, _blank, in_header = request.header("AUTHORIZATION").partition(" ")
    scheme = scheme.lower()
    in_header = in_header.strip() if scheme in {"bearer", "dpop"} else ""
    in_body = _in_body(request)
    if in_header and in_body:
        raise BearerError("invalid_request", "Two access tokens in one request.", status=400)
    if not (in_header or in_body):
        raise BearerError
    return (scheme, in_header) if in_header else ("bearer", in_body)


def _in_body(request: Request) -> str:
    if not (request.method == "POST" and request.has_form and request.body):
        return ""
    try:
        form = request.form()
    except MalformedError as error:
        raise BearerError("invalid_request", "The body cannot be read.", status=400) from error
    if "access_token" in form.repeated:
        raise BearerError("invalid_request", "Repeated: access_token.", status=400)
    return form.get("access_token")
