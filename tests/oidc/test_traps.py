"""Traps in which other hubs were caught, each by its number in the list of our research, with where it was found."""

import base64
import json
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser

from parvis.accounts.models import Session
from parvis.directory.models import User
from parvis.oidc import keys
from parvis.oidc.actions import keys as key_actions
from parvis.oidc.models import Client, Grant, SigningKey
from tests.factories.oidc import (
    LOGGED_OUT_URI,
    REDIRECT_URI,
    VERIFIER,
    Application,
    answer_of,
    challenge,
    make_client,
    published_keys,
    read_jwt,
)
from tests.oidc.test_prompts import demand_of


def test_trap_8_prompt_login_gives_a_new_auth_time_and_reuse_keeps_the_old_one(app: Application) -> None:
    """ProConnect ignores prompt=login, and sets auth_time to the moment of the answer."""
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    app.prove(then)
    assert read_jwt(app.tokens()["id_token"])[1]["auth_time"] == int(then.timestamp())
    demand = demand_of(app.authorize(prompt="login"))
    assert demand_of(app.browser.get(demand.next)).reauthenticate
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    app.prove(now)
    code = answer_of(app.browser.get(demand.next))["code"]
    assert read_jwt(app.redeem(code).body["id_token"])[1]["auth_time"] == int(now.timestamp())


def test_trap_12_the_interaction_cookie_is_ours_alone(app: Application) -> None:
    """Fixation: what begins before the sign-in must not be readable or writable from elsewhere."""
    app.browser = Browser()
    cookie = SimpleCookie(app.authorize().cookies.output(header=""))["parvis_interaction"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


def test_trap_12_two_tabs_in_parallel_both_finish(app: Application, person: User) -> None:
    """Keycloak: an authentication session shared by tabs makes the second one fail."""
    app.browser = Browser()
    demands = [demand_of(app.authorize(state=state)) for state in ("one", "two", "three")]
    app.sign_in_as(person)
    for demand, state in zip(reversed(demands), ("three", "two", "one"), strict=True):
        assert answer_of(app.browser.get(demand.next))["state"] == state


def test_trap_13_an_interaction_opened_in_another_browser_fails(app: Application, person: User) -> None:
    """Sign-in CSRF: an address carrying somebody's half-done sign-in is sent to a victim."""
    attacker = Application(app.client)
    demand = demand_of(attacker.authorize())
    answer = app.browser.get(demand.next)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        "https://app.example.org/callback/..;/",
        "https://app.example.org/callback/%2e%2e/",
        "https://app.example.org@@evil.example/callback/",
        "https://app.example.org%40evil.example/callback/",
        "https://evil.example\\@app.example.org/callback/",
        "HTTPS://app.example.org/callback/",
        "https://app.example.org/callback/#",
        "https://app.example.org/callback/?",
        "https://app.example.org./callback/",
        "https://аpp.example.org/callback/",
        "https://appXexample.org/callback/",
        "https://app.example.org/callback/.*",
        "http://app.example.org/callback/",
        "JaVaScRiPt:alert(1)",
        "DATA:text/html,<script>",
        "//app.example.org/callback/",
        "https:app.example.org/callback/",
        " https://app.example.org/callback/",
        "https://app.example.org/callback/ ",
    ],
)
def test_trap_16_an_address_that_only_looks_registered_is_never_redirected_to(app: Application, given: str) -> None:
    """CVE-2026-3872, CVE-2024-8883, CVE-2024-52289 and their kin: prefixes, wildcards, patterns, user names."""
    for changes in ({}, {"prompt": "none"}, {"scope": "nonsense"}, {"response_type": "token"}):
        answer = app.authorize(redirect_uri=given, **changes)
        assert answer.status_code == 400
        assert "Location" not in answer.headers
    assert not Grant.objects.exists()


def test_trap_16_localhost_is_not_127_0_0_1(app: Application) -> None:
    app.client = make_client(redirect_uris=["http://localhost:8000/"])
    assert app.authorize(redirect_uri="http://127.0.0.1:8000/").status_code == 400
    assert app.authorize(redirect_uri="http://localhost:8001/").status_code == 400


def test_trap_17_pkce_cannot_be_downgraded(app: Application) -> None:
    """authentik CVE-2023-48228 and CVE-2024-23647: a challenge that was sent and then not asked for."""
    asked = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    assert app.redeem(app.code(**asked)).body["error"] == "invalid_grant"
    assert app.redeem(app.code(), code_verifier=VERIFIER).body["error"] == "invalid_grant"
    plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    assert answer_of(app.authorize(**plain))["error"] == "invalid_request"


def test_trap_18_one_kind_of_value_is_never_taken_for_another(app: Application) -> None:
    """CVE-2026-4282: one-time values in one namespace."""
    tokens = app.tokens()
    for value in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"]):
        assert app.redeem(value).body["error"] == "invalid_grant"
    assert app.refresh(app.code()).body["error"] == "invalid_grant"
    assert app.userinfo(app.code()).status_code == 401


def test_trap_18_a_code_used_twice_ends_the_tokens(app: Application) -> None:
    """CVE-2026-16089."""
    code = app.code()
    tokens = app.redeem(code).body
    app.redeem(code)
    assert app.userinfo(tokens["access_token"]).status_code == 401


def test_trap_18_two_tabs_that_refresh_at_once_do_not_sign_the_person_out(app: Application) -> None:
    """A strict reuse detection breaks `RefreshOIDCAccessToken` when two tabs load together."""
    tokens = app.tokens()
    first, second = app.refresh(tokens["refresh_token"]), app.refresh(tokens["refresh_token"])
    assert (first.status, second.status) == (200, 400)
    assert app.userinfo(first.body["access_token"]).status_code == 200


def test_trap_21_kid_is_in_every_token_and_key(app: Application) -> None:
    tokens = app.tokens()
    assert read_jwt(tokens["id_token"])[0]["kid"] in {key.kid for key in published_keys().keys}
    assert all(key.kid and key.alg and key.get("use") == "sig" for key in published_keys().keys)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256"}])
def test_trap_21_a_hint_under_another_algorithm_is_not_ours(app: Application, header: dict[str, str]) -> None:
    """Algorithm confusion: `none`, or a MAC keyed with the public key."""
    real, claims = read_jwt(app.tokens()["id_token"])
    forged = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (real | header, claims | {"sub": "0" * 32})
    )
    for signature in ("", "AAAA"):
        assert keys.read_own_jwt(f"{forged}.{signature}") is None


def test_trap_21_the_token_of_one_application_says_so(app: Application) -> None:
    """An application that checks `aud` refuses the ID token of another; ours always says whose it is."""
    first = read_jwt(app.tokens()["id_token"])[1]["aud"]
    app.client = make_client()
    assert read_jwt(app.tokens()["id_token"])[1]["aud"] != first


@pytest.mark.parametrize("response_type", ["token", "id_token", "id_token token", "code token", "none"])
def test_trap_21_implicit_flows_are_off(app: Application, response_type: str) -> None:
    """CVE-2026-7571: a flow that is off comes back after a restart of the session."""
    assert answer_of(app.authorize(response_type=response_type))["error"] == "unsupported_response_type"


def test_trap_23_a_logout_link_in_an_image_asks(app: Application) -> None:
    answer = app.browser.get("/oidc/logout", {"client_id": app.client.client_id})
    assert answer.status_code == 200
    assert Session.objects.filter(user__isnull=False).exists()


def test_trap_23_logout_leads_to_registered_addresses_only(app: Application) -> None:
    hint = app.tokens()["id_token"]
    for uri in (REDIRECT_URI, "https://evil.example/", f"{LOGGED_OUT_URI}../", LOGGED_OUT_URI.upper()):
        answer = app.browser.get("/oidc/logout", {"id_token_hint": hint, "post_logout_redirect_uri": uri})
        assert answer.status_code == 400
        assert "Location" not in answer.headers


def test_trap_24_logout_comes_back_with_state_when_our_session_is_gone(app: Application) -> None:
    """La Suite's applications end their own session only when the browser comes back with `state`."""
    hint = app.tokens()["id_token"]
    stranger = Browser()
    fields = {"id_token_hint": hint, "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "s1"}
    assert stranger.get("/oidc/logout", fields).headers["Location"] == f"{LOGGED_OUT_URI}?state=s1"


def test_trap_34_iat_is_never_in_the_future(app: Application) -> None:
    """mozilla-django-oidc answers 500 when `iat` is two seconds ahead."""
    with time_machine.travel(datetime(2030, 5, 1, 12, 0, 0, 999_999, UTC), tick=False):
        app.prove(datetime.now(UTC))
        Session.objects.update(expire_date=datetime.now(UTC) + timedelta(hours=1))
        claims = read_jwt(app.tokens()["id_token"])[1]
        assert claims["iat"] == int(datetime(2030, 5, 1, 12, 0, 0, tzinfo=UTC).timestamp())


def test_trap_34_a_new_key_is_shown_before_it_signs_and_the_former_one_after(app: Application) -> None:
    former = SigningKey.objects.get(alg="RS256").kid
    new = key_actions.rotate(alg="RS256", by=None).kid
    assert {former, new} <= {key.kid for key in published_keys().keys}
    hint = app.tokens()["id_token"]
    assert read_jwt(hint)[0]["kid"] == former
    now = datetime.now(UTC)
    with time_machine.travel(now + key_actions.LEAD + timedelta(minutes=1)):
        assert read_jwt(app.tokens()["id_token"])[0]["kid"] == new
        assert read_jwt(hint)[0]["kid"] == former
    with time_machine.travel(now + key_actions.LEAD + key_actions.TAIL + timedelta(minutes=1)):
        assert former not in {key.kid for key in published_keys().keys}
        assert keys.read_own_jwt(hint) is not None


def test_trap_34_a_key_that_got_out_signs_and_proves_nothing_more(app: Application) -> None:
    hint = app.tokens()["id_token"]
    former = read_jwt(hint)[0]["kid"]
    new = key_actions.rotate(alg="RS256", by=None, at_once=True).kid
    assert read_jwt(app.tokens()["id_token"])[0]["kid"] == new
    assert former not in {key.kid for key in published_keys().keys}
    assert keys.read_own_jwt(hint) is None


def test_what_is_said_of_the_issuer_is_the_same_everywhere(app: Application) -> None:
    """Traps 14 and 22: `iss` in answers, tokens and metadata, whatever the Host header says."""
    metadata: dict[str, Any] = app.server.get("/.well-known/openid-configuration", headers={"host": "localhost"}).json()
    assert metadata["issuer"] == settings.ISSUER
    assert all(value.startswith(settings.ISSUER) for name, value in metadata.items() if name.endswith("endpoint"))
    assert answer_of(app.authorize())["iss"] == settings.ISSUER
    assert Client.objects.count() == 1


def test_trap_34_a_clock_put_back_refuses_nothing_valid(app: Application) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(seconds=60)):
        tokens = app.tokens()
        assert app.userinfo(tokens["access_token"]).status_code == 200
        assert app.refresh(tokens["refresh_token"]).status == 200
