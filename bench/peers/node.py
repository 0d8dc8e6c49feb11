"""npm oidc-provider: with its own memory adapter in one process, and with PostgreSQL in two."""

import os
import secrets
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from bench import measure
from bench.peers.base import CACHE, REDIRECT_URI, SITES, WORKERS, Peer, Target, discovered
from bench.peers.browser import Browser
from bench.peers.keys import credentials, described, dumped, signing_keys
from bench.workloads import authorization


class NodeMemory(Peer):
    """Everything in the process's memory: quick, and lost at restart."""

    name: ClassVar[str] = "node-memory"

    def missing(self) -> str:
        """Return what has to be installed."""
        if not shutil.which("node"):
            return "Debian's nodejs"
        return "" if (CACHE / "node" / "node_modules").is_dir() else "python -m bench.peers.install node"

    def start(self, algorithm: str, people: int) -> Target:
        """Start it, and sign people in through its own interaction pages."""
        home = Path(self.stack.enter_context(TemporaryDirectory(prefix="bench-node-")))
        url, database = self._database()
        port = measure.free_port()
        web, machine = credentials("web", 1), credentials("machine", 1)
        config = home / "config.json"
        config.write_text(
            dumped(
                {
                    "issuer": f"http://127.0.0.1:{port}",
                    "port": port,
                    "workers": WORKERS,
                    "database": url,
                    "algorithm": algorithm,
                    "redirect_uri": REDIRECT_URI,
                    "cookie_key": secrets.token_urlsafe(32),
                    "jwks": {"keys": signing_keys()},
                    "clients": described(web, machine),
                }
            )
        )
        ready = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
        command = ["node", str(CACHE / "node" / "server.mjs"), str(config)]
        for name in ("server.mjs", "postgres.mjs"):
            shutil.copy(SITES / "node" / name, CACHE / "node" / name)
        env = os.environ | {"NODE_ENV": "production"}
        pid = self.stack.enter_context(
            measure.running(command, ready=ready, log=home / "log", env=env, cwd=CACHE / "node")
        )
        endpoints = discovered(port)
        started = Target(endpoints, port, web, machine, [], pid, database, scope="openid email")
        cookies = [self._signed_in(started, f"person{number}") for number in range(people)]
        return Target(endpoints, port, web, machine, cookies, pid, database, scope="openid email")

    def _database(self) -> tuple[str, int]:
        return "", 0

    @staticmethod
    def _signed_in(target: Target, login: str) -> str:
        browser = Browser(f"http://127.0.0.1:{target.port}/")
        browser.go(authorization(target, target.web[0]))
        browser.send(login=login, password="any")  # noqa: S106 - its development pages accept any
        return browser.cookies


class NodePostgres(NodeMemory):
    """The durable peer to beat."""

    name: ClassVar[str] = "node-pg"

    def _database(self) -> tuple[str, int]:
        database = self.stack.enter_context(measure.durable_postgresql())
        return database.url, database.pid
