"""Signing keys for peers, made anew for each run."""

import json
import secrets
from typing import Any

from joserfc.jwk import ECKey, RSAKey

from bench.peers.base import Client


def signing_keys() -> list[dict[str, Any]]:
    """Return one RSA key of 2048 bits and one P-256 key, private parts included."""
    rsa = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    ec = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return [dict(rsa.as_dict(private=True)), dict(ec.as_dict(private=True))]


def rsa_pem() -> str:
    """Return an RSA key of 2048 bits as PEM."""
    return RSAKey.generate_key(2048).as_pem(private=True).decode()


def credentials(kind: str, count: int) -> list[Client]:
    """Return credentials for some applications."""
    return [Client(f"{kind}-{number}", secrets.token_urlsafe(32)) for number in range(count)]


def described(web: list[Client], machine: list[Client]) -> list[dict[str, Any]]:
    """Return applications as the sites' set-up scripts read them."""
    return [
        {"client_id": client.client_id, "client_secret": client.secret, "machine": client in machine}
        for client in [*web, *machine]
    ]


def dumped(settings: dict[str, Any]) -> str:
    """Return a configuration as JSON."""
    return json.dumps(settings, indent=2)
