"""Parvis itself, through its command line and its pages only: on PostgreSQL, and on SQLite."""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from bench import measure
from bench.peers.base import REDIRECT_URI, WORKERS, Client, Peer, Target, discovered
from bench.peers.browser import Browser

ROOT = Path(__file__).resolve().parents[2]
PARVIS = [sys.executable, "-m", "parvis"]
CODE = re.compile(r"\b(\d{4} \d{4})\b")


class ParvisPostgres(Peer):
    """On a PostgreSQL that keeps what it is told."""

    name: ClassVar[str] = "parvis"

    def missing(self) -> str:
        """Nothing: it is here."""
        return ""

    def start(self, algorithm: str, people: int) -> Target:
        """Set it up, register an application, start it, and sign new people in by the code of a mail."""
        home = Path(self.stack.enter_context(TemporaryDirectory(prefix="bench-parvis-")))
        url, database = self._database()
        port = measure.free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        env = kept | {
            "PARVIS_DATA_DIR": str(home / "data"),
            "PARVIS_PORT": str(port),
            "PARVIS_ISSUER": f"http://127.0.0.1:{port}",
            "PARVIS_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "parvis.settings",
        }
        measure.output([*PARVIS, "setup"], env=env, cwd=ROOT)
        app = [*PARVIS, "app", "create", "--name", "Bench", "--redirect-uri", REDIRECT_URI, "--trusted", "--json"]
        app += ["--scope", "openid email", "--id-token-alg", algorithm]
        machine = [*PARVIS, "app", "create", "--name", "Machine", "--grant-type", "client_credentials", "--json"]
        machine += ["--access-token-alg", algorithm]
        registered: list[dict[str, Any]] = [
            json.loads(measure.output(command, env=env, cwd=ROOT)) for command in (app, machine)
        ]
        clients = [Client(one["client_id"], one["client_secret"]) for one in registered]
        command = [*PARVIS, "run", "--no-worker", "--workers", str(WORKERS)]
        ready = f"http://127.0.0.1:{port}/readyz"
        pid = self.stack.enter_context(measure.running(command, ready=ready, log=home / "log", env=env, cwd=ROOT))
        return Target(
            endpoints=discovered(port),
            port=port,
            web=clients[:1],
            machine=clients[1:],
            cookies=_signed_in(port, people, env),
            server=pid,
            database=database,
        )

    def _database(self) -> tuple[str, int]:
        database = self.stack.enter_context(measure.durable_postgresql())
        return database.url, database.pid


class ParvisSqlite(ParvisPostgres):
    """On one file."""

    name: ClassVar[str] = "parvis-sqlite"

    def _database(self) -> tuple[str, int]:
        return "", 0


def _signed_in(port: int, people: int, env: Mapping[str, str]) -> list[str]:
    """Ask for everybody's code first, then read all mails at once: the command takes a second to start."""
    browsers = {f"person{number}@example.org": Browser(f"http://127.0.0.1:{port}/") for number in range(people)}
    for address, browser in browsers.items():
        browser.go("/sign-in/")
        browser.send(email=address)
    command = [*PARVIS, "mail", "list", "--json", "--limit", str(people)]
    mails = json.loads(measure.output(command, env=env, cwd=ROOT))
    codes = {mail["to"]: found[1] for mail in mails if (found := CODE.search(mail["text"]))}
    for number, (address, browser) in enumerate(browsers.items()):
        browser.send(code=codes[address])
        browser.send(given_name="Person", family_name=f"Number {number}", language="en")
    return [browser.cookies for browser in browsers.values()]
