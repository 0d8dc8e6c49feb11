"""Requests that applications sign (RFC 9101; FAPI 2.0 Message Signing, section 5.3)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser

from parvis.directory.models import User
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client, Grant
from tests.factories.fapi import FapiApplication, In, b64, ec, okp, public, rsa
from tests.factories.oidc import answer_of
from tests.oidc.test_checks import page_of
from tests.oidc.test_prompts import demand_of
from tests.oidc.test_resources import resource_server


@pytest.fixture
def signer(signing_keys: None, person: User) -> FapiApplication:
    """An application without a profile, which may sign its requests."""
    made = FapiApplication.made(profile="", id_token_alg="RS256")
    made.sign_in_as(person)
    return made


def ask(app: FapiApplication, request_object: str = "", beside: dict[str, str] | None = None, **changes: Any) -> Any:
    """Open the authorization endpoint with a signed request."""
    fields = {"client_id": app.client.client_id, "request": request_object or app.request_object(**changes)}
    return app.browser.get("/oidc/authorize", fields | (beside or {}))


def test_rfc9101_5_a_request_may_come_signed(signer: FapiApplication) -> None:
    answer = answer_of(ask(signer))
    assert answer["state"] == "state-0123456789"
    assert signer.redeem(answer["code"], proof=None).status == 200


def test_rfc9101_6_3_what_stands_beside_counts_for_nothing(signer: FapiApplication) -> None:
    beside = {"state": "beside", "scope": "openid siret", "redirect_uri": "https://evil.example/", "prompt": "login"}
    assert answer_of(ask(signer, beside=beside))["state"] == "state-0123456789"
    assert Grant.objects.get().scope == "openid email"
    assert "state" not in answer_of(ask(signer, state=None, beside={"state": "beside"}))
    page_of(ask(signer, redirect_uri=None, beside={"redirect_uri": signer.query()["redirect_uri"]}))


def test_numbers_and_objects_have_their_json_types(signer: FapiApplication) -> None:
    claims = {"userinfo": {"phone_number": None}}
    assert "code" in answer_of(ask(signer, max_age=3600, claims=claims))
    assert json.loads(Grant.objects.get().claims)["userinfo"] == ["phone_number"]


def test_rfc8707_resource_servers_are_a_list_of_their_addresses(signer: FapiApplication) -> None:
    for uri in ("https://api.example.org/", "https://other.example.org/"):
        resource_server(uri)
    wanted = ["https://api.example.org/", "https://other.example.org/"]
    assert "code" in answer_of(ask(signer, resource=wanted))
    assert Grant.objects.get().resources == " ".join(wanted)
    assert "cannot be read" in page_of(ask(signer, resource=[1]))


@pytest.mark.parametrize("value", [True, 1.5, ["a"], "\ud800", "a\x00b"])
def test_other_types_and_broken_texts_are_refused(signer: FapiApplication, value: Any) -> None:
    assert "request: a parameter cannot be read." in page_of(ask(signer, ui_locales=value))


BAD: dict[str, dict[str, Any]] = {
    "client_id of another": {"client_id": "another"},
    "iss of another": {"iss": "another"},
    "aud of another": {"aud": "https://other.example"},
    "aud without us": {"aud": ["https://other.example", f"{settings.ISSUER}/oidc/par"]},
    "expired": {"exp": In(-61)},
    "exp a word": {"exp": "tomorrow"},
    "nbf to come": {"nbf": In(62)},
    "iat to come": {"iat": In(62)},
    "a proof of who the application is": {"sub": "SELF"},
    "typ of another JWT": {"header": {"typ": "at+jwt"}},
    "request within": {"request": "e30.e30."},
    "request_uri within": {"request_uri": "https://app.example.org/r"},
    "jti a number": {"jti": 7},
    "jti too long": {"jti": "x" * 257},
}


@pytest.mark.parametrize("name", BAD)
def test_rfc9101_6_refused(signer: FapiApplication, name: str) -> None:
    changes: dict[str, Any] = {
        key: signer.client.client_id if value == "SELF" else value for key, value in BAD[name].items()
    }
    beside = {"redirect_uri": signer.query()["redirect_uri"], "state": "beside"}
    answer = answer_of(ask(signer, beside=beside, **changes))
    assert answer["error"] == "invalid_request_object"
    assert answer["state"] == "beside"
    assert "invalid_request_object" in page_of(ask(signer, **changes))
    assert not Grant.objects.exists()


def test_rfc9101_6_2_only_its_own_keys_sign(signer: FapiApplication) -> None:
    whole = signer.request_object()
    head, body, signature = whole.split(".")
    forged = json.dumps(signer.query(scope="openid siret")).encode()
    none = b64(b'{"alg":"none"}')
    for given in (
        signer.request_object(key=ec("other")),
        signer.request_object(key=ec("app")),
        f"{head}.{b64(forged)}.{signature}",
        f"{none}.{body}.",
        "x",
        "a.b.c",
        "é",
        "x" * 17_000,
    ):
        assert "invalid_request_object" in page_of(ask(signer, given))


@pytest.mark.parametrize(("key", "alg"), [(rsa(), "RS256"), (rsa(), "PS256"), (okp(), "EdDSA"), (ec(), "ES256")])
def test_every_algorithm_that_metadata_names_works(signer: FapiApplication, key: Any, alg: str) -> None:
    told = signer.server.get("/.well-known/openid-configuration").json()["request_object_signing_alg_values_supported"]
    assert alg in told
    assert "none" not in told
    actions.update_client(client=signer.client, by=None, jwks=public(key))
    assert "code" in answer_of(ask(signer, key=key, alg=alg))


@pytest.mark.parametrize("typ", ["OautH-auThZ-REQ+jWt", "application/oauth-authz-req+jwt", "jwt", "JWT", None])
def test_rfc7515_4_1_9_the_case_of_a_type_does_not_matter(signer: FapiApplication, typ: str | None) -> None:
    assert "code" in answer_of(ask(signer, header={"typ": typ}))


def test_rfc7515_4_unknown_header_members_are_ignored_unless_they_are_critical(signer: FapiApplication) -> None:
    assert "code" in answer_of(ask(signer, header={"x5t": "abc", "odd": ["member"] * 200}))
    assert "invalid_request_object" in page_of(ask(signer, header={"odd": 1, "crit": ["odd"]}))


def test_a_registered_algorithm_is_the_only_one(signer: FapiApplication) -> None:
    actions.update_client(client=signer.client, by=None, jwks=public(rsa(), signer.key), request_object_alg="PS256")
    assert "sign with PS256" in page_of(ask(signer))
    assert "code" in answer_of(ask(signer, key=rsa(), alg="PS256"))


def test_a_signed_request_with_a_name_works_once(signer: FapiApplication) -> None:
    given = signer.request_object()
    assert "code" in answer_of(ask(signer, given))
    assert answer_of(ask(signer, given))["error"] == "invalid_request_object"
    unnamed = signer.request_object(jti=None)
    assert "code" in answer_of(ask(signer, unnamed))
    assert "code" in answer_of(ask(signer, unnamed))


def test_a_person_may_take_longer_to_sign_in_than_the_signature_holds(signer: FapiApplication, person: User) -> None:
    signer.browser = Browser()
    demand = demand_of(ask(signer))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20)):
        signer.sign_in_as(person)
        assert "code" in answer_of(signer.browser.get(demand.next))


def test_request_and_request_uri_exclude_each_other(signer: FapiApplication) -> None:
    assert "exclude each other" in page_of(ask(signer, beside={"request_uri": "urn:ietf:params:oauth:request_uri:x"}))


def test_requests_are_not_fetched(signer: FapiApplication) -> None:
    answer = answer_of(signer.authorize(request_uri="https://169.254.169.254/r"))
    assert answer["error"] == "request_uri_not_supported"


def test_an_application_that_must_sign_is_refused_without(signer: FapiApplication) -> None:
    actions.update_client(client=signer.client, by=None, requires_signed_requests=True)
    assert answer_of(signer.authorize())["error"] == "invalid_request"
    assert signer.push().body["error"] == "invalid_request"
    assert "code" in answer_of(ask(signer))
    pushed = signer.push_object()
    assert pushed.status == 201
    assert "code" in answer_of(signer.visit(pushed.body["request_uri"]))


# --- Pushed, as FAPI 2.0 Message Signing does -------------------------------------------------------------------------
@pytest.fixture
def message_signer(signing_keys: None, person: User) -> FapiApplication:
    """An application that keeps the rules of FAPI 2.0 Message Signing."""
    made = FapiApplication.made(profile=Client.Profile.FAPI2_MESSAGE_SIGNING)
    made.sign_in_as(person)
    return made


def test_rfc9126_3_a_signed_request_may_be_pushed(message_signer: FapiApplication) -> None:
    pushed = message_signer.push_object(state="signed")
    assert answer_of(message_signer.visit(pushed.body["request_uri"], state="beside"))["state"] == "signed"


def test_a_pushed_object_is_pushed_once(message_signer: FapiApplication) -> None:
    given = message_signer.request_object()
    assert message_signer.push_object(given).status == 201
    again = message_signer.push_object(given)
    assert (again.status, again.body["error"]) == (400, "invalid_request_object")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"aud": None},
        {"exp": None},
        {"nbf": None},
        {"exp": In(3600 + 600)},
        {"nbf": In(-3600 - 600)},
        {"exp": In(-300)},
    ],
)
def test_fapi2_message_signing_5_3_1_names_us_and_lives_shortly(
    message_signer: FapiApplication, changes: dict[str, Any]
) -> None:
    answer = message_signer.push_object(**changes)
    assert (answer.status, answer.body["error"]) == (400, "invalid_request_object")
