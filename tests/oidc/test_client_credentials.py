"""Applications that act for themselves: client_credentials (RFC 6749, section 4.4) and its JWT tokens (RFC 9068)."""

import time
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.oidc import access_jwt
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client, Token
from tests.factories.oidc import Application, make_client, read_jwt

MACHINE: dict[str, Any] = {"grant_types": ["client_credentials"], "redirect_uris": [], "scopes": ["openid", "groups"]}


@pytest.fixture
def machine(signing_keys: None) -> Application:
    """An application that nobody signs in to."""
    return Application(make_client(**MACHINE))


def ask(machine: Application, **fields: str) -> Any:
    return machine.post_token({"grant_type": "client_credentials", **fields})


def test_rfc6749_4_4_3_the_answer_has_neither_refresh_token_nor_id_token(machine: Application) -> None:
    answer = ask(machine)
    assert answer.status == 200
    assert set(answer.body) == {"access_token", "token_type", "expires_in", "scope"}
    assert answer.body["token_type"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_rfc9068_2_the_header_and_the_claims(machine: Application) -> None:
    header, claims = read_jwt(ask(machine).body["access_token"], "ES256")
    assert header["typ"] == "at+jwt"
    assert header["kid"]
    assert set(claims) == {"iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope"}
    assert claims["sub"] == claims["client_id"] == machine.client.client_id
    assert claims["aud"] == claims["iss"] == settings.ISSUER
    assert claims["iat"] <= time.time() < claims["exp"] == claims["iat"] + access_jwt.LIFETIME


def test_rfc9068_2_2_each_token_has_its_jti(machine: Application) -> None:
    first, second = (read_jwt(ask(machine).body["access_token"], "ES256")[1]["jti"] for _turn in range(2))
    assert first != second


def test_the_signature_is_the_registered_one(machine: Application) -> None:
    Client.objects.update(access_token_alg="RS256")
    assert read_jwt(ask(machine).body["access_token"], "RS256")[0]["alg"] == "RS256"


def test_nothing_is_written_and_at_best_nothing_read(machine: Application) -> None:
    ask(machine)
    with CaptureQueriesContext(connection) as queries:
        assert ask(machine).status == 200
    assert len(queries) == 0
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("asked", "granted"),
    [("", "groups"), ("groups", "groups"), ("groups groups", "groups"), ("openid groups offline_access", "groups")],
)
def test_rfc6749_3_3_scope_is_within_what_the_application_is_allowed(
    machine: Application, asked: str, granted: str
) -> None:
    assert ask(machine, scope=asked).body["scope"] == granted


@pytest.mark.parametrize("asked", ["email", "groups email", "everything"])
def test_rfc6749_5_2_invalid_scope(machine: Application, asked: str) -> None:
    answer = ask(machine, scope=asked)
    assert (answer.status, answer.body["error"]) == (400, "invalid_scope")


def test_rfc6749_5_2_unauthorized_client(app: Application) -> None:
    answer = ask(app)
    assert (answer.status, answer.body["error"]) == (400, "unauthorized_client")


def test_a_machine_gets_no_code_and_redeems_none(machine: Application, app: Application) -> None:
    page = app.browser.get("/oidc/authorize", {"client_id": machine.client.client_id, "redirect_uri": "https://a.org/"})
    assert page.status_code == 400
    answer = machine.redeem("pc_" + "x" * 43)
    assert answer.body["error"] == "unauthorized_client"


def test_an_application_that_lost_the_code_grant_is_told_where_it_is_registered(app: Application) -> None:
    Client.objects.update(grant_types=["client_credentials"])
    assert "error=unauthorized_client" in app.authorize().headers["Location"]


def test_an_application_without_refresh_tokens_gets_none(app: Application) -> None:
    Client.objects.update(grant_types=["authorization_code"])
    assert "refresh_token" not in app.tokens()
    assert "refresh_token" not in app.tokens()  # Two rows without a digest do not collide.


def test_userinfo_speaks_of_people_only(machine: Application) -> None:
    assert machine.userinfo(ask(machine).body["access_token"]).status_code == 401


def test_rfc8707_2_resource_names_the_audience(machine: Application) -> None:
    make_client(is_resource_server=True, resources=["https://api.example.org/"])
    answer = ask(machine, resource="https://api.example.org/")
    assert read_jwt(answer.body["access_token"], "ES256")[1]["aud"] == "https://api.example.org/"


def test_rfc8707_2_invalid_target(machine: Application) -> None:
    make_client(is_resource_server=True, resources=["https://api.example.org/"], state="suspended")
    for unknown in ("https://api.example.org/", "https://api.example.org", "nonsense"):
        answer = ask(machine, resource=unknown)
        assert (answer.status, answer.body["error"]) == (400, "invalid_target")


@pytest.mark.parametrize(
    ("settings_", "field"),
    [
        ({"grant_types": []}, "grant_types"),
        ({"grant_types": ["password"]}, "grant_types"),
        ({"grant_types": ["refresh_token", "client_credentials"]}, "grant_types"),
        ({"grant_types": ["client_credentials"], "type": "public"}, "grant_types"),
        ({"grant_types": ["authorization_code"]}, "redirect_uris"),
        ({"grant_types": ["client_credentials"], "resources": ["https://api.example.org/"]}, "resources"),
        (
            {"grant_types": ["client_credentials"], "is_resource_server": True, "resources": ["http://a.org/"]},
            "resources",
        ),
    ],
)
def test_rfc7591_2_settings_hold_together(db: None, settings_: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.create_client(by=None, name_fr="M", name_en="M", **settings_)
    assert set(refused.value.message_dict) == {field}


def test_two_resource_servers_do_not_answer_to_the_same_address(db: None) -> None:
    server: dict[str, Any] = {
        "grant_types": ["client_credentials"],
        "is_resource_server": True,
        "resources": ["https://a.org/"],
    }
    first, _secret = actions.create_client(by=None, name_fr="M", name_en="M", **server)
    actions.update_client(client=first, by=None, resources=["https://a.org/"])
    with pytest.raises(ValidationError, match=r"https://a\.org/"):
        actions.create_client(by=None, name_fr="N", name_en="N", **server)
