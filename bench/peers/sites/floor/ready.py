"""Answers every request with the same bytes, under the headers that a provider sends: what a server costs by itself."""

import json
import os
from collections.abc import Callable, Iterable

_ISSUER = os.environ["ISSUER"]
_PATHS = {"jwks_uri": f"{_ISSUER}/jwks", "token_endpoint": f"{_ISSUER}/token"}
BODY = json.dumps({"issuer": _ISSUER, **_PATHS, "keys": [], "filling": "x" * 3000}).encode()
HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "public, max-age=300"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Frame-Options", "DENY"),
    ("X-Request-ID", "0" * 32),
    ("Content-Length", str(len(BODY))),
]


def application(_environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer a WSGI request."""
    start_response("200 OK", [*HEADERS])
    return [BODY]
