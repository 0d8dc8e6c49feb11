"""Two application processes on one database, a file of SQLite or PostgreSQL: whatever one does, the other knows.

They are asked over HTTP, as a proxy in front of them would. One test holds all, because starting them is what costs.
"""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils import timezone

from tests.hostile.processes import CALLBACK, Pair, Reply, Visitor, out_of_reach, own_database

WRITERS, EACH = 8, 4
AT_ONCE = 20
AWAY = 10
"""Seconds that the database is away."""


@dataclass
class Installation:
    """The two processes, who has a session, and an application that was registered while both ran."""

    pair: Pair
    keys: list[str]
    people: list[str]
    application: dict[str, str]


def signed_in(here: Installation, number: int = 0) -> Visitor:
    return Visitor({"parvis_session": here.keys[number]})


def authorize(visitor: Visitor, port: int, client_id: str) -> dict[str, list[str]]:
    """Return the silent answer of the provider."""
    asked = {
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "prompt": "none",
    }
    reply = visitor.get(port, f"/oidc/authorize?{urlencode(asked)}")
    assert reply.status == 303, (reply.status, reply.text[:500])
    return parse_qs(urlsplit(reply.way).query)


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


def token(pair: Pair, number: int, application: dict[str, str], **fields: str) -> Reply:
    """Post to the token endpoint of one process or the other."""
    own = {"client_id": application["client_id"], "client_secret": application["client_secret"]}
    return Visitor().post(pair.ports[number % 2], "/oidc/token", own | fields)


def who_signs_in_at_one_is_signed_in_at_both_and_out_of_both(here: Installation) -> None:
    pair, application = here.pair, here.application
    first, second = pair.ports
    visitor = Visitor()
    assert visitor.send(first, "/sign-in/", {"email": "new@example.org"}).status == 302
    mails = pair.parvis("mail", "list", "--to", "new@example.org")
    found = re.search(r"\b(\d{4}) ?(\d{4})\b", f"{mails[0]['subject']} {mails[0].get('text', '')}")
    assert found, mails
    # The code was sent by one process and is typed into the other.
    assert visitor.send(second, "/sign-in/code/", {"code": found[1] + found[2]}).way == "/sign-in/new-account/"
    names = {"given_name": "Nour", "family_name": "Benali", "language": "en"}
    assert visitor.send(first, "/sign-in/new-account/", names).status == 302
    for port in pair.ports:
        assert "Nour Benali" in visitor.get(port, "/account/").text
        assert "code" in authorize(visitor, port, application["client_id"])
    kept = Visitor(dict(visitor.cookies))
    assert visitor.send(second, "/sign-out/", {}, page="/account/").status == 302
    for port in pair.ports:
        assert kept.get(port, "/account/").way.startswith("/sign-in/")
        assert authorize(kept, port, application["client_id"])["error"] == ["login_required"]


def a_code_and_a_refresh_token_are_honoured_once(here: Installation) -> None:
    pair, application, visitor = here.pair, here.application, signed_in(here)
    for grant_type, name in (("authorization_code", "code"), ("refresh_token", "refresh_token")):
        [value] = authorize(visitor, pair.ports[0], application["client_id"])["code"]
        if name == "refresh_token":
            redeemed = token(pair, 1, application, grant_type="authorization_code", code=value, redirect_uri=CALLBACK)
            value = json.loads(redeemed.text)["refresh_token"]
        fields = {"grant_type": grant_type, name: value, "redirect_uri": CALLBACK}
        replies = at_once(lambda number, fields=fields: token(pair, number, application, **fields), AT_ONCE)  # type: ignore[misc] # a default is not inferred
        assert sorted(reply.status for reply in replies) == [200] + [400] * (AT_ONCE - 1)
        assert {json.loads(reply.text).get("error", "") for reply in replies} == {"", "invalid_grant"}
    assert pair.complaints() == []


def a_change_is_known_at_both_within_two_seconds(here: Installation) -> None:
    pair, visitor = here.pair, signed_in(here)
    made = pair.parvis("app", "create", "--name", "Second", "--redirect-uri", CALLBACK, "--trusted")
    for port in pair.ports:
        assert "code" in authorize(visitor, port, made["client_id"])
    rotated = pair.parvis("app", "rotate-secret", made["client_id"], "--now")
    time.sleep(2)
    for number in range(2):
        fields = {"grant_type": "refresh_token", "refresh_token": "pr_" + "x" * 43}
        assert json.loads(token(pair, number, made, **fields).text)["error"] == "invalid_client"
        assert json.loads(token(pair, number, made | rotated, **fields).text)["error"] == "invalid_grant"


def eight_writers_wait_for_each_other(here: Installation) -> None:
    pair, visitor = here.pair, signed_in(here)
    crumb = visitor.token(pair.ports[0], "/account/")

    def write(writer: int) -> list[int]:
        mine = Visitor(dict(visitor.cookies))
        statuses = []
        for number in range(EACH):
            port, person = pair.ports[(writer + number) % 2], here.people[writer * EACH + number]
            today = timezone.localdate().isoformat()
            fields = {"csrfmiddlewaretoken": crumb, "role": "member", "starts_on": today, "note": f"Writer {writer}"}
            statuses.append(mine.post(port, f"/groups/team/people/add/?person={person}", fields).status)
            invited = {"csrfmiddlewaretoken": crumb, "role": "member", "address": f"w{writer}-{number}@example.org"}
            statuses.append(mine.post(port, "/groups/team/invite/", invited).status)
        return statuses

    assert {status for statuses in at_once(write, WRITERS) for status in statuses} == {302}
    assert pair.complaints() == []
    page = visitor.get(pair.ports[1], "/groups/team/people/").text
    assert f"{WRITERS * EACH + 1} memberships" in page


def what_a_server_is_sent_raw_is_answered(here: Installation) -> None:
    """Beyond what Django's own client can say: the bytes of a request line and its headers."""
    pair = here.pair
    expected = {
        "/%00": 400,
        "/people/?q=%ff": 400,
        "/..%2f..%2fetc/passwd": 404,
        "//evil.example/": 404,
        "/%2e%2e/": 404,
    }
    for path, status in expected.items():
        reply = Visitor().get(pair.ports[0], path)
        assert reply.status == status, path
        assert reply.headers["Content-Security-Policy"]
    for kind in ("text/plain; charset=hex", "a;b*=hex''x", "text/plain; charset=utf-7", "é"):
        reply = Visitor().ask(pair.ports[0], "GET", "/?q=%2BAAA-", **{"Content-Type": kind})
        assert reply.status == 200, kind
    assert pair.complaints() == []


def the_database_goes_away_and_comes_back(here: Installation) -> None:
    pair, application, visitor = here.pair, here.application, signed_in(here, 1)
    if not pair.database:
        the_file_is_held_by_another_program(here)
        return
    asked = {"grant_type": "refresh_token", "refresh_token": "pr_" + "x" * 43}
    with out_of_reach(pair.database):
        for number, port in enumerate(pair.ports):
            assert Visitor().get(port, "/healthz").status == 200
            ready = Visitor().get(port, "/readyz")
            assert (ready.status, json.loads(ready.text)["reason"]) == (503, "database")
            for path in ("/account/", "/people/", "/sign-in/", "/", "/healthz", "/oidc/authorize?client_id=a"):
                page = visitor.get(port, path)
                assert page.status == 503, path
                assert "Parvis is resting" in page.text
                assert page.headers["Content-Security-Policy"]
                assert page.headers["Retry-After"]
            assert token(pair, number, application, **asked).status == 503
        away_until = time.monotonic() + AWAY
        while time.monotonic() < away_until:
            assert {token(pair, number, application, **asked).status for number in range(2)} == {503}
            time.sleep(0.2)
    for number, port in enumerate(pair.ports):
        assert visitor.get(port, "/readyz").status == 200
        assert visitor.get(port, "/account/").status == 200
        assert token(pair, number, application, **asked).status == 400


def the_file_is_held_by_another_program(here: Installation) -> None:
    """SQLite's way of being away: a backup or a person at its prompt holds the lock, and writers have to wait."""
    pair, application, visitor = here.pair, here.application, signed_in(here, 1)
    [code] = authorize(visitor, pair.ports[0], application["client_id"])["code"]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    file = pair.folder / "data" / "parvis.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        waiting = pool.submit(token, pair, 0, application, **fields)
        held_until = time.monotonic() + AWAY
        while time.monotonic() < held_until:
            assert visitor.get(pair.ports[1], "/account/").status == 200  # Readers go on.
            time.sleep(0.5)
        assert not waiting.done()
        other.execute("ROLLBACK")
        assert waiting.result().status == 200
    assert pair.complaints() == []


CHECKS = (
    who_signs_in_at_one_is_signed_in_at_both_and_out_of_both,
    a_code_and_a_refresh_token_are_honoured_once,
    a_change_is_known_at_both_within_two_seconds,
    eight_writers_wait_for_each_other,
    what_a_server_is_sent_raw_is_answered,
    the_database_goes_away_and_comes_back,
)


def test_two_processes_are_one_product(tmp_path: Path) -> None:
    with own_database() as database:
        pair = Pair(tmp_path / "pair", database)
        try:
            pair.start()
            told = pair.prepare(WRITERS * EACH)
            made = pair.parvis("app", "create", "--name", "Notebook", "--redirect-uri", CALLBACK, "--trusted")
            for check in CHECKS:
                check(Installation(pair, told["keys"], told["people"], made))
        finally:
            pair.stop()
