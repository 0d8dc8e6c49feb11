"""Tokens that only the holder of a key may use, by a proof with each request (RFC 9449)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from joserfc.jwk import OctKey

from parvis.oidc import access_jwt, dpop, tasks
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client, Grant, Token, UsedAssertion
from tests.factories.fapi import FORM, FapiApplication, In, Prover, ec, okp, rsa, sign
from tests.factories.oidc import Application, answer_of, make_client, read_jwt, secret_of


@pytest.fixture
def holder(fapi: FapiApplication) -> FapiApplication:
    """The application, with a nonce already."""
    fapi.prover.nonce = dict(dpop.next_nonce())["DPoP-Nonce"]
    return fapi


@pytest.fixture
def public(signing_keys: None, person: Any) -> FapiApplication:
    """A public application: its refresh tokens are bound to its key."""
    made = FapiApplication(make_client(type=Client.Type.PUBLIC), ec("none"))
    made.sign_in_as(person)
    return made


def code_of(app: FapiApplication, **changes: str) -> str:
    """Return a code of an application that does not push."""
    return answer_of(app.browser.get("/oidc/authorize", app.query(**changes)))["code"]


# --- Section 5: token requests ----------------------------------------------------------------------------------------
def test_rfc9449_5_a_token_asked_for_with_a_proof_is_bound_to_its_key(fapi: FapiApplication) -> None:
    answer = fapi.redeem(fapi.code())
    assert (answer.status, answer.body.get("error_description")) == (200, None)
    assert answer.body["token_type"] == "DPoP"
    assert Token.objects.get().dpop_jkt == fapi.prover.jkt
    assert fapi.userinfo(answer.body["access_token"]).status_code == 200


def test_an_application_that_must_prove_it_is_refused_without(fapi: FapiApplication) -> None:
    answer = fapi.redeem(fapi.code(), proof=None)
    assert (answer.status, answer.body["error"]) == (400, "invalid_dpop_proof")


def test_rfc9449_5_any_application_may_send_proofs(app: Application, fapi: FapiApplication) -> None:
    secretive = FapiApplication(app.client, fapi.key)
    secretive.browser = app.browser
    secretive.prover.nonce = dict(dpop.next_nonce())["DPoP-Nonce"]
    authenticated = {"client_id": app.client.client_id, "client_secret": secret_of(app.client), "code_verifier": None}
    bound = secretive.redeem(app.code(), **authenticated)
    assert bound.body["token_type"] == "DPoP"
    assert app.tokens()["token_type"] == "Bearer"


def test_rfc9449_5_refresh_tokens_of_public_applications_are_bound(public: FapiApplication) -> None:
    first = public.redeem(code_of(public)).body
    assert first["token_type"] == "DPoP"
    other = Prover()
    other.nonce = public.prover.nonce
    for proof in (None, other.proof("POST", "/oidc/token")):
        refused = public.refresh(first["refresh_token"], proof=proof)
        assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert public.refresh(first["refresh_token"]).status == 200


def test_rfc9449_5_refresh_tokens_of_confidential_applications_follow_them_to_a_new_key(fapi: FapiApplication) -> None:
    first = fapi.redeem(fapi.code()).body
    fapi.prover = Prover()
    renewed = fapi.refresh(first["refresh_token"])
    assert renewed.status == 200
    assert fapi.userinfo(renewed.body["access_token"]).status_code == 200


def test_a_bound_refresh_token_never_gives_a_bearer_token(app: Application) -> None:
    holder = FapiApplication(app.client, ec())
    holder.browser = app.browser
    secret = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)}
    bound = holder.redeem(app.code(), code_verifier=None, **secret).body
    refused = holder.refresh(bound["refresh_token"], proof=None, **secret)
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert holder.refresh(bound["refresh_token"], **secret).body["token_type"] == "DPoP"


def test_a_refusal_for_want_of_the_key_does_not_end_the_access(public: FapiApplication) -> None:
    first = public.redeem(code_of(public)).body
    public.refresh(first["refresh_token"], proof=None)
    assert Grant.objects.get().revoked_at is None


def test_rfc9449_6_1_tokens_of_an_application_itself_name_the_key(signing_keys: None) -> None:
    machine = FapiApplication.made(grant_types=["client_credentials"], redirect_uris=[])
    answer = machine.post("/oidc/token", {"grant_type": "client_credentials"})
    assert answer.body["token_type"] == "DPoP"
    assert read_jwt(answer.body["access_token"], "ES256")[1]["cnf"] == {"jkt": machine.prover.jkt}
    read = access_jwt.read(answer.body["access_token"])
    assert read is not None
    assert read.dpop_jkt == machine.prover.jkt


# --- Section 6.2: introspection ---------------------------------------------------------------------------------------
def introspected(app: FapiApplication, token: str) -> dict[str, Any]:
    fields = app.credentials() | {"token": token}
    answer = app.server.post("/oidc/introspect", urlencode(fields), FORM)
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_rfc9449_6_2_introspection_names_the_key(fapi: FapiApplication) -> None:
    told = introspected(fapi, fapi.redeem(fapi.code()).body["access_token"])
    assert told["token_type"] == "DPoP"
    assert told["cnf"] == {"jkt": fapi.prover.jkt}


def test_rfc9449_6_2_introspection_names_the_key_of_tokens_of_applications(signing_keys: None) -> None:
    machine = FapiApplication.made(grant_types=["client_credentials"], redirect_uris=[])
    token = machine.post("/oidc/token", {"grant_type": "client_credentials"}).body["access_token"]
    assert introspected(machine, token)["cnf"] == {"jkt": machine.prover.jkt}


# --- Section 7: use at a resource -------------------------------------------------------------------------------------
def test_rfc9449_7_2_a_bound_token_is_worth_nothing_as_a_bearer_token(holder: FapiApplication) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    for answer in (
        holder.userinfo(token, proof=None, scheme="Bearer"),
        holder.userinfo(token, scheme="Bearer"),
        holder.server.post("/oidc/userinfo", urlencode({"access_token": token}), FORM),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith('DPoP realm="parvis", error="invalid_token"')
        assert 'algs="ES256 PS256 EdDSA Ed25519"' in answer.headers["WWW-Authenticate"]


def test_rfc9449_7_1_a_bearer_token_is_refused_under_the_scheme_of_bound_ones(
    app: Application, holder: FapiApplication
) -> None:
    answer = holder.userinfo(app.tokens()["access_token"])
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_rfc9449_7_1_a_resource_demands_the_proof(holder: FapiApplication) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    answer = holder.userinfo(token, proof=None)
    assert answer.status_code == 401
    assert "invalid_dpop_proof" in answer.headers["WWW-Authenticate"]
    unknown = holder.userinfo("pa_" + "x" * 43)
    assert unknown.status_code == 401
    assert unknown.headers["WWW-Authenticate"].startswith("DPoP ")


def test_rfc9110_11_1_the_scheme_has_no_case(holder: FapiApplication) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    assert holder.userinfo(token, scheme="dPoP").status_code == 200


def test_another_key_does_not_open(holder: FapiApplication) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    nonce, holder.prover = holder.prover.nonce, Prover()
    holder.prover.nonce = nonce
    assert holder.userinfo(token).status_code == 401


def test_the_proof_is_for_this_token(holder: FapiApplication) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    for wrong in ("pa_" + "y" * 43, ""):
        proof = holder.prover.proof("GET", "/oidc/userinfo", wrong)
        assert holder.userinfo(token, proof=proof).status_code == 401


@pytest.mark.parametrize("typ", ["DPoP+JWT", "application/dpop+jwt"])
def test_rfc7515_4_1_9_the_case_of_a_type_does_not_matter(holder: FapiApplication, typ: str) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    proof = holder.prover.proof("GET", "/oidc/userinfo", token, header={"typ": typ})
    assert holder.userinfo(token, proof=proof).status_code == 200


# --- Section 4.3: what a proof is -------------------------------------------------------------------------------------
def _without(header: str) -> dict[str, Any]:
    return {"header": {header: None}}


BAD_PROOFS: dict[str, dict[str, Any]] = {
    "typ missing": _without("typ"),
    "typ of another JWT": {"header": {"typ": "JWT"}},
    "jwk missing": _without("jwk"),
    "jwk no object": {"header": {"jwk": "key"}},
    "jwk of another key": {"header": {"jwk": {n: v for n, v in ec().as_dict(private=False).items() if n != "kid"}}},
    "jwk on another curve": {
        "header": {"jwk": {n: v for n, v in ec("x", "P-384").as_dict(private=False).items() if n != "kid"}}
    },
    "jwk a shared secret": {"header": {"jwk": {"kty": "oct", "k": "c2VjcmV0"}}},
    "crit unknown": {"header": {"crit": ["exp"], "exp": 1}},
    "jti missing": {"jti": None},
    "jti empty": {"jti": ""},
    "jti too long": {"jti": "x" * 257},
    "jti a number": {"jti": 1},
    "htm missing": {"htm": None},
    "htm of another method": {"htm": "PUT"},
    "htm in lower case": {"htm": "post"},
    "htu missing": {"htu": None},
    "htu of another endpoint": {"htu": f"{settings.ISSUER}/oidc/par"},
    "htu of another host": {"htu": "https://evil.example/oidc/token"},
    "htu with a user": {"htu": settings.ISSUER.replace("://", "://a@") + "/oidc/token"},
    "htu unreadable": {"htu": "http://[/oidc/token"},
    "htu with a longer path": {"htu": f"{settings.ISSUER}/oidc/token/"},
    "iat missing": {"iat": None},
    "iat a word": {"iat": "now"},
    "iat a boolean": {"iat": True},
}


@pytest.mark.parametrize("name", BAD_PROOFS)
def test_rfc9449_4_3_refused(holder: FapiApplication, name: str) -> None:
    proof = holder.prover.proof("POST", "/oidc/token", **BAD_PROOFS[name])
    answer = holder.redeem(holder.code(), proof=proof)
    assert (answer.status, answer.body["error"]) == (400, "invalid_dpop_proof")
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "proof", ["x", "a.b", "a.b.c", "a.b.c, a.b.c", "é", "e30.e30.", "eyJhbGciOiJub25lIiwidHlwIjoiZHBvcCtqd3QifQ.e30."]
)
def test_rfc9449_4_3_what_is_no_jwt_is_refused(holder: FapiApplication, proof: str) -> None:
    answer = holder.redeem(holder.code(), proof=proof)
    assert (answer.status, answer.body["error"]) == (400, "invalid_dpop_proof")


def test_rfc9449_4_3_shared_secrets_weak_and_private_keys_are_refused(holder: FapiApplication) -> None:
    secret = OctKey.import_key("s" * 32)
    claims = json.loads('{"jti": "1", "htm": "POST", "iat": 1}') | {"htu": f"{settings.ISSUER}/oidc/token"}
    private = holder.prover.proof("POST", "/oidc/token", header={"jwk": {**holder.prover.key.as_dict(private=True)}})
    weak = Prover(rsa("weak", 1024), "PS256")
    weak.nonce = holder.prover.nonce
    old = Prover(rsa(), "RS256")
    old.nonce = holder.prover.nonce
    by_secret = sign(claims, secret, "HS256", typ="dpop+jwt", jwk={"kty": "oct", "k": "c3Nzc3Nzc3M"})
    for proof in (by_secret, private, weak.proof("POST", "/oidc/token"), old.proof("POST", "/oidc/token")):
        answer = holder.redeem(holder.code(), proof=proof)
        assert answer.body["error"] == "invalid_dpop_proof", proof


@pytest.mark.parametrize(
    "changes",
    [
        {"htu": f"{settings.ISSUER}/oidc/token?a=1#b"},
        {"htu": settings.ISSUER.upper() + "/oidc/token"},
        {"header": {"odd": True}, "odd": 1},
        {"nbf": In(0), "exp": In(300)},
        {"iat": In(-10)},
        {"iat": In(8)},
        {"iat": 1.5},
    ],
)
def test_rfc9449_4_3_accepted(holder: FapiApplication, changes: dict[str, Any]) -> None:
    proof = holder.prover.proof("POST", "/oidc/token", **changes)
    answer = holder.redeem(holder.code(), proof=proof)
    assert (answer.status, answer.body.get("error_description")) == (200, None)


@pytest.mark.parametrize(("key", "alg"), [(rsa(), "PS256"), (okp(), "EdDSA"), (okp(), "Ed25519"), (ec(), "ES256")])
def test_every_algorithm_that_metadata_names_works(holder: FapiApplication, key: Any, alg: str) -> None:
    told = holder.server.get("/.well-known/openid-configuration").json()["dpop_signing_alg_values_supported"]
    assert alg in told
    nonce, holder.prover = holder.prover.nonce, Prover(key, alg)
    holder.prover.nonce = nonce
    assert holder.redeem(holder.code()).status == 200


def test_rfc9449_11_1_a_proof_works_once(holder: FapiApplication) -> None:
    token = holder.redeem(holder.code()).body["access_token"]
    proof = holder.prover.proof("GET", "/oidc/userinfo", token)
    assert holder.userinfo(token, proof=proof).status_code == 200
    again = holder.userinfo(token, proof=proof)
    assert again.status_code == 401
    assert "jti was already used" in again.headers["WWW-Authenticate"]
    at_token = holder.prover.proof("POST", "/oidc/token")
    assert holder.redeem(holder.code(), proof=at_token).status == 200
    assert holder.redeem(holder.code(), proof=at_token).body["error"] == "invalid_dpop_proof"


def test_used_proofs_are_forgotten_once_their_nonce_is(holder: FapiApplication) -> None:
    holder.redeem(holder.code())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15)):
        tasks.purge()
    assert not UsedAssertion.objects.exists()


# --- Sections 8 and 9: nonces -----------------------------------------------------------------------------------------
def test_rfc9449_8_the_token_endpoint_gives_a_nonce_and_uses_nothing_up(fapi: FapiApplication) -> None:
    code = fapi.code()
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": fapi.query()["redirect_uri"]}
    credentials = fapi.credentials()
    first = fapi.post("/oidc/token", fields | credentials, proof=fapi.prover.proof("POST", "/oidc/token"))
    assert (first.status, first.body["error"]) == (400, "use_dpop_nonce")
    assert first.headers["DPoP-Nonce"]
    assert first.headers["Cache-Control"] == "no-store"
    # The proof of who the application is was not used up either: a library may send it again.
    second = fapi.post("/oidc/token", fields | credentials | {"code_verifier": "v" * 64})
    assert second.status == 200
    assert second.headers["DPoP-Nonce"]


def test_rfc9449_9_a_resource_gives_a_nonce(fapi: FapiApplication) -> None:
    token = fapi.redeem(fapi.code()).body["access_token"]
    fapi.prover.nonce = None
    answer = fapi.userinfo(token, proof=fapi.prover.proof("GET", "/oidc/userinfo", token))
    assert answer.status_code == 401
    assert 'error="use_dpop_nonce"' in answer.headers["WWW-Authenticate"]
    assert answer.headers["DPoP-Nonce"]


@pytest.mark.parametrize("nonce", ["", "forged", 7, ["forged"], {"a": 1}, "x" * 500])
def test_rfc9449_8_a_forged_nonce_is_refused(holder: FapiApplication, nonce: Any) -> None:
    answer = holder.redeem(holder.code(), proof=holder.prover.proof("POST", "/oidc/token", nonce=nonce))
    assert answer.body["error"] == "use_dpop_nonce"


def test_nonces_change_and_those_beside_are_accepted(holder: FapiApplication) -> None:
    given, now = holder.prover.nonce, datetime.now(UTC)
    with time_machine.travel(now + timedelta(seconds=dpop.WINDOW), tick=False):
        assert dict(dpop.next_nonce())["DPoP-Nonce"] != given
        assert holder.redeem(holder.code(), proof=holder.prover.proof("POST", "/oidc/token")).status == 200
    with time_machine.travel(now + timedelta(seconds=2 * dpop.WINDOW), tick=False):
        late = holder.redeem(holder.code(), proof=holder.prover.proof("POST", "/oidc/token", nonce=given))
        assert late.body["error"] == "use_dpop_nonce"


def test_a_clock_put_back_by_a_minute_refuses_no_nonce(holder: FapiApplication) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(seconds=60), tick=False):
        assert holder.redeem(holder.code(), proof=holder.prover.proof("POST", "/oidc/token")).status == 200


# --- Section 10: codes ------------------------------------------------------------------------------------------------
def test_rfc9449_10_a_code_is_bound_by_dpop_jkt(public: FapiApplication) -> None:
    other = Prover()
    refused = public.redeem(code_of(public, dpop_jkt=other.jkt))
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert public.redeem(code_of(public, dpop_jkt=public.prover.jkt)).status == 200
    without = public.redeem(code_of(public, dpop_jkt=public.prover.jkt), proof=None)
    assert without.body["error"] == "invalid_grant"


def test_rfc9449_10_1_a_proof_at_the_push_binds_the_code(fapi: FapiApplication) -> None:
    assert fapi.redeem(fapi.code(proof="")).status == 200
    code = fapi.code(proof="")
    nonce, fapi.prover = fapi.prover.nonce, Prover()
    fapi.prover.nonce = nonce
    refused = fapi.redeem(code)
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")


def test_rfc9449_10_1_a_proof_and_another_dpop_jkt_are_refused(fapi: FapiApplication) -> None:
    refused = fapi.push(proof="", dpop_jkt=Prover().jkt)
    assert (refused.status, refused.body["error"]) == (400, "invalid_request")


# --- What it costs those who do without -------------------------------------------------------------------------------
def test_without_proofs_nothing_is_asked_of_the_database_beyond(app: Application) -> None:
    app.tokens()
    code = app.code()
    with CaptureQueriesContext(connection) as token:
        tokens = app.redeem(code).body
    with CaptureQueriesContext(connection) as userinfo:
        Application(app.client, Browser()).userinfo(tokens["access_token"])
    told = [query["sql"] for query in [*token, *userinfo]]
    assert not [statement for statement in told if "usedassertion" in statement]


def test_an_application_may_be_registered_to_prove_it_always(app: Application) -> None:
    actions.update_client(client=app.client, by=None, requires_dpop=True)
    refused = app.redeem(app.code())
    assert (refused.status, refused.body["error"]) == (400, "invalid_dpop_proof")
