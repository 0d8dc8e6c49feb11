"""django-oauth-toolkit, served as Parvis is: granian, two processes, PostgreSQL through psycopg."""

import json
import os
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from bench import measure
from bench.peers.base import CACHE, REDIRECT_URI, SITES, WORKERS, Peer, Target, discovered
from bench.peers.keys import credentials, described, dumped, rsa_pem


class DjangoOAuthToolkit(Peer):
    """Two kindnesses: client secrets are not hashed, and `prompt=none`, which it cannot answer, is not asked."""

    name: ClassVar[str] = "dot"
    algorithms: ClassVar[tuple[str, ...]] = ("RS256",)

    def missing(self) -> str:
        """Return what has to be installed."""
        return "" if (CACHE / "dot" / "bin" / "granian").exists() else "python -m bench.peers.install dot"

    def start(self, algorithm: str, people: int) -> Target:
        """Start it; sessions are written where Django keeps them."""
        if algorithm not in self.algorithms:
            raise ValueError(algorithm)
        home = Path(self.stack.enter_context(TemporaryDirectory(prefix="bench-dot-")))
        database = self.stack.enter_context(measure.durable_postgresql())
        port = measure.free_port()
        web, machine = credentials("web", 1), credentials("machine", 1)
        config = home / "config.json"
        config.write_text(
            dumped(
                {
                    "secret_key": secrets.token_urlsafe(50),
                    "private_key": rsa_pem(),
                    "database_host": parse_qs(urlsplit(database.url).query)["host"][0],
                    "redirect_uri": REDIRECT_URI,
                    "people": people,
                    "clients": described(web, machine),
                }
            )
        )
        programs, site = CACHE / "dot" / "bin", SITES / "dot"
        kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        env = kept | {"BENCH_CONFIG": str(config), "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
        seeded = measure.output([programs / "python", "seed.py"], env=env, cwd=site)
        command: list[str | Path] = [
            programs / "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ]
        command += ["--workers", str(WORKERS), "--blocking-threads", "1", "--log-level", "warning"]
        pid = self.stack.enter_context(
            measure.running(
                [*command, "site_wsgi:application"],
                ready=f"http://127.0.0.1:{port}/.well-known/openid-configuration",
                log=home / "log",
                env=env,
                cwd=site,
            )
        )
        return Target(
            endpoints=discovered(port, {"introspection_endpoint": "/o/introspect/"}),
            port=port,
            web=web,
            machine=machine,
            cookies=json.loads(seeded),
            server=pid,
            database=database.pid,
            silent="",
        )
