"""Traps of the authorization endpoint: where the answer goes, who is said to give it, and who can use it."""

from typing import Any

import pytest
from django.conf import settings

from parvis.oidc.models import Grant
from tests.factories.fapi import FapiApplication
from tests.factories.oidc import (
    REDIRECT_URI,
    VERIFIER,
    Application,
    answer_of,
    challenge,
    make_client,
    posted_answer_of,
)
from tests.oidc.test_checks import page_of
from tests.oidc.test_registration import Registrar


# --- 14: mix-up -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("changes", [{}, {"scope": "email"}, {"prompt": "none", "max_age": "0"}])
def test_trap_14_every_answer_says_who_gives_it(app: Application, changes: dict[str, str]) -> None:
    """An application of several providers learns from `iss` which one answers (RFC 9207), errors included."""
    assert answer_of(app.authorize(**changes))["iss"] == settings.ISSUER
    assert posted_answer_of(app.authorize(response_mode="form_post", **changes))["iss"] == settings.ISSUER


def test_trap_14_the_issuer_is_the_same_whatever_the_request_says(app: Application) -> None:
    """`iss` in answers, tokens and metadata does not come from the Host header, or comparing it would prove nothing."""
    metadata: dict[str, Any] = app.server.get("/.well-known/openid-configuration", headers={"host": "localhost"}).json()
    assert metadata["issuer"] == settings.ISSUER
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert all(value.startswith(settings.ISSUER) for name, value in metadata.items() if name.endswith("endpoint"))
    told = app.browser.get("/oidc/authorize", app.query(), headers={"host": "localhost"})
    assert answer_of(told)["iss"] == settings.ISSUER


def test_trap_14_the_code_of_one_application_is_worth_nothing_at_another(app: Application) -> None:
    """A code that an attacker carries from one application to another opens nothing, and is not even used up."""
    other = Application(make_client())
    assert other.redeem(app.code()).body["error"] == "invalid_grant"
    assert app.redeem(app.code()).status == 200


# --- 16: addresses ----------------------------------------------------------------------------------------------------
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
    """The name can be led elsewhere by whoever owns the resolver, and another port is another program."""
    app.client = make_client(redirect_uris=["http://localhost:8000/"])
    assert app.authorize(redirect_uri="http://127.0.0.1:8000/").status_code == 400
    assert app.authorize(redirect_uri="http://localhost:8001/").status_code == 400


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
    """CVE-2026-9086: the address is compared wherever the request came from: pushed, signed, posted or half broken."""
    assert fapi.push(redirect_uri=given).status == 400
    assert fapi.push_object(redirect_uri=given).status == 400
    page_of(fapi.authorize(redirect_uri=given))
    page_of(fapi.authorize(redirect_uri=given, request=fapi.request_object()[:-9]))
    page_of(fapi.authorize(redirect_uri=given, response_mode="form_post"))
    page_of(fapi.authorize(redirect_uri=given, request_uri="urn:ietf:params:oauth:request_uri:pp_x"))
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        "https://*.example.org/callback",
        "https://app.example.org/.*",
        "https://app.example.org/callback#part",
        "https://user@app.example.org/",
        "https://app.example.org@@evil.example/",
        "https://app.example.org/..;/callback",
        "https://café.example/",
        "HTTPS://app.example.org/",
        "http://app.example.org/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//app.example.org/",
    ],
)
@pytest.mark.parametrize("member", ["redirect_uris", "post_logout_redirect_uris"])
def test_trap_16_nothing_but_plain_addresses_can_be_registered(registrar: Registrar, member: str, uri: str) -> None:
    """CVE-2026-7504, CVE-2024-1132: a pattern or an address of many meanings is not compared, so it is not kept."""
    answer = registrar.register({"redirect_uris": [REDIRECT_URI]} | {member: [uri]})
    assert answer.status == 400
    assert answer.body["error"] in {"invalid_redirect_uri", "invalid_client_metadata"}


# --- 17: PKCE ---------------------------------------------------------------------------------------------------------
def test_trap_17_pkce_cannot_be_downgraded(app: Application) -> None:
    """authentik CVE-2023-48228 and CVE-2024-23647: a challenge that was sent and then not asked for."""
    asked = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    assert app.redeem(app.code(**asked)).body["error"] == "invalid_grant"
    assert app.redeem(app.code(), code_verifier=VERIFIER).body["error"] == "invalid_grant"
    plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    assert answer_of(app.authorize(**plain))["error"] == "invalid_request"


def test_trap_17_a_challenge_beside_a_signed_or_pushed_request_counts_for_nothing(fapi: FapiApplication) -> None:
    """A challenge of the attacker’s beside a request that cannot be changed does not take the place of its own."""
    mine = {"code_challenge": "m" * 43, "code_challenge_method": "S256"}
    answer = answer_of(fapi.visit(fapi.push().body["request_uri"], **mine))
    assert Grant.objects.get().code_challenge == fapi.query()["code_challenge"]
    assert fapi.redeem(answer["code"]).status == 200
