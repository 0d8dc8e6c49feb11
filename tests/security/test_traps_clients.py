"""Traps of applications: how they prove who they are, who may change them, what they may ask for."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from joserfc.jwk import OctKey

from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client
from tests.factories.fapi import FapiApplication, b64, sign
from tests.factories.oidc import Application, secret_of
from tests.oidc.test_assertions import JWKS, ask, signed
from tests.oidc.test_registration import MINIMAL, Registrar


# --- 19: who the application is ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [
        {"aud": None},
        {"aud": f"{settings.ISSUER}/oidc/token"},
        {"aud": f"{settings.ISSUER}/"},
        {"aud": [settings.ISSUER]},
        {"aud": [settings.ISSUER, "https://other.example/"]},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 300},
        {"exp": None},
        {"exp": 0},
        {"exp": True},
        {"exp": "tomorrow"},
        {"exp": int(time.time()) - 61},
        {"exp": int(time.time()) + 86_400},
        {"exp": 1e300},
        {"nbf": int(time.time()) + 3_600},
        {"iat": int(time.time()) + 3_600},
        {"iss": "somebody else"},
        {"iss": None},
    ],
)
def test_trap_19_a_proof_is_for_the_issuer_alone_soon_over_and_named(
    signer: Application, changes: dict[str, Any]
) -> None:
    """RFC 7523bis: a proof is for the issuer, alone and as a text, is soon over, and has a name of its own."""
    answer = ask(signer, signed(signer, **changes))
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


def claims_of(app: FapiApplication, **changes: Any) -> dict[str, Any]:
    named = {"iss": app.client.client_id, "sub": app.client.client_id, "aud": settings.ISSUER, "jti": uuid4().hex}
    return named | {"exp": int(time.time()) + 60} | changes


def test_trap_19_a_proof_works_once_at_whichever_endpoint(fapi: FapiApplication) -> None:
    """A proof that somebody saw at one endpoint opens none of the others."""
    given = fapi.credentials()
    assert fapi.post("/oidc/par", fapi.query() | given).status == 201
    assert fapi.redeem(fapi.code(), **given).body["error"] == "invalid_client"


def test_trap_19_a_public_key_is_no_shared_secret_and_none_is_no_signature(fapi: FapiApplication) -> None:
    """The key that is public is no secret to make a MAC with, and `none` signs nothing."""
    text = json.dumps(fapi.key.as_dict(private=False))
    confused = sign(claims_of(fapi), OctKey.import_key(text), "HS256", kid=fapi.key.kid)
    none = f"{b64(json.dumps({'alg': 'none'}).encode())}.{b64(json.dumps(claims_of(fapi)).encode())}."
    code = fapi.code()
    for given in (confused, none):
        assert fapi.redeem(code, client_assertion=given).body["error"] == "invalid_client"
    assert fapi.redeem(code).status == 200


def test_trap_19_a_signed_request_is_no_proof_and_a_proof_is_no_request(fapi: FapiApplication) -> None:
    """One key signs both, and each says what it is for."""
    given = fapi.request_object()
    refused = fapi.post("/oidc/par", fapi.query() | {"client_assertion": given})
    assert refused.body["error"] in {"invalid_client", "invalid_request"}
    assert fapi.push_object(fapi.assertion()).body["error"] == "invalid_request_object"


def test_trap_19_a_registration_is_managed_with_its_own_token_alone(registrar: Registrar) -> None:
    """Canaille: a token of one application, or one that only registers, manages another application."""
    mine, other = registrar.registered(), registrar.registered()
    kept = MINIMAL | {"client_id": other["client_id"]}
    for token in (mine["registration_access_token"], registrar.given, mine["client_secret"], "x"):
        for method, document in (("GET", None), ("PUT", kept), ("DELETE", None)):
            assert registrar.manage(other, method, document, token=token).status == 401
    assert registrar.manage(other, "GET").body["client_id"] == other["client_id"]
    assert registrar.register(MINIMAL, token=mine["registration_access_token"]).status == 401


def test_trap_19_an_application_of_ours_has_no_such_door(registrar: Registrar, client_row: Client) -> None:
    """What an operator or a team registered is not changed by the interface of those that registered themselves."""
    made = registrar.registered()
    theirs = made | {"registration_client_uri": f"/oidc/register?client_id={client_row.client_id}"}
    for token in (registrar.given, made["registration_access_token"], secret_of(client_row)):
        for method in ("GET", "DELETE"):
            assert registrar.manage(theirs, method, token=token).status == 401
    assert Client.objects.filter(pk=client_row.pk, state="active").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"id_token_signed_response_alg": "none"},
        {"userinfo_signed_response_alg": "none-at-all"},
        {"request_object_signing_alg": "none"},
        {"token_endpoint_auth_signing_alg": "none", "token_endpoint_auth_method": "private_key_jwt", "jwks": JWKS},
        {"token_endpoint_auth_signing_alg": "HS256", "token_endpoint_auth_method": "client_secret_jwt"},
    ],
)
def test_trap_19_no_application_registers_to_go_without_signatures(
    registrar: Registrar, changes: dict[str, Any]
) -> None:
    """Canaille 0.3.6: `none` is no algorithm, and neither is a MAC under a secret that travels."""
    answer = registrar.register(MINIMAL | changes)
    assert (answer.status, answer.body["error"]) == (400, "invalid_client_metadata")


def test_trap_19_secrets_overlap_and_the_former_one_ends(app: Application) -> None:
    """A secret that never ends is never changed: two work side by side for a day, then one."""
    new = actions.rotate_secret(client=app.client, by=None, overlap=timedelta(days=1))
    for secret in (secret_of(app.client), new):
        assert app.redeem(app.code(), client_secret=secret).status == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=1)):
        unknown = {"grant_type": "refresh_token", "refresh_token": "x"}
        assert app.post_token(unknown).body["error"] == "invalid_client"
        assert app.post_token(unknown | {"client_secret": new}).body["error"] == "invalid_grant"


# --- 27: more than one has --------------------------------------------------------------------------------------------
def test_trap_27_a_registration_can_be_narrowed_and_not_widened(registrar: Registrar) -> None:
    """Who registers themselves does not give themselves more than they were let in for."""
    made = registrar.registered(scope="openid email")
    sent = MINIMAL | {"client_id": made["client_id"], "scope": "openid email groups"}
    assert registrar.manage(made, "PUT", sent).body["scope"] == "openid email"
