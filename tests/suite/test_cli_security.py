"""`parvis app create` and `parvis app edit`: rules, pushed and signed requests, tokens bound to a key."""

import json
from pathlib import Path

import pytest

from parvis.oidc.models import Client
from tests.factories.fapi import ec, public
from tests.suite.test_cli import CREATE, run, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(tmp_path: Path) -> str:
    """The file of an application's public keys."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(public(ec())), encoding="utf-8")
    return str(file)


def test_a_profile_brings_what_it_leaves_no_choice_about(keys: str) -> None:
    printed = told(
        *CREATE, "--profile", "fapi2-message-signing", "--jwks", keys, "--authorization-response-alg", "ES256"
    )
    assert printed["profile"] == "fapi2-message-signing"
    assert printed["token_endpoint_auth_method"] == "private_key_jwt"
    assert printed["id_token_alg"] == "ES256"
    assert printed["client_secret"] == ""
    assert Client.objects.get().authorization_response_alg == "ES256"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--id-token-alg", "RS256"),
        ("--userinfo-alg", "RS256"),
        ("--request-object-alg", "RS256"),
        ("--authorization-response-alg", "RS256"),
        ("--auth-signing-alg", "RS256"),
        ("--auth-method", "client_secret_basic"),
        ("--type", "public"),
    ],
)
def test_what_breaks_the_profile_is_refused(keys: str, option: str, value: str) -> None:
    result = run(*CREATE, "--profile", "fapi2", "--jwks", keys, option, value)
    assert result.exit_code == 1
    assert not Client.objects.exists()


def test_a_profile_without_keys_is_refused() -> None:
    assert run(*CREATE, "--profile", "fapi2").exit_code == 1


def test_each_demand_may_be_made_alone_and_taken_back(keys: str) -> None:
    demands = ("--require-par", "--require-dpop", "--require-signed-requests", "--request-object-alg", "ES256")
    slug = told(*CREATE, *demands, "--jwks", keys)["slug"]
    client = Client.objects.get()
    assert (client.requires_pushed_requests, client.requires_dpop, client.requires_signed_requests) == (True,) * 3
    assert client.request_object_alg == "ES256"
    told("edit", slug, "--no-require-par", "--no-require-dpop")
    client = Client.objects.get()
    assert (client.requires_pushed_requests, client.requires_dpop, client.requires_signed_requests) == (
        False,
        False,
        True,
    )


def test_an_application_may_take_a_profile_and_leave_it(keys: str) -> None:
    slug = told(*CREATE)["slug"]
    assert run("edit", slug, "--profile", "fapi2").exit_code == 1
    assert told("edit", slug, "--profile", "fapi2", "--jwks", keys)["profile"] == "fapi2"
    assert run("edit", slug, "--id-token-alg", "RS256").exit_code == 1
    assert told("edit", slug, "--profile", "none")["profile"] == ""
