"""Proof that whoever uses a token holds its key (RFC 9449): a small JWT with each request, good for that request only.

Every proof must hold a nonce of ours. So none can be made ahead by somebody who has the key for a moment, and how late
or early the application's clock runs does not matter (section 11.1). Nonces are kept nowhere: each is a window of time
under our secret, so that every process knows them all.
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jws import deserialize_compact, extract_compact

from parvis.lib import base64url, derived_keys
from parvis.oidc.algorithms import DPOP, KINDS, OTHERS, KeyPair, is_weak, media_type
from parvis.oidc.client_signatures import is_time, is_unique_name
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Headers, Request, Response
from parvis.oidc.store import store

TYPE = "dpop+jwt"
WINDOW = 120
"""Seconds after which a new nonce is given out; the one before and the one after it are accepted too."""
MOST_CHARACTERS = 8_000
_KEY_TYPES = {"ES256": "EC", "PS256": "RSA", "EdDSA": "OKP", "Ed25519": "OKP"}
# The members of private keys of every kind, and of shared ones (RFC 7518, section 6).
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


class ProofError(ProtocolError):
    """A proof that proves nothing, as the token endpoint tells it; a resource tells it by a challenge."""

    def __init__(self, description: str, code: str = "invalid_dpop_proof", *, headers: Headers = ()) -> None:
        super().__init__(code, description, headers=headers)


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof for this request: the thumbprint of its key (RFC 7638), and its unique name."""

    jkt: str
    jti: str


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a proof must be about."""

    method: str
    path: str
    token: str


Claims = dict[str, Any]


def read(request: Request, path: str, *, token: str = "") -> Proof | None:
    """Return what the DPoP header proves, if there is one; `token` is the one it is sent with. Raises ProofError."""
    given = request.header("DPOP")
    if not given:
        return None
    jkt, claims = _verified(given)
    expected = _Expected(request.method, path, token)
    for check in CHECKS:
        if reason := check(claims, expected):
            raise ProofError(f"DPoP proof: {reason}")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or nonce not in _accepted():
        raise ProofError("DPoP proof: use the nonce of the DPoP-Nonce header.", "use_dpop_nonce", headers=next_nonce())
    return Proof(jkt, claims["jti"])


def use(proof: Proof) -> None:
    """Keep that a proof was shown, for as long as its nonce would be accepted. Raises ProofError the second time."""
    forget_at = datetime.fromtimestamp(time.time() + 3 * WINDOW, UTC)
    digest = hashlib.sha256(b"dpop" + proof.jkt.encode() + proof.jti.encode(errors="surrogatepass")).digest()
    if not store().use_assertion(digest, forget_at):
        raise ProofError("DPoP proof: this jti was already used.")


def told_the_nonce(response: Response) -> Response:
    """Return the answer with the nonce of the next proof (section 8.2)."""
    return replace(response, headers=(*response.headers, *next_nonce()))


def is_thumbprint(value: str) -> bool:
    """Say whether a value can be the thumbprint of a key (section 10)."""
    return bool(_THUMBPRINT.fullmatch(value))


# --- The signature ----------------------------------------------------------------------------------------------------
def _verified(given: str) -> tuple[str, Claims]:
    """Return the thumbprint of the key in the proof, and the claims that it signed."""
    try:
        if len(given) > MOST_CHARACTERS or "," in given:
            raise ProofError("Send one DPoP header, of a sane length.")
        found = extract_compact(given.encode("ascii"), registry=OTHERS)
        header = found.headers()
        key = _key_in(header)
        claims = json.loads(deserialize_compact(given, key, registry=OTHERS).payload)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ProofError("The DPoP header is not a JWT signed by the key in it.") from error
    if not isinstance(claims, dict):
        raise ProofError("The DPoP proof holds no claims.")
    return key.thumbprint(), claims


def _key_in(header: dict[str, Any]) -> KeyPair:
    """Return the public key of a proof (section 4.2)."""
    alg, jwk = header.get("alg"), header.get("jwk")
    if media_type(header) != TYPE:
        raise ProofError(f"DPoP proof: typ must be {TYPE}.")
    if alg not in DPOP:
        raise ProofError(f"DPoP proof: sign with one of {', '.join(DPOP)}.")
    if not isinstance(jwk, dict) or jwk.get("kty") != _KEY_TYPES[alg] or _PRIVATE & set(jwk):
        raise ProofError("DPoP proof: jwk must be the public key that verifies it, and nothing private.")
    if is_weak(jwk):
        raise ProofError("DPoP proof: an RSA key needs 2048 bits.")
    members = {"kty", "crv", "x", "y", "n", "e"}
    return KINDS[alg].import_key({name: value for name, value in jwk.items() if name in members})


# --- Checks: each returns what is wrong, or nothing (section 4.3) -----------------------------------------------------
def names_itself(claims: Claims, _expected: _Expected) -> str:
    """Require the unique name that lets a proof work once."""
    return "" if is_unique_name(claims.get("jti")) else "jti is missing or too long."


def is_for_this_method(claims: Claims, expected: _Expected) -> str:
    """Compare the method."""
    return "" if claims.get("htm") == expected.method else f"htm must be {expected.method}."


def is_for_this_address(claims: Claims, expected: _Expected) -> str:
    """Compare the address as RFC 3986, section 6.2, normalises it, without its query and fragment."""
    wanted, given = f"{settings.ISSUER}{expected.path}", claims.get("htu")
    fits = isinstance(given, str) and _normalised(given) == _normalised(wanted)
    return "" if fits else f"htu must be {wanted}."


def is_dated(claims: Claims, _expected: _Expected) -> str:
    """Require the date that every proof has; the nonce says how old the proof is."""
    return "" if is_time(claims.get("iat")) else "iat is missing."


def is_for_this_token(claims: Claims, expected: _Expected) -> str:
    """Bind the proof to the access token that it is sent with."""
    if not expected.token:
        return ""
    return (
        "" if claims.get("ath") == base64url.digest(expected.token) else "ath must be the digest of the access token."
    )


CHECKS: tuple[Callable[[Claims, _Expected], str], ...] = (
    names_itself,
    is_for_this_method,
    is_for_this_address,
    is_dated,
    is_for_this_token,
)


def _normalised(address: str) -> tuple[str, str | None, int | None, str] | None:
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    return None if "@" in parts.netloc else (parts.scheme, parts.hostname, port, parts.path or "/")


# --- Nonces (sections 8 and 9) ----------------------------------------------------------------------------------------
def next_nonce() -> Headers:
    """Return the header that tells which nonce the next proof must hold; nobody may keep it."""
    return (("DPoP-Nonce", _nonce(_window())),)


def _window() -> int:
    return int(time.time()) // WINDOW


def _accepted() -> frozenset[str]:
    """Return the nonces of now: the next one too, for who got it before a clock was put back."""
    window = _window()
    return frozenset(map(_nonce, range(window - 1, window + 2)))


@lru_cache(maxsize=8)
def _nonce(window: int) -> str:
    key = derived_keys.derive("oidc.dpop-nonce", secret=settings.KEY_SECRET)
    return base64url.encode(hmac.digest(key, str(window).encode(), "sha256")[:18])
