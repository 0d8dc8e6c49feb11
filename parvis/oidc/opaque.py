"""Codes, tokens and secrets: random, named by a prefix so that one is never taken for another, kept as digests only.

The prefix also puts a `_` into every token: django-lasuite decodes a bearer token that happens to be base64.
"""

import hashlib
import secrets

CODE = "pc_"
ACCESS = "pa_"
REFRESH = "pr_"
PUSHED = "pp_"
DEVICE = "pd_"
INITIAL = "pi_"
MANAGEMENT = "pm_"
SECRET = "ps_"  # noqa: S105 - a prefix


def make(kind: str) -> str:
    """Return a new value with 256 random bits."""
    return kind + secrets.token_urlsafe(32)


def digest(value: str) -> bytes:
    """Return what the tables keep of a code or token."""
    return hashlib.sha256(value.encode()).digest()


def hex_digest(value: str) -> str:
    """Return what the tables keep of a client secret."""
    return hashlib.sha256(value.encode()).hexdigest()


def is_a(kind: str, value: str) -> bool:
    """Say whether a value may be of a kind; what cannot costs no query."""
    return value.startswith(kind) and len(value) == len(kind) + 43 and value.isascii()
