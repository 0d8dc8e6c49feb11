"""Canaille on PostgreSQL, with its own `canaille run` (hypercorn), two processes."""

import json
import os
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from bench import measure
from bench.peers.base import CACHE, REDIRECT_URI, SITES, WORKERS, Peer, Target, discovered
from bench.peers.keys import credentials, described, dumped, signing_keys

LEAST_PEOPLE = 64
"""It answers 500 to a person's second token in one second: its tokens have no `jti`, in a column of unique values."""


class Canaille(Peer):
    """One kindness: enough people that nobody needs two tokens in one second."""

    name: ClassVar[str] = "canaille"

    def missing(self) -> str:
        """Return what has to be installed."""
        return "" if (CACHE / "canaille" / "bin" / "canaille").exists() else "python -m bench.peers.install canaille"

    def start(self, algorithm: str, people: int) -> Target:
        """Start it; sessions are signed as it signs them."""
        home = Path(self.stack.enter_context(TemporaryDirectory(prefix="bench-canaille-")))
        database = self.stack.enter_context(measure.durable_postgresql())
        port = measure.free_port()
        web, machine = credentials("web", 1), credentials("machine", 1)
        seeds = {
            "algorithm": algorithm,
            "redirect_uri": REDIRECT_URI,
            "people": max(people, LEAST_PEOPLE),
            "clients": described(web, machine),
        }
        settings: dict[str, object] = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"LOGGING": None},
            "CANAILLE_SQL": {"DATABASE_URI": database.url.replace("postgresql:", "postgresql+psycopg2:", 1)},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": signing_keys(), "REQUIRE_NONCE": False, "TRUSTED_DOMAINS": ["127.0.0.1"]},
        }
        (home / "seeds.json").write_text(dumped(seeds))
        (home / "config.toml").write_text(_toml(settings))
        programs = CACHE / "canaille" / "bin"
        env = os.environ | {"CANAILLE_CONFIG": str(home / "config.toml"), "BENCH_CONFIG": str(home / "seeds.json")}
        script = SITES / "canaille" / "seed.py"
        seeded = measure.output([programs / "python", script], env=env, cwd=home)
        command: list[str | Path] = [
            programs / "canaille",
            "run",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            str(WORKERS),
        ]
        ready = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
        pid = self.stack.enter_context(measure.running(command, ready=ready, log=home / "log", env=env, cwd=home))
        cookies = json.loads(seeded.splitlines()[-1])
        return Target(discovered(port), port, web, machine, cookies, pid, database.pid)


def _toml(settings: dict[str, object]) -> str:
    """Return settings as TOML, of which JSON's strings, lists and booleans are a part; tables come last."""
    plain = [f"{name} = {_value(value)}" for name, value in settings.items() if not isinstance(value, dict)]
    tables = [
        f"\n[{name}]\n" + "\n".join(f"{key} = {_value(item)}" for key, item in value.items() if item is not None)
        for name, value in settings.items()
        if isinstance(value, dict)
    ]
    return "\n".join([*plain, *tables, ""])


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value)
