"""Access tokens for the resource servers that they name, and for no other (RFC 8707)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings

from parvis.directory.models import User
from parvis.oidc import clients
from parvis.oidc.http import read_form
from parvis.oidc.models import Client, Grant, Token
from tests.factories.oidc import Application, answer_of, make_client
from tests.oidc.test_introspection import INACTIVE, ask

API, OTHER = "https://api.example.org/", "https://other.example.org/"
SCOPE = "openid groups"


def resource_server(uri: str) -> Client:
    """Return a resource server with one address."""
    return make_client(is_resource_server=True, resources=[uri], scopes=["openid", "groups"])


@pytest.fixture
def api(app: Application) -> Client:
    """A resource server."""
    return resource_server(API)


@pytest.fixture
def other(app: Application) -> Client:
    """Another one, with the same scopes."""
    return resource_server(OTHER)


def test_2_the_field_may_be_repeated_and_no_other() -> None:
    form = read_form(urlencode([("resource", API), ("resource", OTHER), ("scope", "a"), ("scope", "b")]))
    assert form.get("resource") == f"{API} {OTHER}"
    assert form.repeated == {"scope"}


def test_2_1_a_token_is_for_whom_the_sign_in_named(app: Application, api: Client, other: Client) -> None:
    token = app.tokens(scope=SCOPE, resource=API)["access_token"]
    assert Token.objects.get().audience == API
    told = ask(api, token).json()
    assert (told["active"], told["aud"]) == (True, API)
    assert ask(other, token).json() == INACTIVE
    assert ask(app.client, token).json()["aud"] == API


def test_2_1_several_are_asked_for_at_once(app: Application, api: Client, other: Client) -> None:
    fields = [*app.query(scope=SCOPE).items(), ("resource", API), ("resource", OTHER)]
    code = answer_of(app.browser.get("/oidc/authorize?" + urlencode(fields)))["code"]
    token = app.redeem(code).body["access_token"]
    assert ask(app.client, token).json()["aud"] == [API, OTHER]
    assert ask(other, token).json()["aud"] == OTHER


def test_2_1_an_unknown_resource_server_is_an_invalid_target(app: Application) -> None:
    assert answer_of(app.authorize(resource=API))["error"] == "invalid_target"
    assert not Grant.objects.exists()


def test_2_2_the_code_may_be_redeemed_for_one_of_them(app: Application, api: Client, other: Client) -> None:
    tokens = app.redeem(app.code(scope=SCOPE, resource=f"{API} {OTHER}"), resource=OTHER).body
    assert ask(api, tokens["access_token"]).json() == INACTIVE
    renewed = app.refresh(tokens["refresh_token"], resource=API).body
    assert ask(api, renewed["access_token"]).json()["active"] is True
    whole = app.refresh(renewed["refresh_token"]).body
    assert Token.objects.get(access_digest=_digest(whole["access_token"])).audience == f"{API} {OTHER}"


def test_2_2_more_than_was_granted_is_refused_and_nothing_is_used_up(
    app: Application, api: Client, other: Client
) -> None:
    code = app.code(scope=SCOPE, resource=API)
    refused = app.redeem(code, resource=OTHER)
    assert (refused.status, refused.body["error"]) == (400, "invalid_target")
    tokens = app.redeem(code).body
    assert app.refresh(tokens["refresh_token"], resource=OTHER).body["error"] == "invalid_target"
    assert app.refresh(tokens["refresh_token"]).status == 200


def test_2_2_a_grant_for_nobody_in_particular_gives_a_token_for_one(
    app: Application, api: Client, other: Client
) -> None:
    token = app.redeem(app.code(scope=SCOPE), resource=API).body["access_token"]
    assert ask(api, token).json()["aud"] == API
    assert ask(other, token).json() == INACTIVE


def test_a_token_for_another_is_worth_nothing_here_and_we_may_be_named_too(app: Application, api: Client) -> None:
    assert app.userinfo(app.tokens(scope=SCOPE, resource=API)["access_token"]).status_code == 401
    both = app.tokens(scope=SCOPE, resource=f"{API} {settings.ISSUER}")
    assert app.userinfo(both["access_token"]).status_code == 200


def test_without_a_resource_the_scopes_decide_as_before(app: Application, api: Client, other: Client) -> None:
    token = app.tokens(scope=SCOPE)["access_token"]
    assert "aud" not in ask(api, token).json()
    assert ask(other, token).json()["active"] is True
    assert app.userinfo(token).status_code == 200


def test_an_application_that_acts_for_itself_asks_for_one_at_a_time(
    signing_keys: None, person: User, api: Client, other: Client
) -> None:
    machine = Application(make_client(grant_types=["client_credentials"], scopes=["openid", "groups"]))
    refused = machine.post_token({"grant_type": "client_credentials", "resource": f"{API} {OTHER}"})
    assert (refused.status, refused.body["error"]) == (400, "invalid_target")
    given = machine.post_token({"grant_type": "client_credentials", "resource": API}).body
    assert ask(api, given["access_token"]).json()["aud"] == API


def test_a_page_in_between_keeps_what_was_asked(app: Application, api: Client) -> None:
    Client.objects.filter(pk=app.client.pk).update(is_trusted=False)
    clients.forget()
    page = app.authorize(scope="openid", resource=f"{API} {settings.ISSUER}")
    app.browser.post("/oidc/consent", {"request": page.context["request_query"], "answer": "allow"})
    assert Grant.objects.get().resources == f"{API} {settings.ISSUER}"


def _digest(token: str) -> Any:
    from parvis.oidc import opaque

    return opaque.digest(token)


def test_hostile_resources_are_refused_and_break_nothing(app: Application) -> None:
    for given in ("\x7f", "javascript:alert(1)", "x" * 3000, json.dumps(["a"]), " ", API * 900):
        answer = app.authorize(resource=given)
        assert answer.status_code in {303, 400}
    assert not Grant.objects.filter(resources__gt="").exists()
