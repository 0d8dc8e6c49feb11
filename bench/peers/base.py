"""What a benchmark asks of every provider: to start, to say where it listens, and to have people signed in."""

import json
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

CACHE = Path(__file__).resolve().parents[2] / "var" / "bench"
"""Where `python -m bench.peers.install` puts the peers; ignored by git."""
SITES = Path(__file__).parent / "sites"
REDIRECT_URI = "http://127.0.0.1:9/callback"
WORKERS = 2
"""Processes of each server that can have several."""


@dataclass(frozen=True, slots=True)
class Client:
    """An application's credentials."""

    client_id: str
    secret: str

    @property
    def authorization(self) -> str:
        """The value of an Authorization header (RFC 6749, section 2.3.1)."""
        pair = f"{quote(self.client_id, safe='')}:{quote(self.secret, safe='')}"
        return f"Basic {b64encode(pair.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Target:
    """A provider that runs."""

    endpoints: Mapping[str, str]
    """Paths by the names that discovery gives them; one that is not offered is absent."""
    port: int
    web: Sequence[Client]
    """Applications that people sign in to."""
    machine: Sequence[Client]
    """Applications that act for themselves; empty when client_credentials is not offered."""
    cookies: Sequence[str]
    """Cookie headers of browsers in which somebody is signed in, each somebody else."""
    server: int
    """Process whose tree answers requests."""
    database: int = 0
    """Process whose tree holds the data; 0 when the server itself does."""
    scope: str = "openid email"
    silent: str = "none"
    """`prompt` of the authorization request; empty for a provider that does not know `none`."""


class Peer(ABC):
    """A provider under test."""

    name: ClassVar[str]
    algorithms: ClassVar[tuple[str, ...]] = ("RS256", "ES256")

    def __init__(self) -> None:
        self.stack = ExitStack()

    @abstractmethod
    def missing(self) -> str:
        """Return what has to be installed before it can start, or nothing."""

    @abstractmethod
    def start(self, algorithm: str, people: int) -> Target:
        """Start on a fresh database, signing ID tokens with an algorithm, with some people signed in."""

    def stop(self) -> None:
        """End every process that was started, and forget the data."""
        self.stack.close()


def discovered(port: int, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the paths of the endpoints that a provider announces, and of those that it has without announcing them."""
    path = "/.well-known/openid-configuration"
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        document: dict[str, Any] = json.load(answer)
    found = {name: urlsplit(str(document[name])).path for name in document if name.endswith(("_endpoint", "jwks_uri"))}
    return found | {"discovery": path} | dict(more or {})
