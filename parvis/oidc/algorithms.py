"""The signature algorithms of both sides (RFC 7518, section 3.1; RFC 8037), and what each one needs.

Signatures by a private key only: a public key taken for a shared secret (HS256), or no signature at all, prove nothing.
"""

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from joserfc.errors import UnsupportedAlgorithmError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from parvis.lib import base64url

KeyPair = RSAKey | ECKey | OKPKey

OURS = ("RS256", "PS256", "ES256", "EdDSA")
"""What we sign with."""
ALWAYS = ("RS256", "ES256")
"""What a new installation has keys for; the others get theirs when an application first asks for them."""
DPOP = FAPI = ("ES256", "PS256", "EdDSA", "Ed25519")
"""What FAPI 2.0 lets anybody sign with (section 5.4), and what proofs of tokens are signed with (RFC 9449)."""
KINDS: dict[str, type[KeyPair]] = {
    "RS256": RSAKey,
    "PS256": RSAKey,
    "ES256": ECKey,
    "EdDSA": OKPKey,
    "Ed25519": OKPKey,
}
"""The kind of key of each algorithm that we sign with or verify. `Ed25519` is the new name of `EdDSA` (RFC 9864)."""
_RSA_BITS = 2048


class Registry(JWSRegistry):
    """The library's algorithms, `EdDSA` included: what FAPI 2.0 asks for, although RFC 9864 has given it a new name."""

    def get_alg(self, name: str) -> Any:
        """Return an algorithm of KINDS, without the library's warning."""
        if name not in KINDS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


class OthersRegistry(Registry):
    """For what others sign: headers may hold a key, and members that we do not know (RFC 7515, section 4)."""

    max_header_length = 4096


REGISTRY = Registry()
OTHERS = OthersRegistry(strict_check_header=False)


def generate(alg: str) -> tuple[str, bytes]:
    """Return the kid (its RFC 7638 thumbprint) and the PEM of a new private key.

    PS256 has an RSA key of its own: a key is for one algorithm, which its `alg` says (RFC 8725, section 3.1).
    """
    kind = KINDS[alg]
    if kind is RSAKey:
        raw: Any = generate_rsa(public_exponent=65537, key_size=_RSA_BITS)
    else:
        raw = generate_ec(SECP256R1()) if kind is ECKey else Ed25519PrivateKey.generate()
    pem: bytes = raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return kind(raw, raw).thumbprint(), pem


def load(alg: str, kid: str, pem: bytes) -> KeyPair:
    """Return a key pair of ours. Its primes need no check, since we made it and its seal proves that it is ours."""
    raw: Any = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    parameters: Any = {"kid": kid, "alg": alg, "use": "sig"}
    return KINDS[alg](raw, raw, parameters)


def is_weak(jwk: dict[str, Any]) -> bool:
    """Say whether a key is an RSA one of less than 2048 bits (FAPI 2.0, section 5.4.1). Raises ValueError.

    Asked before the library reads it, which only warns. The curves that it knows all have 224 bits and more.
    """
    if jwk.get("kty") != "RSA":
        return False
    modulus = str(jwk.get("n", ""))
    raw = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))
    return int.from_bytes(raw).bit_length() < _RSA_BITS


def media_type(header: dict[str, Any]) -> str | None:
    """Return `typ` as it is compared (RFC 7515, section 4.1.9): case does not matter, nor `application/` before it."""
    typ = header.get("typ")
    return None if typ is None else str(typ).lower().removeprefix("application/")


def half_hash(alg: str, value: str) -> str:
    """Return what `at_hash` holds (OpenID Connect Core 1.0, section 3.1.3.6): half a digest, of the algorithm's kind.

    RS256, PS256 and ES256 digest with SHA-256, Ed25519 with SHA-512 (RFC 8032, section 5.1).
    """
    digest = hashlib.sha512 if KINDS[alg] is OKPKey else hashlib.sha256
    whole = digest(value.encode()).digest()
    return base64url.encode(whole[: len(whole) // 2])
