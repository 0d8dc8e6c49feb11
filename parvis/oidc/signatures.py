"""Our own signatures: JSON Web Signatures in their compact form (RFC 7515, section 3.1).

What all applications wait for is made of bytes that are ready: the header of each type, encoded once for each key, and
the algorithm's parameters. What others sign is read by the library, with all its checks.
"""

from collections.abc import Callable
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from parvis.lib import base64url

_SHA256 = SHA256()
_ECDSA = ECDSA(_SHA256)
_PKCS1 = PKCS1v15()
_PSS = PSS(MGF1(_SHA256), salt_length=_SHA256.digest_size)
_COORDINATE = 32


def _es256(key: Any, message: bytes) -> bytes:
    """Return R and S, each of the size of the curve, not the ASN.1 that libraries make of them (RFC 7518, 3.4)."""
    r, s = decode_dss_signature(key.sign(message, _ECDSA))
    return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


_SIGN: dict[str, Callable[[Any, bytes], bytes]] = {
    "RS256": lambda key, message: key.sign(message, _PKCS1, _SHA256),
    "PS256": lambda key, message: key.sign(message, _PSS, _SHA256),
    "ES256": _es256,
    "EdDSA": lambda key, message: key.sign(message),
}
"""How a private key signs, for each of `algorithms.OURS` (RFC 7518, sections 3.3 to 3.5; RFC 8037, section 3.1)."""


class Signer:
    """A private key that signs with one algorithm, and the headers that it has written."""

    def __init__(self, alg: str, kid: str, private_key: Any) -> None:
        self._alg = alg
        self._kid = kid
        self._key = private_key
        self._sign = _SIGN[alg]
        self._headers: dict[str, str] = {}

    def jwt(self, payload: dict[str, Any], typ: str) -> str:
        """Return a signed JWT (RFC 7519, section 7.1); its header names the key, because applications choose by it."""
        message = self._header(typ) + base64url.encode(orjson.dumps(payload))
        return f"{message}.{base64url.encode(self._sign(self._key, message.encode()))}"

    def _header(self, typ: str) -> str:
        """Return the encoded header and the dot after it."""
        header = self._headers.get(typ)
        if header is None:
            header = base64url.encode(orjson.dumps({"alg": self._alg, "kid": self._kid, "typ": typ})) + "."
            self._headers[typ] = header
        return header
