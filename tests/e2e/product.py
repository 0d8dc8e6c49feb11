"""The real product as separate processes: set-up, fictional network, server; a folder and a port of its own."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.demo.queries import address_of
from parvis.demo.story.people import (
    INCUBATOR_MANAGER,
    INTERNATIONAL,
    NEWCOMER,
    OPERATOR,
    ORGANIZATION_MANAGER,
    PEOPLE,
    TEAM_MANAGER,
)
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
_CODE = re.compile(r"\b\d{4} ?\d{4}\b")


def _others() -> list[str]:
    """Return the people of the fictional network who have one organisation, and whom no test names."""
    named = {OPERATOR, INCUBATOR_MANAGER, TEAM_MANAGER, ORGANIZATION_MANAGER, NEWCOMER, INTERNATIONAL}
    plain = [one for one in PEOPLE if one.state == "active" and not one.second_organization and one.organization]
    return [address_of(one.key, one.organization) for one in plain if one.key not in named]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = PATIENCE) -> None:
    """Wait for an address to answer anything at all; a process that ended first fails with what it said."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended:\n{log.read_text(encoding='utf-8')[-4000:]}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer:\n{log.read_text(encoding='utf-8')[-4000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that we started, kindly first."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class Product:
    """One installation for a whole test session."""

    folder: Path
    port: int = field(default_factory=free_port)
    people: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    others: Iterator[str] = field(default_factory=lambda: iter(_others()))

    @property
    def url(self) -> str:
        """Return the issuer, which is also where pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of every command of this installation."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "DJANGO_"))}
        ours = {"PARVIS_DATA_DIR": str(self.folder / "data"), "PARVIS_PORT": str(self.port)}
        return kept | ours | {"PYTHONPATH": str(ROOT)}

    def parvis(self, *arguments: str) -> str:
        """Run a command of the product and return what it prints."""
        command = [sys.executable, "-m", "parvis", *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        if done.returncode:
            raise RuntimeError(f"parvis {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command that prints JSON."""
        return json.loads(self.parvis(*arguments, "--json"))

    def start(self) -> None:
        """Prepare the folder, tell the fictional network, and serve."""
        self.parvis("setup")
        told = self.json("demo")["sign_in_as"]
        self.people = {person["email"].partition("@")[0]: person["email"] for person in told}
        log = self.folder / "server.log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "parvis", "run"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=stream, stderr=subprocess.STDOUT)
        wait_until_it_answers(f"{self.url}/readyz", self.process, log)

    def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            stop(self.process)

    def mails(self, to: str) -> list[dict[str, str]]:
        """Return the mails to an address, the newest first."""
        found: list[dict[str, str]] = self.json("mail", "list", "--to", to, "--limit", "20")
        return found

    def code_for(self, address: str, *, known: int = 0) -> str:
        """Return the code of the newest mail to an address, once there are more than `known` mails with one."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            codes = [found[0] for mail in self.mails(address) if (found := _CODE.search(mail["text"]))]
            if len(codes) > known:
                return codes[0]
            time.sleep(0.2)
        raise AssertionError(f"No code was sent to {address}.")

    def codes_sent_to(self, address: str) -> int:
        """Return how many mails with a code an address has had."""
        return sum(bool(_CODE.search(mail["text"])) for mail in self.mails(address))

    def anybody(self) -> str:
        """Return the address of somebody who has not signed in yet: codes are counted, for each address."""
        return next(self.others)

    def errors(self) -> list[str]:
        """Return what the server logged as an error: a page that looks right may still have failed behind."""
        lines = (self.folder / "server.log").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if '"level": "error"' in line or "Traceback" in line]
