"""The OpenID Foundation's FAPI 2.0 Message Signing (final) plan: a test for each module, under its name.

Every test of the security profile's plan runs here again with signed requests and signed answers, then those that
only this plan has. The plan's other two variants, signed requests with plain answers and plain requests with signed
answers, do the whole flow once each.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from parvis.directory.models import User
from parvis.oidc.models import Client
from tests.conformance.oidc import test_fapi2_pushed_requests as pushed_requests
from tests.conformance.oidc import test_fapi2_security_profile as security_profile
from tests.conformance.oidc.test_fapi2_security_profile import nonced, other, refused, signed_in
from tests.factories.fapi import FapiApplication, In, b64, rsa

__all__ = ["nonced", "other"]
PROFILE = Client.Profile.FAPI2_MESSAGE_SIGNING


@pytest.fixture
def fapi(signing_keys: None, person: User) -> FapiApplication:
    """An application that signs its requests and has the answers signed, in a browser where the person is signed in."""
    made = FapiApplication.made(profile=PROFILE, authorization_response_alg="ES256")
    made.sign_in_as(person)
    made.signs_requests = made.reads_signed_answers = True
    return made


# These make applications of their own, without a signed request.
_NOT_HERE = {
    "test_fapi2_security_profile_final_ensure_signed_client_assertion_with_rs256_fails",
    "test_fapi2_security_profile_final_client_credentials",
}


def _modules() -> Iterator[tuple[str, Any]]:
    found = vars(security_profile) | vars(pushed_requests)
    return ((name, test) for name, test in found.items() if name.startswith("test_fapi2") and name not in _NOT_HERE)


globals().update(_modules())


# --- The variants -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("profile", "signs", "reads"), [(PROFILE, True, False), (Client.Profile.FAPI2, False, True), (PROFILE, True, True)]
)
def test_fapi2_message_signing_final_happy_flow(
    signing_keys: None, person: User, profile: str, signs: bool, reads: bool
) -> None:
    app = FapiApplication.made(profile=profile, authorization_response_alg="ES256" if reads else "")
    app.sign_in_as(person)
    app.signs_requests, app.reads_signed_answers = signs, reads
    assert app.userinfo(signed_in(app)["access_token"]).status_code == 200
    if signs:
        pushed = app.push_object(app.request_object(header={"typ": "OautH-auThZ-REQ+jWt"}))
        assert "code" in app.read(app.visit(pushed.body["request_uri"]))


# --- Signed requests --------------------------------------------------------------------------------------------------
def test_fapi2_security_profile_final_ensure_request_object_with_multiple_aud_succeeds(fapi: FapiApplication) -> None:
    pushed = fapi.push_object(aud=[settings.ISSUER, "https://other1.example.com", "invalid"])
    assert "code" in fapi.read(fapi.visit(pushed.body["request_uri"]))


def test_fapi2_security_profile_final_ensure_request_object_with_nbf_8_seconds_in_the_future_is_accepted(
    fapi: FapiApplication,
) -> None:
    assert fapi.push_object(nbf=In(8)).status == 201


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": None}, id="ensure-request-object-without-exp-fails"),
        pytest.param({"nbf": None}, id="ensure-request-object-without-nbf-fails"),
        pytest.param({"exp": In(-300)}, id="ensure-expired-request-object-fails"),
        pytest.param({"aud": "https://other.example"}, id="ensure-request-object-with-bad-aud-fails"),
        pytest.param({"exp": In(70 * 60)}, id="ensure-request-object-with-exp-over-60-fails"),
        pytest.param({"nbf": In(-70 * 60)}, id="ensure-request-object-with-nbf-over-60-fails"),
        pytest.param({"request_uri": "urn:x"}, id="par-authorization-request-containing-request_uri"),
    ],
)
def test_fapi2_security_profile_final_request_objects_that_fail(fapi: FapiApplication, changes: dict[str, Any]) -> None:
    refused(fapi.push_object(**changes), "invalid_request_object")


def test_fapi2_security_profile_final_ensure_signed_request_object_with_rs256_fails(
    signing_keys: None, person: User
) -> None:
    app = FapiApplication.made(rsa(), "PS256", profile=PROFILE)
    refused(app.push_object(alg="RS256"), "invalid_request_object")
    assert app.push_object().status == 201


def test_fapi2_security_profile_final_ensure_request_object_signature_algorithm_is_not_none(
    fapi: FapiApplication,
) -> None:
    none, body = b64(b'{"alg":"none"}'), fapi.request_object().split(".")[1]
    refused(fapi.push_object(f"{none}.{body}."), "invalid_request_object")


def test_fapi2_security_profile_final_ensure_request_object_with_invalid_signature_fails(fapi: FapiApplication) -> None:
    head, body, signature = fapi.request_object().split(".")
    refused(fapi.push_object(f"{head}.{body}.{signature[::-1]}"), "invalid_request_object")


def test_fapi2_security_profile_final_ensure_matching_key_in_authorization_request(
    fapi: FapiApplication, other: FapiApplication
) -> None:
    given = fapi.request_object(key=other.key)
    refused(fapi.push_object(given), "invalid_request", "invalid_request_object")


def test_fapi2_security_profile_final_ensure_unsigned_request_at_par_endpoint_fails(fapi: FapiApplication) -> None:
    refused(fapi.post("/oidc/par", fapi.query()), "invalid_request")


def test_answers_are_signed_whatever_is_asked(fapi: FapiApplication) -> None:
    """The application registered a signature for its answers; a request for a plain one is refused."""
    refused(fapi.push(response_mode="query"), "invalid_request")
