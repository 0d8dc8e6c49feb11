"""People's access tokens that a resource server reads by itself (RFC 9068), for one address of its own (RFC 8707)."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from joserfc import jws
from joserfc.jwk import ECKey

from parvis.accounts.actions.signing_in import end_sessions
from parvis.directory.models import User
from parvis.oidc import clients, keys
from parvis.oidc.actions import clients as actions
from parvis.oidc.algorithms import half_hash
from parvis.oidc.models import Client, Token
from tests.factories.fapi import FapiApplication
from tests.factories.oidc import REDIRECT_URI, Application, make_client, read_jwt
from tests.oidc.test_introspection import INACTIVE, ask
from tests.oidc.test_revocation import revoke

API, OTHER = "https://api.example.org/", "https://other.example.org/"
SCOPE = "openid groups"


def make_server(uri: str, **changes: Any) -> Client:
    values = {"is_resource_server": True, "resources": [uri], "scopes": ["openid", "groups"]}
    return make_client(**values | {"reads_access_tokens": True} | changes)


@pytest.fixture
def api(app: Application) -> Client:
    """A resource server that reads tokens by itself."""
    return make_server(API)


def token_for(app: Application, resource: str = API, **changes: str) -> str:
    return str(app.tokens(scope=SCOPE, resource=resource, **changes)["access_token"])


def test_rfc9068_2_the_token_says_for_whom_it_is_and_who_signed_in(app: Application, api: Client, person: User) -> None:
    tokens = app.tokens(scope=SCOPE, resource=API)
    header, claims = read_jwt(tokens["access_token"], "ES256")
    assert header["typ"] == "at+jwt"
    assert set(claims) == {
        "iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope", "auth_time", "acr", "amr"
    }  # fmt: skip
    assert (claims["aud"], claims["client_id"]) == (API, app.client.client_id)
    assert (claims["sub"], claims["scope"], claims["amr"]) == (str(person.pk), SCOPE, ["mail"])
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 600
    assert claims["iat"] <= time.time()
    id_token = read_jwt(tokens["id_token"])[1]
    assert id_token["at_hash"] == half_hash("RS256", tokens["access_token"])
    assert (claims["acr"], claims["auth_time"]) == (id_token["acr"], id_token["auth_time"])


@pytest.mark.parametrize("alg", ["RS256", "EdDSA"])
def test_rfc9068_4_the_resource_server_chooses_the_signature_that_it_verifies(app: Application, alg: str) -> None:
    make_server(API, access_token_alg=alg)
    assert read_jwt(token_for(app), alg)[0]["alg"] == alg


def test_rfc9068_5_each_sector_has_its_own_sub(app: Application, person: User) -> None:
    server = make_server(API, subject_type="pairwise", sector_identifier="api.example.org")
    token = token_for(app)
    claims = read_jwt(token, "ES256")[1]
    assert claims["sub"] != str(person.pk)
    assert ask(server, token).json()["sub"] == claims["sub"]


def test_rfc7662_2_2_it_may_still_ask_whether_the_token_is_good(app: Application, api: Client) -> None:
    token = token_for(app)
    claims, told = read_jwt(token, "ES256")[1], ask(api, token).json()
    assert told["active"] is True
    assert {name: told[name] for name in ("sub", "aud", "jti", "exp", "scope", "client_id")} == {
        name: claims[name] for name in ("sub", "aud", "jti", "exp", "scope", "client_id")
    }
    assert ask(make_server(OTHER), token).json() == INACTIVE


def test_the_end_of_a_session_ends_it_for_who_asks(app: Application, api: Client, person: User) -> None:
    token = token_for(app)
    end_sessions(by=None, user_ids=[person.pk])
    assert ask(api, token).json() == INACTIVE


def test_rfc7009_2_the_application_gives_it_back(app: Application, api: Client) -> None:
    token = token_for(app)
    stranger = Application(make_client())
    assert revoke(stranger, token).status_code == 400
    assert ask(api, token).json()["active"] is True
    assert revoke(app, token).status_code == 200
    assert ask(api, token).json() == INACTIVE


def test_rfc8707_2_it_opens_nothing_here(app: Application, api: Client) -> None:
    token = token_for(app)
    assert app.userinfo(token).status_code == 401


def test_rfc8725_3_12_it_is_no_id_token(app: Application, api: Client) -> None:
    """It says who signed in, and when: only its type tells it from the proof of a sign-in."""
    assert keys.read_id_token(token_for(app)) is None


def test_what_the_resource_server_reads_makes_no_other_token(app: Application, api: Client) -> None:
    jti = read_jwt(token_for(app), "ES256")[1]["jti"]
    assert base64.urlsafe_b64decode(f"{jti}=") == bytes(Token.objects.get().access_digest)
    for made_up in (jti, f"pa_{jti}"):
        assert ask(api, made_up).json() == INACTIVE
        assert app.userinfo(made_up).status_code == 401


def test_a_refresh_gives_the_next_one_of_the_same_kind(app: Application, api: Client) -> None:
    first = app.tokens(scope=SCOPE, resource=API)
    renewed = app.refresh(first["refresh_token"]).body
    assert read_jwt(renewed["access_token"], "ES256")[1]["aud"] == API
    assert renewed["expires_in"] == 600


@pytest.mark.parametrize("resource", [API, None])
def test_an_access_token_says_so_when_it_ends_with_its_sign_in(
    app: Application, api: Client, resource: str | None
) -> None:
    with time_machine.travel(datetime(2026, 5, 4, 8, tzinfo=UTC), tick=False) as clock:
        app.sign_in_as(User.objects.get())
        first = app.tokens(scope=SCOPE, resource=resource)
        clock.shift(timedelta(hours=11, minutes=55))
        last = app.refresh(first["refresh_token"]).body
        assert last["expires_in"] == 300
        end = int((datetime.now(UTC) + timedelta(minutes=5)).timestamp())
        assert ask(app.client, last["access_token"]).json()["exp"] == end
        if resource:
            assert read_jwt(last["access_token"], "ES256")[1]["exp"] == end
        clock.shift(timedelta(minutes=5))
        assert ask(app.client, last["access_token"]).json() == INACTIVE


@pytest.mark.parametrize("resource", ["", settings.ISSUER, f"{API} {OTHER}"])
def test_opaque_stays_the_rule_for_everybody_else(app: Application, api: Client, resource: str) -> None:
    make_server(OTHER)
    tokens = app.tokens(scope=SCOPE, resource=resource or None)
    assert tokens["access_token"].startswith("pa_")
    assert tokens["expires_in"] == 3600


def test_a_resource_server_that_asks_gets_opaque_tokens(app: Application) -> None:
    make_server(API, reads_access_tokens=False)
    assert token_for(app).startswith("pa_")


def test_rfc9449_6_1_a_proven_key_is_named_in_the_token(fapi: FapiApplication) -> None:
    make_server(API, access_token_alg="ES256")
    token = fapi.redeem(fapi.code(scope=SCOPE, resource=API)).body["access_token"]
    assert read_jwt(token, "ES256")[1]["cnf"] == {"jkt": fapi.prover.jkt}


def test_the_token_of_another_signer_is_worth_nothing(app: Application, api: Client) -> None:
    head, body, _signature = token_for(app).split(".")
    forger = ECKey.generate_key("P-256")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    payload = base64.urlsafe_b64decode(body + "==")
    assert ask(api, jws.serialize_compact(header, payload, forger)).json() == INACTIVE


def test_only_what_has_addresses_reads_tokens_by_itself(app: Application) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.create_client(by=None, name_fr="A", name_en="A", redirect_uris=[REDIRECT_URI], reads_access_tokens=True)
    assert "reads_access_tokens" in caught.value.message_dict


def test_a_change_of_the_setting_counts_at_once(app: Application, api: Client) -> None:
    actions.update_client(client=api, by=None, reads_access_tokens=False)
    clients.forget()
    assert token_for(app).startswith("pa_")
