"""Traps that other hubs fell into, where requests and tokens are concerned: a test for each, under its number.

The numbers are those of the list of traps in the research on identity; `tests/oidc/test_traps.py` has the others.
"""

import json
import time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from joserfc.jwk import OctKey

from parvis.lib import safe_fetch
from parvis.oidc import client_keys
from parvis.oidc.models import Client, Grant, PushedRequest, Token, UsedAssertion
from tests.factories.fapi import FORM, FapiApplication, Prover, b64, ec, public, rsa, sign
from tests.factories.oidc import Application, answer_of, make_client, posted_answer_of, secret_of
from tests.oidc.test_checks import page_of


# --- 14: mix-up -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("changes", [{}, {"scope": "email"}, {"prompt": "none", "max_age": "0"}])
def test_trap_14_every_answer_says_who_gives_it(app: Application, changes: dict[str, str]) -> None:
    assert answer_of(app.authorize(**changes))["iss"] == settings.ISSUER
    assert posted_answer_of(app.authorize(response_mode="form_post", **changes))["iss"] == settings.ISSUER


def test_trap_14_the_code_of_one_application_is_worth_nothing_at_another(app: Application) -> None:
    other = Application(make_client())
    assert other.redeem(app.code()).body["error"] == "invalid_grant"
    assert app.redeem(app.code()).status == 200


# --- 16: addresses ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/",
        "https://app.example.org/callback/..;/x",
        "javascript:alert(1)",
        "HTTPS://APP.example.org/callback/",
    ],
)
def test_trap_16_no_way_of_sending_a_request_lets_another_address_in(fapi: FapiApplication, given: str) -> None:
    assert fapi.push(redirect_uri=given).status == 400
    assert fapi.push_object(redirect_uri=given).status == 400
    page_of(fapi.authorize(redirect_uri=given))
    page_of(fapi.authorize(redirect_uri=given, request=fapi.request_object()[:-9]))
    page_of(fapi.authorize(redirect_uri=given, response_mode="form_post"))
    page_of(fapi.authorize(redirect_uri=given, request_uri="urn:ietf:params:oauth:request_uri:pp_x"))
    assert not Grant.objects.exists()


# --- 17: PKCE ---------------------------------------------------------------------------------------------------------
def test_trap_17_a_challenge_beside_a_signed_or_pushed_request_counts_for_nothing(fapi: FapiApplication) -> None:
    mine = {"code_challenge": "m" * 43, "code_challenge_method": "S256"}
    answer = answer_of(fapi.visit(fapi.push().body["request_uri"], **mine))
    assert Grant.objects.get().code_challenge == fapi.query()["code_challenge"]
    assert fapi.redeem(answer["code"]).status == 200


# --- 18: values that work once ----------------------------------------------------------------------------------------
def test_trap_18_one_kind_of_value_is_never_taken_for_another(fapi: FapiApplication) -> None:
    pushed = fapi.push().body["request_uri"]
    tokens = fapi.redeem(fapi.code()).body
    name = pushed.rpartition(":")[2]
    assert fapi.redeem(name).body["error"] == "invalid_grant"
    assert fapi.refresh(name).body["error"] == "invalid_grant"
    assert fapi.userinfo(name).status_code == 401
    for other in (tokens["access_token"], tokens["refresh_token"]):
        page_of(fapi.visit(f"urn:ietf:params:oauth:request_uri:{other}"))


def test_trap_18_a_pushed_request_gives_one_code(fapi: FapiApplication) -> None:
    uri = fapi.push().body["request_uri"]
    fapi.visit(uri)
    fapi.visit(uri)
    assert Grant.objects.count() == 1


def test_trap_18_a_code_used_twice_ends_bound_tokens_too(fapi: FapiApplication) -> None:
    code = fapi.code()
    token = fapi.redeem(code).body["access_token"]
    fapi.redeem(code)
    assert fapi.userinfo(token).status_code == 401


# --- 19: who the application is ---------------------------------------------------------------------------------------
def claims_of(app: FapiApplication, **changes: Any) -> dict[str, Any]:
    named = {"iss": app.client.client_id, "sub": app.client.client_id, "aud": settings.ISSUER, "jti": uuid4().hex}
    return named | {"exp": int(time.time()) + 60} | changes


@pytest.mark.parametrize(
    "aud",
    [
        f"{settings.ISSUER}/oidc/token",
        f"{settings.ISSUER}/oidc/par",
        f"{settings.ISSUER}/",
        [settings.ISSUER],
        [settings.ISSUER, "https://other.example"],
        None,
    ],
)
def test_trap_19_a_proof_is_addressed_to_the_issuer_alone(fapi: FapiApplication, aud: Any) -> None:
    given = sign(claims_of(fapi, aud=aud), fapi.key, "ES256")
    assert fapi.redeem(fapi.code(), client_assertion=given).body["error"] == "invalid_client"


def test_trap_19_a_proof_works_once_at_whichever_endpoint(fapi: FapiApplication) -> None:
    given = fapi.credentials()
    assert fapi.post("/oidc/par", fapi.query() | given).status == 201
    assert fapi.redeem(fapi.code(), **given).body["error"] == "invalid_client"
    assert UsedAssertion.objects.exists()


def test_trap_19_a_public_key_is_no_shared_secret_and_none_is_no_signature(fapi: FapiApplication) -> None:
    text = json.dumps(fapi.key.as_dict(private=False))
    confused = sign(claims_of(fapi), OctKey.import_key(text), "HS256", kid=fapi.key.kid)
    none = f"{b64(json.dumps({'alg': 'none'}).encode())}.{b64(json.dumps(claims_of(fapi)).encode())}."
    code = fapi.code()
    for given in (confused, none):
        assert fapi.redeem(code, client_assertion=given).body["error"] == "invalid_client"
    assert fapi.redeem(code).status == 200


def test_trap_19_a_signed_request_is_no_proof_and_a_proof_is_no_request(fapi: FapiApplication) -> None:
    given = fapi.request_object()
    refused = fapi.post("/oidc/par", fapi.query() | {"client_assertion": given})
    assert refused.body["error"] in {"invalid_client", "invalid_request"}
    assert fapi.push_object(fapi.assertion()).body["error"] == "invalid_request_object"


# --- 20: addresses that we would fetch --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "uri", ["http://169.254.169.254/", "http://127.0.0.1:5432/", "file:///etc/passwd", "https://app.example.org/r"]
)
def test_trap_20_a_request_uri_is_never_fetched(app: Application, monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    def fetched(*_arguments: Any, **_options: Any) -> bytes:
        pytest.fail("an address out of a request was fetched")

    monkeypatch.setattr(safe_fetch, "get", fetched)
    assert answer_of(app.authorize(request_uri=uri))["error"] == "request_uri_not_supported"
    fields = app.query() | {"client_secret": secret_of(app.client), "request_uri": uri}
    answer = app.server.post("/oidc/par", urlencode(fields), FORM)
    assert answer.json()["error"] == "invalid_request"


# --- 21: tokens -------------------------------------------------------------------------------------------------------
def test_trap_21_a_stolen_token_opens_nothing_without_its_key(fapi: FapiApplication) -> None:
    tokens = fapi.redeem(fapi.code()).body
    thief = Prover()
    thief.nonce = fapi.prover.nonce
    stolen = tokens["access_token"]
    assert fapi.userinfo(stolen, proof=None, scheme="Bearer").status_code == 401
    assert fapi.userinfo(stolen, proof=thief.proof("GET", "/oidc/userinfo", stolen)).status_code == 401
    assert fapi.userinfo(stolen).status_code == 200


def test_trap_21_a_stolen_proof_opens_no_other_door(fapi: FapiApplication) -> None:
    token = fapi.redeem(fapi.code()).body["access_token"]
    seen = fapi.prover.proof("GET", "/oidc/userinfo", token)
    assert fapi.userinfo(token, proof=seen).status_code == 200
    assert fapi.userinfo(token, proof=seen).status_code == 401
    assert fapi.redeem(fapi.code(), proof=seen).body["error"] == "invalid_dpop_proof"


def test_trap_21_two_proofs_in_one_request_are_refused(fapi: FapiApplication) -> None:
    fapi.push(proof="")
    two = ", ".join(fapi.prover.proof("POST", "/oidc/token") for _one in range(2))
    assert fapi.redeem(fapi.code(), proof=two).body["error"] == "invalid_dpop_proof"


def test_trap_21_the_token_of_one_application_does_not_open_with_the_key_of_another(fapi: FapiApplication) -> None:
    other = FapiApplication.made()
    other.browser = fapi.browser
    token = other.redeem(other.code()).body["access_token"]
    fapi.prover.nonce = other.prover.nonce
    assert fapi.userinfo(token).status_code == 401


# --- 22: headers ------------------------------------------------------------------------------------------------------
def test_trap_22_the_host_header_does_not_say_where_a_proof_is_for(fapi: FapiApplication) -> None:
    fapi.push(proof="")
    proof = fapi.prover.proof("POST", "/oidc/token", htu="http://localhost:8000/oidc/token")
    answer = fapi.post("/oidc/token", {"grant_type": "authorization_code"}, proof=proof, host="localhost:8000")
    assert answer.body["error"] == "invalid_dpop_proof"


# --- 33: what a link could do -----------------------------------------------------------------------------------------
def test_trap_33_nothing_is_pushed_by_a_link(fapi: FapiApplication) -> None:
    fields = fapi.query() | fapi.credentials()
    assert fapi.server.get("/oidc/par", fields).status_code == 405
    assert not PushedRequest.objects.exists()


# --- Kept as digests --------------------------------------------------------------------------------------------------
def test_no_table_holds_a_value_that_opens_something(fapi: FapiApplication) -> None:
    pushed = fapi.push().body["request_uri"].rpartition(":")[2]
    tokens = fapi.redeem(fapi.code()).body
    secrets = [pushed, tokens["access_token"], tokens["refresh_token"]]
    for model in (PushedRequest, Grant, Token, UsedAssertion, Client):
        for row in model.objects.all():
            kept = repr([getattr(row, field.attname) for field in model._meta.concrete_fields])
            assert not [secret for secret in secrets if secret in kept]


def test_weak_keys_are_not_registered() -> None:

    with pytest.raises(ValueError, match="2048 bits"):
        client_keys.parse(public(rsa("weak", 1024)))
    assert client_keys.parse(public(rsa(), ec()))
