"""What scripts of other origins may read (Fetch Standard, section 3.3; RFC 9700, section 2.6)."""

from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client as Browser

from parvis.oidc import clients
from parvis.oidc.endpoints import cors
from parvis.oidc.models import Client, Token
from parvis.oidc.store import Store
from tests.factories.fapi import FORM
from tests.factories.oidc import REDIRECT_URI, VERIFIER, Application, make_client

HOME = "https://app.example.org"
ELSEWHERE = "https://evil.example"
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def script(signing_keys: None, person: Any) -> Application:
    """An application without a server: its page, in a browser, does everything."""
    return Application(make_client(type=Client.Type.PUBLIC)).sign_in_as(person)


def post(path: str, fields: dict[str, str], origin: str = HOME, **headers: str) -> Any:
    """Post a form as a page's script does."""
    return Browser().post(path, urlencode(fields), FORM, headers={"origin": origin, **headers})


def redeem(script: Application, origin: str = HOME, **changes: str) -> Any:
    fields = {
        "grant_type": "authorization_code",
        "client_id": script.client.client_id,
        "code": script.code(),
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }
    return post("/oidc/token", fields | changes, origin)


def userinfo(token: str, origin: str = HOME) -> Any:
    return Browser().get("/oidc/userinfo", headers={"origin": origin, "authorization": f"Bearer {token}"})


def assert_is_for(origin: str, answer: Any) -> None:
    assert answer.headers[ALLOWED] == origin
    assert answer.headers["Vary"].startswith("Origin")
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Access-Control-Expose-Headers"] == "DPoP-Nonce, WWW-Authenticate"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oidc/jwks"])
def test_rfc9700_2_6_metadata_and_keys_are_for_every_origin(signing_keys: None, path: str) -> None:
    answer = Browser().get(path, headers={"origin": ELSEWHERE})
    assert answer.headers[ALLOWED] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_rfc9700_2_6_an_application_reads_its_tokens_and_its_person_where_it_is_at_home(script: Application) -> None:
    tokens = redeem(script)
    assert_is_for(HOME, tokens)
    told = userinfo(tokens.json()["access_token"])
    assert told.json()["email"] == "lea.martin@example.org"
    assert_is_for(HOME, told)
    ended = post("/oidc/revoke", {"client_id": script.client.client_id, "token": tokens.json()["access_token"]})
    assert ended.status_code == 200
    assert_is_for(HOME, ended)


@pytest.mark.parametrize(
    "origin", [ELSEWHERE, "null", "https://app.example.org.evil.example", "http://app.example.org"]
)
def test_no_other_origin_reads_anything(script: Application, origin: str) -> None:
    answer = redeem(script, origin)
    assert answer.status_code == 200
    assert ALLOWED not in answer.headers
    assert ALLOWED not in userinfo(answer.json()["access_token"], origin).headers


def test_each_application_has_its_own_origins(script: Application) -> None:
    make_client(type=Client.Type.PUBLIC, redirect_uris=[f"{ELSEWHERE}/callback"])
    assert ALLOWED not in redeem(script, ELSEWHERE).headers


def test_an_application_reads_why_it_was_refused(script: Application) -> None:
    answer = redeem(script, code="pc_unknown")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert_is_for(HOME, answer)


@pytest.mark.parametrize("fields", [{}, {"client_id": "nobody"}, {"client_id": "a\x00b"}])
def test_nobody_reads_anything_before_an_application_is_known(script: Application, fields: dict[str, str]) -> None:
    answer = post("/oidc/token", {"grant_type": "authorization_code", **fields})
    assert answer.status_code in {400, 401}
    assert ALLOWED not in answer.headers


def test_what_cannot_be_read_names_nobody(script: Application) -> None:
    answer = post("/oidc/token", {"client_id": script.client.client_id}, authorization="Basic %%%")
    assert (answer.status_code, ALLOWED in answer.headers) == (401, False)


def test_an_expired_token_is_known_so_that_it_is_renewed(script: Application) -> None:
    token = redeem(script).json()["access_token"]
    Token.objects.update(expires_at="2020-01-01T00:00Z")
    answer = userinfo(token)
    assert answer.status_code == 401
    assert_is_for(HOME, answer)


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer nothing", "Bearer pa_" + "x" * 43])
def test_userinfo_without_a_token_of_ours_is_for_no_script(script: Application, authorization: str) -> None:
    answer = Browser().get("/oidc/userinfo", headers={"origin": HOME, "authorization": authorization})
    assert (answer.status_code, ALLOWED in answer.headers) == (401, False)


@pytest.mark.parametrize("path", ["/oidc/token", "/oidc/revoke", "/oidc/par", "/oidc/userinfo"])
def test_fetch_3_3_5_a_preflight_is_answered_without_a_look_at_anything(path: str) -> None:
    # No database here: a question to it would fail this test.
    wanted = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,dpop"}
    answer = Browser().options(path, headers={"origin": HOME, **wanted})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers[ALLOWED] == HOME
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type, DPoP"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/oidc/introspect", "/oidc/register", "/oidc/device_authorization"])
def test_what_only_servers_and_devices_ask_is_for_no_script(script: Application, path: str) -> None:
    wanted = {"access-control-request-method": "POST"}
    assert ALLOWED not in Browser().options(path, headers={"origin": HOME, **wanted}).headers
    assert ALLOWED not in post(path, {"client_id": script.client.client_id}).headers


def test_rfc9700_2_6_the_authorization_endpoint_is_for_no_script(script: Application) -> None:
    answer = script.browser.get("/oidc/authorize", script.query(prompt="none"), headers={"origin": HOME})
    assert answer.status_code == 303
    assert ALLOWED not in answer.headers


def test_an_origin_costs_nothing_to_who_sends_none(script: Application) -> None:
    with patch.object(cors, "answer", side_effect=AssertionError):
        assert script.tokens()["access_token"]


def test_a_database_that_is_away_is_said_so_to_scripts_too(
    script: Application, caplog: pytest.LogCaptureFixture
) -> None:
    token = redeem(script).json()["access_token"]

    def away(*_arguments: object) -> None:
        raise OperationalError("the connection is closed")

    with patch.object(Store, "one", away):
        answer = userinfo(token)
    assert (answer.status_code, ALLOWED in answer.headers) == (503, False)


def test_origins_are_written_as_browsers_write_them(db: None) -> None:
    uris = [
        "https://app.example.org:443/callback",
        "http://localhost:8080/callback",
        "http://127.0.0.1:80/",
        "org.example.app:/callback",
    ]
    row = make_client(type=Client.Type.PUBLIC, redirect_uris=uris)
    found = cors.origins_of(clients.registered(row))
    assert found == {"https://app.example.org", "http://localhost:8080", "http://127.0.0.1"}


def test_rfc8414_3_libraries_of_oauth_find_the_metadata_at_their_own_address(signing_keys: None) -> None:
    found = [Browser().get(f"/.well-known/{name}") for name in ("openid-configuration", "oauth-authorization-server")]
    assert found[0].content == found[1].content
    assert found[1].headers[ALLOWED] == "*"
    assert "create" in found[1].json()["prompt_values_supported"]
