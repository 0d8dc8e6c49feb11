"""Signing keys: made at set-up, rotated by command and by the worker, sealed, loaded once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.oidc import clients, keys, memory, tasks
from parvis.oidc.actions import keys as actions
from parvis.oidc.cli import keys as command
from parvis.oidc.models import Client, Grant, Revision, SigningKey, Token
from parvis.oidc.models.key import WrongSecretError
from tests.factories.oidc import Application, make_client, published_keys


def test_set_up_makes_one_key_for_each_algorithm_and_only_once(db: None) -> None:
    assert actions.create_first_keys() == "created for RS256, ES256"
    assert actions.create_first_keys() == ""
    assert {key.alg for key in SigningKey.objects.all()} == {"RS256", "ES256"}
    assert all(key.state == "signing" for key in SigningKey.objects.all())


def test_private_keys_are_sealed(signing_keys: None, settings: Any) -> None:
    key = SigningKey.objects.get(alg="RS256")
    assert "PRIVATE" not in key.sealed_pem
    assert b"PRIVATE KEY" in key.pem
    settings.KEY_SECRET = "another"
    with pytest.raises(WrongSecretError, match="PARVIS_KEY_SECRET"):
        key.pem  # noqa: B018 - reading it is what fails


def test_published_keys_hold_nothing_private(signing_keys: None) -> None:
    for key in published_keys().keys:
        assert not key.is_private
        assert set(key.as_dict()) <= {"kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"}


def test_the_worker_replaces_a_key_after_ninety_days(signing_keys: None) -> None:
    assert tasks.rotate_keys() == 0
    with time_machine.travel(datetime.now(UTC) + actions.AGE + timedelta(days=1)):
        assert tasks.rotate_keys() == len(SigningKey.Alg)
        assert tasks.rotate_keys() == 0
        assert sorted(key.state for key in SigningKey.objects.all()) == ["published"] * 4 + ["signing"] * 4
        keys.forget()
        assert len(published_keys().keys) == 8


def test_the_command_lists_and_rotates(signing_keys: None) -> None:
    run = CliRunner().invoke
    before = json.loads(run(command, ["list", "--json"]).output)
    assert {row["state"] for row in before} == {"signing"}
    (new,) = json.loads(run(command, ["rotate", "--alg", "ES256", "--json"]).output)
    assert new["state"] == "published"
    assert new["kid"] in run(command, ["list"]).output
    (urgent,) = json.loads(run(command, ["rotate", "--alg", "ES256", "--now", "--json"]).output)
    assert urgent["state"] == "signing"
    assert SigningKey.objects.get(kid=new["kid"]).state == "removed"
    assert run(command, ["rotate"]).exit_code == 0


def test_what_a_key_signed_counts_after_its_time_unless_it_got_out(app: Application) -> None:
    hint = app.tokens()["id_token"]
    actions.rotate(alg="RS256", by=None)
    with time_machine.travel(datetime.now(UTC) + actions.LEAD + actions.TAIL + timedelta(hours=1)):
        assert keys.read_id_token(hint) is not None
    actions.rotate(alg="RS256", by=None, at_once=True)
    assert keys.read_id_token(hint) is None


# --- What a process remembers -----------------------------------------------------------------------------------------
def test_a_second_sign_in_loads_no_key_and_no_client(app: Application) -> None:
    app.tokens()
    with patch("parvis.oidc.algorithms.load_pem_private_key") as load, CaptureQueriesContext(connection) as queries:
        app.tokens()
    load.assert_not_called()
    statements = [query["sql"] for query in queries]
    assert not [sql for sql in statements if "oidc_client" in sql or "oidc_signingkey" in sql]


def test_a_round_trip_takes_few_statements(app: Application) -> None:
    app.tokens()
    code = app.code()
    with CaptureQueriesContext(connection) as queries:
        tokens = app.redeem(code).body
    redemption = [
        query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(redemption) <= 2
    with CaptureQueriesContext(connection) as queries:
        app.userinfo(tokens["access_token"])
    assert len(queries) == 1


def test_a_change_of_another_process_is_seen_within_a_second(app: Application, monkeypatch: Any) -> None:
    assert clients.find(app.client.client_id) is not None
    Client.objects.filter(pk=app.client.pk).update(name_en="Renamed")
    Revision.bump(Revision.CLIENTS)
    kept = clients.find(app.client.client_id)
    assert kept is not None
    assert kept.name != "Renamed"
    monkeypatch.setattr(memory, "FRESH_FOR", 0.0)
    renewed = clients.find(app.client.client_id)
    assert renewed is not None
    assert renewed.name == "Renamed"


def test_a_new_application_is_known_at_once(signing_keys: None) -> None:
    assert clients.find("later") is None
    make_client(client_id="later")
    assert clients.find("later") is not None


def test_memory_is_bounded(db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(clients, "MOST_KEPT", 2)
    made = [make_client() for _number in range(4)]
    assert all(clients.find(client.client_id) for client in made)
    kept = clients._memory.current()
    assert (len(kept.by_pk), len(kept.by_client_id)) == (2, 2)


# --- Cleaning ---------------------------------------------------------------------------------------------------------
def test_the_worker_deletes_what_is_over(app: Application) -> None:
    app.tokens()
    assert tasks.purge() == 0
    with time_machine.travel(datetime.now(UTC) + Grant.LIFETIME + timedelta(hours=1)):
        tasks.purge()
        assert not Token.objects.exists()
        assert Grant.objects.exists()  # The record of a sign-in stays a while.
    with time_machine.travel(datetime.now(UTC) + Grant.LIFETIME + tasks.KEPT + timedelta(hours=1)):
        tasks.purge()
        assert not Grant.objects.exists()
