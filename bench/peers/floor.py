"""No provider: Parvis's own HTTP server, with an application that does nothing. Nothing in Python can cost less."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from bench import measure
from bench.peers.base import SITES, WORKERS, Peer, Target, discovered

THREADS = 4
"""As many as `parvis.server` has."""


class Floor(Peer):
    """What the documents of a provider cost at least here."""

    name: ClassVar[str] = "floor"

    def missing(self) -> str:
        """Nothing: the server is Parvis's."""
        return ""

    def start(self, algorithm: str, people: int) -> Target:  # noqa: ARG002 - it signs nothing, for nobody
        """Start the server alone."""
        home = Path(self.stack.enter_context(TemporaryDirectory(prefix="bench-floor-")))
        port = measure.free_port()
        issuer = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "ready:application"]
        env = os.environ | {"ISSUER": issuer}
        ready = f"{issuer}/.well-known/openid-configuration"
        pid = self.stack.enter_context(
            measure.running(command, ready=ready, log=home / "log", env=env, cwd=SITES / "floor")
        )
        return Target(endpoints=discovered(port), port=port, web=[], machine=[], cookies=[], server=pid)
