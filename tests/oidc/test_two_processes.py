"""Several application processes on one database, a file of SQLite or PostgreSQL: one code, one winner."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.factories.oidc import REDIRECT_URI
from tests.hostile.processes import own_database
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS = 4, 5

PREPARE = """
import json, sys, time
import django; django.setup()
from parvis.accounts.sessions import SessionStore
from parvis.directory.models import User
from parvis.oidc.actions.clients import create_client
from parvis.oidc.endpoints.serving import ENDPOINTS, serve
from parvis.oidc.http import Request
from urllib.parse import parse_qs, urlencode, urlsplit

user = User.objects.create(given_name="Lea")
session = SessionStore()
session.sign_in(user, {"mail": int(time.time())}, ip_address="", user_agent="")
uri = sys.argv[1]
client, secret = create_client(by=None, name_fr="A", name_en="A", redirect_uris=[uri], is_trusted=True)
own = {"client_id": client.client_id, "client_secret": secret}

def code():
    asked = {"client_id": client.client_id, "redirect_uri": uri, "response_type": "code", "scope": "openid"}
    meta = {"HTTP_COOKIE": f"parvis_session={session.session_key}"}
    location = dict(serve(ENDPOINTS["/oidc/authorize"], Request("GET", urlencode(asked), meta)).headers)["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]

form = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
redeem = {"grant_type": "authorization_code", "redirect_uri": uri} | own
body = urlencode(redeem | {"code": code()}).encode()
tokens = json.loads(serve(ENDPOINTS["/oidc/token"], Request("POST", "", form, body)).body)
refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]} | own
print(json.dumps({"code": redeem | {"code": code()}, "refresh": refresh}))
"""

RACE = """
import sys, threading, time
import django; django.setup()
from parvis.oidc import keys
from parvis.oidc.endpoints.serving import ENDPOINTS, serve
from parvis.oidc.http import Request
from django.db import connections

body, start, number = sys.argv[1].encode(), float(sys.argv[2]), int(sys.argv[3])
request = Request("POST", "", {"CONTENT_TYPE": "application/x-www-form-urlencoded"}, body)
keys.ring()
answers = []

def one():
    time.sleep(max(0, start - time.time()))
    answers.append(serve(ENDPOINTS["/oidc/token"], request).status)
    connections.close_all()

threads = [threading.Thread(target=one) for _ in range(number)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*answers)
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An installation of its own, database included, as its environment."""
    with own_database() as database:
        yield _set_up(str(tmp_path_factory.mktemp("data")), database)


def _set_up(folder: str, database: str) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    environment |= {
        "PARVIS_DATA_DIR": folder,
        "PARVIS_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PARVIS_LOG_LEVEL": "CRITICAL",
    }
    subprocess.run(
        [sys.executable, "-m", "parvis", "setup"], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    return environment


def run(script: str, environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    """Start a process of the application."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def last_line(process: "subprocess.Popen[str]") -> str:
    """Return the last line that a process printed."""
    output, _errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return output.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def prepared(installation: dict[str, str]) -> dict[str, dict[str, Any]]:
    """A code and a refresh token that nobody has used."""
    found: dict[str, dict[str, Any]] = json.loads(last_line(run(PREPARE, installation, REDIRECT_URI)))
    return found


@pytest.mark.parametrize("what", ["code", "refresh"])
def test_four_processes_of_five_threads_have_one_winner(
    installation: dict[str, str], prepared: dict[str, dict[str, Any]], what: str
) -> None:
    body, start = urlencode(prepared[what]), str(time.time() + 6)
    racers = [run(RACE, installation, body, start, str(THREADS)) for _ in range(PROCESSES)]
    statuses = [int(status) for racer in racers for status in last_line(racer).split()]
    assert sorted(statuses) == [200] + [400] * (PROCESSES * THREADS - 1)
