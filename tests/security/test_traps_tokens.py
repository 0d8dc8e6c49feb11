"""Traps of codes and tokens: used once, by whom they were made for, for what they were made for."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.oidc import clients
from parvis.oidc.models import Client, Grant, PushedRequest, Token, UsedAssertion
from parvis.oidc.postman import Postman
from tests.factories.fapi import FapiApplication, Prover
from tests.factories.listeners import listening
from tests.factories.oidc import (
    LOGGED_OUT_URI,
    Application,
    answer_of,
    make_client,
    published_keys,
    read_jwt,
)
from tests.oidc.test_checks import page_of
from tests.oidc.test_introspection import JWT as INTROSPECTION_JWT
from tests.oidc.test_introspection import ask as introspect
from tests.oidc.test_introspection import own_token


# --- 18: values that work once ----------------------------------------------------------------------------------------
def test_trap_18_one_kind_of_value_is_never_taken_for_another(app: Application) -> None:
    """CVE-2026-4282: values that work once, or that open something, in one namespace with others."""
    tokens = app.tokens()
    for value in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"]):
        assert app.redeem(value).body["error"] == "invalid_grant"
    assert app.refresh(app.code()).body["error"] == "invalid_grant"
    assert app.userinfo(app.code()).status_code == 401


def test_trap_18_a_pushed_reference_is_never_taken_for_another_value(fapi: FapiApplication) -> None:
    """The reference of a pushed request is no code, no refresh token and no access token, nor the other way round."""
    pushed = fapi.push().body["request_uri"]
    tokens = fapi.redeem(fapi.code()).body
    name = pushed.rpartition(":")[2]
    assert fapi.redeem(name).body["error"] == "invalid_grant"
    assert fapi.refresh(name).body["error"] == "invalid_grant"
    assert fapi.userinfo(name).status_code == 401
    for other in (tokens["access_token"], tokens["refresh_token"]):
        page_of(fapi.visit(f"urn:ietf:params:oauth:request_uri:{other}"))


def test_trap_18_a_code_used_twice_ends_what_it_gave(app: Application) -> None:
    """CVE-2026-16089: a code that comes twice was stolen by one of the two, so neither keeps what it gave."""
    code = app.code()
    tokens = app.redeem(code).body
    assert app.redeem(code).body["error"] == "invalid_grant"
    assert app.userinfo(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
    event = Event.objects.get(tag=Tag.TOKEN_REUSED)
    assert event.data == {"what": "code"}


def test_trap_18_a_code_used_twice_ends_bound_tokens_too(fapi: FapiApplication) -> None:
    """The same where tokens are bound to a key, which the thief may hold."""
    code = fapi.code()
    token = fapi.redeem(code).body["access_token"]
    fapi.redeem(code)
    assert fapi.userinfo(token).status_code == 401


def test_trap_18_a_code_ends_with_the_session_that_it_was_made_in(app: Application) -> None:
    """A code that waits somewhere does not outlive the sign-out of its person."""
    code = app.code()
    app.browser.post(reverse("accounts:sign-out"))
    assert app.redeem(code).body["error"] == "invalid_grant"


def test_trap_18_a_code_is_bound_to_the_address_that_it_was_sent_to(app: Application) -> None:
    """The address of the authorization request is repeated, to the character, by whoever redeems its code."""
    for given in (LOGGED_OUT_URI, "https://app.example.org/callback", None):
        answer = app.redeem(app.code(), redirect_uri=given)
        assert answer.body["error"] in {"invalid_grant", "invalid_request"}
        assert not Token.objects.exists()


def test_trap_18_a_pushed_request_gives_one_code(fapi: FapiApplication) -> None:
    """A request that was pushed once gives one code, whoever opens its address again."""
    uri = fapi.push().body["request_uri"]
    fapi.visit(uri)
    fapi.visit(uri)
    assert Grant.objects.count() == 1


def test_trap_18_two_tabs_that_refresh_at_once_do_not_sign_the_person_out(app: Application) -> None:
    """A strict detection of reuse breaks `RefreshOIDCAccessToken` when two tabs load together."""
    tokens = app.tokens()
    first, second = app.refresh(tokens["refresh_token"]), app.refresh(tokens["refresh_token"])
    assert (first.status, second.status) == (200, 400)
    assert app.userinfo(first.body["access_token"]).status_code == 200


# --- 21: whose tokens, and for what -----------------------------------------------------------------------------------
def test_trap_21_kid_is_in_every_token_and_key(app: Application) -> None:
    """Applications choose the key by its name: it is in every token, and every published key has one."""
    tokens = app.tokens()
    assert read_jwt(tokens["id_token"])[0]["kid"] in {key.kid for key in published_keys().keys}
    assert all(key.kid and key.alg and key.get("use") == "sig" for key in published_keys().keys)


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256"}, {"kid": "../x"}, {"kid": None}]
)
def test_trap_21_a_hint_under_another_algorithm_is_not_ours(app: Application, header: dict[str, Any]) -> None:
    """Algorithm confusion: `none`, or a MAC keyed with the public key."""
    real, claims = read_jwt(app.tokens()["id_token"])
    forged = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (real | header, claims | {"sub": "0" * 32})
    )
    for signature in ("", "AAAA"):
        asked = {"id_token_hint": f"{forged}.{signature}", "post_logout_redirect_uri": LOGGED_OUT_URI}
        assert app.browser.get("/oidc/logout", asked).status_code == 400
        assert (
            answer_of(app.authorize(id_token_hint=asked["id_token_hint"], prompt="none"))["error"] == "invalid_request"
        )


EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@pytest.mark.parametrize(
    "grant_type", [EXCHANGE, "password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer"]
)
def test_trap_21_a_token_is_exchanged_for_nothing(app: Application, grant_type: str) -> None:
    """CVE-2026-9704: an exchange widens what a token may do. There is none, so no field of one is read."""
    token = app.tokens(scope="openid")["access_token"]
    kind = "urn:ietf:params:oauth:token-type:access_token"
    fields = {"subject_token": token, "subject_token_type": kind, "scope": "openid email", "assertion": token}
    answer = app.post_token({"grant_type": grant_type, "username": "a", "password": "b"} | fields)
    assert (answer.status, answer.body["error"]) == (400, "unsupported_grant_type")


def test_trap_21_an_application_s_own_token_opens_nobody_s_data(signing_keys: None) -> None:
    """A token that an application has for itself is of no person, and of one resource server only."""
    machine, token = own_token()
    assert machine.userinfo(token).status_code == 401
    assert introspect(make_client(), token).json() == {"active": False}


# What our keys sign that is no ID token, and how an application has it made.
STATEMENTS: dict[str, Callable[[Application, str], str]] = {
    "access token": lambda app, _token: str(app.post_token({"grant_type": "client_credentials"}).body["access_token"]),
    "authorization answer": lambda app, _token: answer_of(app.authorize(response_mode="jwt"))["response"],
    "introspection": lambda app, token: str(introspect(app.client, token, INTROSPECTION_JWT).text),
    "userinfo": lambda app, token: str(app.userinfo(token).text),
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_trap_21_what_we_sign_for_one_purpose_is_no_id_token(app: Application, what: str) -> None:
    """One key signs statements of several kinds: none passes for a proof of who signed in."""
    grant_types = [*app.client.grant_types, "client_credentials"]
    Client.objects.filter(pk=app.client.pk).update(userinfo_alg="RS256", grant_types=grant_types)
    made = STATEMENTS[what](app, app.tokens()["access_token"])
    assert made.count(".") == 2
    refused = answer_of(app.authorize(id_token_hint=made, prompt="none"))
    assert refused["error"] == "invalid_request"
    asked = {"id_token_hint": made, "post_logout_redirect_uri": LOGGED_OUT_URI}
    assert app.browser.get("/oidc/logout", asked).status_code == 400
    assert "code" in answer_of(app.authorize(prompt="none"))


def test_trap_21_a_logout_token_is_no_id_token(app: Application, settings: Any) -> None:
    """What tells an application that a session has ended names the person too, and proves nothing of them."""
    settings.IS_DEVELOPMENT = True
    with listening() as listener:
        Client.objects.filter(pk=app.client.pk).update(backchannel_logout_uri=listener.url)
        clients.forget()
        app.tokens()
        app.browser.post(reverse("accounts:sign-out"))
        Postman().deliver()
    told = listener.tokens[0]
    assert answer_of(app.authorize(id_token_hint=told, prompt="none"))["error"] == "invalid_request"
    asked = {"id_token_hint": told, "post_logout_redirect_uri": LOGGED_OUT_URI}
    assert app.browser.get("/oidc/logout", asked).status_code == 400


def test_trap_21_the_token_of_one_application_says_so(app: Application) -> None:
    """An application that checks `aud` refuses the ID token of another; ours always says whose it is."""
    first = read_jwt(app.tokens()["id_token"])[1]["aud"]
    app.client = make_client()
    assert read_jwt(app.tokens()["id_token"])[1]["aud"] != first


def test_trap_21_a_token_of_another_audience_is_inactive(app: Application) -> None:
    """An application learns nothing of a token that another one holds."""
    token = app.tokens()["access_token"]
    assert introspect(app.client, token).json()["active"]
    assert introspect(make_client(), token).json() == {"active": False}


@pytest.mark.parametrize("response_type", ["token", "id_token", "id_token token", "code token", "none"])
def test_trap_21_implicit_flows_are_off(app: Application, response_type: str) -> None:
    """CVE-2026-7571: a flow that is off comes back after a restart of the session."""
    assert answer_of(app.authorize(response_type=response_type))["error"] == "unsupported_response_type"


def test_trap_21_a_stolen_token_opens_nothing_without_its_key(fapi: FapiApplication) -> None:
    """A bound token is not a bearer token, neither for who drops the proof nor for who makes one with their own key."""
    tokens = fapi.redeem(fapi.code()).body
    thief = Prover()
    thief.nonce = fapi.prover.nonce
    stolen = tokens["access_token"]
    assert fapi.userinfo(stolen, proof=None, scheme="Bearer").status_code == 401
    assert fapi.userinfo(stolen, proof=thief.proof("GET", "/oidc/userinfo", stolen)).status_code == 401
    assert fapi.userinfo(stolen).status_code == 200


def test_trap_21_a_stolen_proof_opens_no_other_door(fapi: FapiApplication) -> None:
    """A proof that was seen on the way is for one request, at one address."""
    token = fapi.redeem(fapi.code()).body["access_token"]
    seen = fapi.prover.proof("GET", "/oidc/userinfo", token)
    assert fapi.userinfo(token, proof=seen).status_code == 200
    assert fapi.userinfo(token, proof=seen).status_code == 401
    assert fapi.redeem(fapi.code(), proof=seen).body["error"] == "invalid_dpop_proof"


def test_trap_21_two_proofs_in_one_request_are_refused(fapi: FapiApplication) -> None:
    """Of two proofs, one would be checked and the other believed."""
    fapi.push(proof="")
    two = ", ".join(fapi.prover.proof("POST", "/oidc/token") for _one in range(2))
    assert fapi.redeem(fapi.code(), proof=two).body["error"] == "invalid_dpop_proof"


def test_trap_21_the_token_of_one_application_does_not_open_with_the_key_of_another(fapi: FapiApplication) -> None:
    """Each application’s tokens are bound to the key that it proved."""
    other = FapiApplication.made()
    other.browser = fapi.browser
    token = other.redeem(other.code()).body["access_token"]
    fapi.prover.nonce = other.prover.nonce
    assert fapi.userinfo(token).status_code == 401


# --- What a stolen database gives -------------------------------------------------------------------------------------
def test_no_table_holds_a_value_that_opens_something(fapi: FapiApplication) -> None:
    """Codes, tokens and references are kept as digests."""
    pushed = fapi.push().body["request_uri"].rpartition(":")[2]
    tokens = fapi.redeem(fapi.code()).body
    secrets = [pushed, tokens["access_token"], tokens["refresh_token"]]
    for model in (PushedRequest, Grant, Token, UsedAssertion, Client):
        for row in model.objects.all():
            kept = repr([getattr(row, field.attname) for field in model._meta.concrete_fields])
            assert not [secret for secret in secrets if secret in kept]
