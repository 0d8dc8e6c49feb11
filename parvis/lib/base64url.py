"""Base64 for addresses and tokens (RFC 4648, section 5), without its filling, as RFC 7515 writes it (section 2)."""

import base64
import hashlib


def encode(value: bytes) -> str:
    """Return bytes as letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def digest(text: str) -> str:
    """Return the SHA-256 of a text, as challenges (RFC 7636, section 4.2) and proofs (RFC 9449, 4.2) hold it."""
    return encode(hashlib.sha256(text.encode()).digest())
