"""Keys derived from the installation's secret, one a use, and what is kept under them: sealed texts, keyed digests.

Sealed is what has to be read again (private keys, secrets shared with an authenticator app); of what is only ever
compared, a digest is kept. The name of a use is part of its key, so it must never change: what was kept could not be
read any more.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class UnreadableError(Exception):
    """It was sealed under another secret or for another use, or it was changed since."""


def derive(use: str, *, secret: str = "") -> bytes:
    """Return the 32 bytes of one use (HKDF, RFC 5869): knowing one key tells nothing about another.

    They come from `secret` if it is given, else from the installation's secret key.
    """
    derivation = HKDF(SHA256(), 32, salt=None, info=f"parvis.{use}".encode())
    return derivation.derive((secret or settings.SECRET_KEY).encode())


def seal(use: str, text: str, *, secret: str = "") -> str:
    """Encrypt a text that has to be read again (Fernet: AES-CBC with HMAC)."""
    return _fernet(use, secret).encrypt(text.encode()).decode("ascii")


def unseal(use: str, sealed: str, *, secret: str = "") -> str:
    """Return a sealed text. Raises UnreadableError."""
    try:
        return _fernet(use, secret).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableError from error


def keyed_digest(use: str, *parts: object) -> str:
    """Return what is kept of a short secret: guessing it from a stolen table also takes the installation's key."""
    return hmac.digest(derive(use), "\0".join(map(str, parts)).encode(), "sha256").hex()


def _fernet(use: str, secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derive(use, secret=secret)))
