"""Base64 for addresses and tokens (RFC 4648, section 5), without its filling, as RFC 7515 writes it (section 2)."""

import base64


def encode(value: bytes) -> str:
    """Return bytes as letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
