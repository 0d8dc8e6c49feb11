"""Keys derived from the installation's secret, one a use: what is kept of codes, and how shared secrets are sealed."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=16)
def derive(secret_key: str, use: str) -> bytes:
    """Return 32 bytes for one use (HKDF, RFC 5869): knowing one key tells nothing about another."""
    return HKDF(SHA256(), 32, salt=None, info=f"parvis.accounts.{use}".encode()).derive(secret_key.encode())


def keyed_digest(use: str, *parts: object) -> str:
    """Return what is kept of a short secret: guessing it from a stolen table also takes the installation's key."""
    message = "\0".join(str(part) for part in parts).encode()
    return hmac.new(derive(settings.SECRET_KEY, use), message, hashlib.sha256).hexdigest()


def seal(use: str, text: str) -> str:
    """Encrypt a text that has to be read again (Fernet: AES-CBC with HMAC)."""
    return _fernet(use).encrypt(text.encode()).decode("ascii")


def unseal(use: str, sealed: str) -> str:
    """Return a sealed text. Raises `cryptography.fernet.InvalidToken` when it was made with another key."""
    return _fernet(use).decrypt(sealed.encode("ascii")).decode()


def _fernet(use: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derive(settings.SECRET_KEY, use)))
