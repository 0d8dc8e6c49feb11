"""Two application processes as an operator runs them, on one database, and a browser that speaks to both."""

import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from tests.e2e.product import ROOT, free_port, stop, wait_until_it_answers

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CALLBACK = "https://app.example.org/callback/"
# People with open sessions, without the journey: what is tested here begins after it.
PREPARE = """
import json, sys, time
import django; django.setup()
from django.utils import timezone
from parvis.accounts.sessions import SessionStore
from parvis.directory.models import Email, Group, GroupMembership, User

def person(name):
    user = User.objects.create(given_name=name, family_name="Martin", language="en")
    Email.objects.create(user=user, address=f"{name}@example.org", verified_at=timezone.now(), is_primary=True)
    return user

lea = person("lea")
group = Group.objects.create(name="Team", slug="team")
GroupMembership.objects.create(group=group, user=lea, role="manager")
keys = []
for _ in range(2):
    session = SessionStore()
    session.sign_in(lea, {"mail": time.time()}, ip_address="", user_agent="")
    keys.append(session.session_key)
people = [str(person(f"person{number}").pk) for number in range(int(sys.argv[1]))]
print(json.dumps({"keys": keys, "people": people}))
"""


@dataclass
class Reply:
    """What a server answered."""

    status: int
    headers: Message
    text: str

    @property
    def way(self) -> str:
        """Return where it leads."""
        return str(self.headers.get("Location", ""))


@dataclass
class Visitor:
    """A browser: it keeps cookies, and reads the token of the forms that it sends."""

    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, port: int, method: str, path: str, body: str = "", **headers: str) -> Reply:
        """Send one request to the process at a port."""
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Language": "en"}
        if body:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body or None, told | headers)
            answer = connection.getresponse()
            content = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Reply(answer.status, answer.headers, content)

    def get(self, port: int, path: str) -> Reply:
        """Read a page."""
        return self.ask(port, "GET", path)

    def token(self, port: int, path: str) -> str:
        """Return the token of a page's form."""
        page = self.get(port, path)
        found = _TOKEN.search(page.text)
        assert found, (page.status, page.text[:500])
        return found[1]

    def send(self, port: int, path: str, fields: Mapping[str, str], *, page: str = "") -> Reply:
        """Open a page and send its form."""
        return self.post(port, path, dict(fields) | {"csrfmiddlewaretoken": self.token(port, page or path)})

    def post(self, port: int, path: str, fields: Mapping[str, str]) -> Reply:
        """Send fields as they are."""
        return self.ask(port, "POST", path, urlencode(fields))


@dataclass
class Pair:
    """One installation, served by two processes that know nothing of each other."""

    folder: Path
    database: str
    ports: tuple[int, ...] = field(default_factory=lambda: (free_port(), free_port()))
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of every command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "DJANGO_"))}
        return kept | {
            "PARVIS_DATA_DIR": str(self.folder / "data"),
            "PARVIS_DATABASE_URL": self.database,
            "PARVIS_ISSUER": f"http://127.0.0.1:{self.ports[0]}",
            "PARVIS_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "parvis.settings",
            "PYTHONPATH": str(ROOT),
        }

    def python(self, *words: str) -> str:
        """Run Python in the installation."""
        command = [sys.executable, *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def parvis(self, *words: str) -> Any:
        """Run a command of the product that prints JSON."""
        return json.loads(self.python("-m", "parvis", *words, "--json"))

    def prepare(self, people: int) -> dict[str, list[str]]:
        """Return the keys of open sessions and the people who are there."""
        told: dict[str, list[str]] = json.loads(self.python("-c", PREPARE, str(people)).splitlines()[-1])
        return told

    def start(self) -> None:
        """Set up, then serve from both ports."""
        self.folder.mkdir(exist_ok=True)
        self.python("-m", "parvis", "setup")
        self.serve()

    def serve(self) -> None:
        """Serve from every port, each in a group of processes of its own."""
        self.processes = []
        for port in self.ports:
            log = self.log(port)
            command = [sys.executable, "-m", "parvis", "run", "--no-worker", "--port", str(port)]
            with log.open("ab") as stream:
                started = subprocess.Popen(
                    command, env=self.environment, cwd=ROOT, stdout=stream, stderr=stream, start_new_session=True
                )
            self.processes.append(started)
        for port, process in zip(self.ports, self.processes, strict=True):
            wait_until_it_answers(f"http://127.0.0.1:{port}/readyz", process, self.log(port))

    def kill(self) -> None:
        """End every process at once, as a power cut or `kill -9` does."""
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log(self, port: int) -> Path:
        """Return the file where a process writes."""
        return self.folder / f"{port}.log"

    def complaints(self) -> list[str]:
        """Return what went wrong inside, whatever was answered."""
        lines = [line for port in self.ports for line in self.log(port).read_text(encoding="utf-8").splitlines()]
        return [line[:2000] for line in lines if '"level": "error"' in line or "locked" in line]

    def stop(self) -> None:
        """End both."""
        for process in self.processes:
            stop(process)


@contextmanager
def own_database() -> Iterator[str]:
    """Yield the URL of a database of one's own, empty for a file of SQLite."""
    cluster = os.environ.get("PARVIS_TEST_DATABASE_URL", "")
    if not cluster:
        yield ""
        return
    name = f"pair_{secrets.token_hex(6)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield cluster.replace("/parvis?", f"/{name}?")
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def out_of_reach(url: str) -> Iterator[None]:
    """Take a PostgreSQL database away from everybody, as a restart of its server does, and give it back."""
    cluster = os.environ["PARVIS_TEST_DATABASE_URL"]
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(cluster, autocommit=True) as connection:

        def allow(answer: str) -> None:
            statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
            connection.execute(statement.format(sql.Identifier(name), sql.SQL(answer)))

        allow("false")
        try:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            allow("true")
