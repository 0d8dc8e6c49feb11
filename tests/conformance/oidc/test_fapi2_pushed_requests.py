"""The modules of the FAPI 2.0 Security Profile (final) plan that are about pushed requests, each under its name."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser

from parvis.directory.models import User
from tests.conformance.oidc.test_fapi2_security_profile import other, page_or, refused, signed_in
from tests.factories.fapi import FORM, FapiApplication, In
from tests.factories.oidc import challenge
from tests.oidc.test_prompts import demand_of

__all__ = ["other"]


def test_fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(
    fapi: FapiApplication, person: User
) -> None:
    fapi.browser = Browser()
    uri = fapi.push().body["request_uri"]
    demand_of(fapi.visit(uri))
    again = demand_of(fapi.visit(uri))
    fapi.sign_in_as(person)
    assert "code" in fapi.read(fapi.browser.get(again.next))


def test_fapi2_security_profile_final_par_attempt_reuse_request_uri(fapi: FapiApplication) -> None:
    uri = fapi.push().body["request_uri"]
    assert "code" in fapi.read(fapi.visit(uri))
    page_or(fapi.visit(uri), fapi, "invalid_request_uri")


def test_fapi2_security_profile_final_par_attempt_to_use_expired_request_uri(fapi: FapiApplication) -> None:
    pushed = fapi.push().body
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=pushed["expires_in"] + 1)):
        page_or(fapi.visit(pushed["request_uri"]), fapi, "invalid_request_uri")


def test_fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client(
    fapi: FapiApplication, other: FapiApplication
) -> None:
    uri = fapi.push().body["request_uri"]
    page_or(other.visit(uri), other, "invalid_request", "invalid_request_object", "invalid_request_uri")


def test_fapi2_security_profile_final_par_authorization_request_containing_request_uri_form_param(
    fapi: FapiApplication,
) -> None:
    fields = fapi.query() | {"request_uri": "urn:ietf:params:oauth:request_uri:x"}
    refused(fapi.post("/oidc/par", fields), "invalid_request", "invalid_request_object", "request_uri_not_supported")


def test_fapi2_security_profile_final_par_attempt_invalid_http_method(fapi: FapiApplication) -> None:
    assert fapi.server.put("/oidc/par", urlencode(fapi.query()), FORM).status_code == 405


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_challenge": None, "code_challenge_method": None}, id="par-ensure-pkce-required"),
        pytest.param({"code_challenge_method": "plain"}, id="par-plain-pkce-rejected"),
        pytest.param({"code_challenge": challenge(), "code_challenge_method": None}, id="par-plain-pkce-by-default"),
    ],
)
def test_fapi2_security_profile_final_par_ensure_pkce_required(fapi: FapiApplication, changes: dict[str, Any]) -> None:
    refused(fapi.push(**changes), "invalid_request")


def test_fapi2_security_profile_final_par_without_duplicate_parameters(fapi: FapiApplication) -> None:
    signed_in(fapi)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        pytest.param(
            {"iat": In(8), "nbf": In(8)},
            201,
            id="par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted",
        ),
        pytest.param(
            {"iat": In(62), "nbf": In(62), "exp": In(122)},
            401,
            id="par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails",
        ),
        pytest.param({"aud": [settings.ISSUER, "https://other.example"]}, 401, id="par-test-array-as-audience-fails"),
        pytest.param({"aud": f"{settings.ISSUER}/oidc/par"}, 401, id="par-test-par-endpoint-url-as-audience-fails"),
        pytest.param({"aud": f"{settings.ISSUER}/oidc/token"}, 401, id="par-test-token-endpoint-url-as-audience-fails"),
    ],
)
def test_fapi2_security_profile_final_par_client_assertions(
    fapi: FapiApplication, claims: dict[str, Any], status: int
) -> None:
    fields = {"client_id": fapi.client.client_id, "request": fapi.request_object()} if fapi.signs_requests else {}
    with time_machine.travel(datetime.now(UTC), tick=False):
        answer = fapi.post("/oidc/par", (fields or fapi.query()) | fapi.credentials(**claims))
    assert answer.status == status
    if status != 201:
        refused(answer, "invalid_client", "invalid_request")
