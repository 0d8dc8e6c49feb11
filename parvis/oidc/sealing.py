"""Private keys at rest: encrypted under a key derived from the installation's secret."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class WrongSecretError(RuntimeError):
    """The private keys were sealed under another secret than the one in the environment now."""

    def __init__(self) -> None:
        super().__init__(
            "The signing keys cannot be read: PARVIS_KEY_SECRET (or PARVIS_SECRET_KEY) is not the one they were sealed "
            "under. Put the former value back, or make new keys with `parvis keys rotate --now`."
        )


@cache
def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parvis.oidc.signing-keys").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _secret() -> str:
    return str(settings.KEY_SECRET or settings.SECRET_KEY)


def seal(pem: bytes) -> str:
    """Return the encrypted form that the table keeps."""
    return _fernet(_secret()).encrypt(pem).decode()


def unseal(sealed: str) -> bytes:
    """Return the private key. Raises WrongSecretError."""
    try:
        return _fernet(_secret()).decrypt(sealed.encode())
    except InvalidToken as error:
        raise WrongSecretError from error
