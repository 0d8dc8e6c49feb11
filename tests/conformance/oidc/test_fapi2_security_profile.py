"""The OpenID Foundation's FAPI 2.0 Security Profile (final) plan: a test for each module, under its name.

Each test's name is the module's, `fapi2-security-profile-final-…`. The variants are those of the plan that Parvis runs:
private_key_jwt, DPoP, OpenID Connect, plain FAPI, simple requests. `test_fapi2_message_signing` runs the same tests
with signed requests and answers.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser

from parvis.directory.models import User
from parvis.oidc.models import Client
from tests.factories.fapi import FapiApplication, In, Prover, ec, public, rsa, sign
from tests.factories.oidc import REDIRECT_URI, Answer, read_jwt

SECOND_URI = f"{REDIRECT_URI}?dummy1=lorem&dummy2=ipsum"
FAPI_ALGORITHMS = {"PS256", "ES256", "EdDSA", "Ed25519"}


@pytest.fixture
def other(fapi: FapiApplication) -> FapiApplication:
    """The second application of the plan: other keys, an address with a query."""
    made = FapiApplication.made(profile=fapi.client.profile, redirect_uris=[SECOND_URI])
    made.browser, made.signs_requests = fapi.browser, fapi.signs_requests
    made.reads_signed_answers = fapi.reads_signed_answers
    return made


def refused(answer: Answer, *codes: str) -> None:
    """Assert an error of the token endpoint or its neighbours (RFC 6749, section 5.2)."""
    assert answer.status in ({400, 401} if "invalid_client" in codes else {400}), answer.body
    assert answer.body["error"] in codes
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body["error_description"].isascii()
    assert not set('"\\\r\n\t') & set(answer.body["error_description"])


def page_or(response: Any, app: FapiApplication, *codes: str) -> None:
    """Assert a page, or an error that goes back to the application; never a code."""
    if response.status_code == 400:
        assert "Location" not in response.headers
        return
    answer = app.read(response)
    assert answer["error"] in codes
    assert "code" not in answer


def signed_in(app: FapiApplication, *, proof: str | None = None, **changes: str | None) -> dict[str, Any]:
    """Do the whole flow and assert what every module asserts; return the tokens."""
    answer = app.answer(proof=proof, **changes)
    sent = app.query(**changes)
    assert answer.get("state") == sent.get("state")
    assert set(answer) <= {"code", "state", "iss"}
    redeemed = app.redeem(answer["code"])
    assert (redeemed.status, redeemed.body.get("error_description")) == (200, None)
    assert redeemed.body["token_type"] == "DPoP"
    assert redeemed.body["expires_in"] > 0
    assert min(len(redeemed.body["access_token"]), len(redeemed.body["refresh_token"])) > 40
    header, claims = read_jwt(redeemed.body["id_token"], "ES256")
    assert header["alg"] in FAPI_ALGORITHMS
    assert header["kid"]
    assert claims.get("nonce") == sent.get("nonce")
    assert claims["aud"] == app.client.client_id
    return redeemed.body


# --- Discovery and the whole flow -------------------------------------------------------------------------------------
def test_fapi2_security_profile_final_discovery_end_point_verification(fapi: FapiApplication) -> None:
    told = fapi.server.get("/.well-known/openid-configuration").json()
    assert "code" in told["response_types_supported"]
    assert told["authorization_response_iss_parameter_supported"] is True
    assert "jwt" in told["response_modes_supported"]
    assert told["pushed_authorization_request_endpoint"].startswith(settings.ISSUER)
    assert told["require_pushed_authorization_requests"] is False
    for name in (
        "dpop_signing_alg_values_supported",
        "id_token_signing_alg_values_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "userinfo_signing_alg_values_supported",
        "request_object_signing_alg_values_supported",
        "authorization_signing_alg_values_supported",
    ):
        assert FAPI_ALGORITHMS & set(told[name]), name
    assert "none" not in told["request_object_signing_alg_values_supported"]
    assert "RS256" not in told["dpop_signing_alg_values_supported"]
    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert "authorization_code" in told["grant_types_supported"]
    assert "openid" in told["scopes_supported"]
    assert told["subject_types_supported"]


def test_fapi2_security_profile_final_happy_flow(fapi: FapiApplication, other: FapiApplication) -> None:
    first = signed_in(fapi)["access_token"]
    for accept in ("application/json;charset=UTF-8", "*/*", "application/json"):
        told = fapi.userinfo(first, accept=accept, **{"x-fapi-interaction-id": "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"})
        assert told.status_code == 200
    in_query = fapi.server.get("/oidc/userinfo", {"access_token": first})
    assert in_query.status_code == 401

    second = signed_in(other, dpop_jkt=other.prover.jkt, state="s" * 128, nonce="n" * 43)["access_token"]
    assert other.userinfo(second).status_code == 200
    mixed = fapi.prover.proof("GET", "/oidc/userinfo", second)
    assert other.userinfo(second, proof=mixed).status_code == 401


def test_fapi2_security_profile_final_user_rejects_authentication(
    fapi: FapiApplication, other: FapiApplication
) -> None:
    """The person cancels, at the sign-in or when asked to share."""
    Client.objects.update(is_trusted=False)
    signed_in_browser, fapi.browser = fapi.browser, Browser()
    page = fapi.browser.get(fapi.visit(fapi.push().body["request_uri"]).headers["Location"])
    assert fapi.read(fapi.browser.get(page.context["demand"].cancel))["error"] == "access_denied"
    fapi.browser = signed_in_browser
    for app, state in ((fapi, "state-0123456789"), (other, "s" * 128)):
        page = app.visit(app.push(state=state).body["request_uri"])
        form = {"request": page.context["request_query"], "answer": "refuse"}
        leaving = app.browser.post("/oidc/consent", form)
        leaving.headers["Location"], leaving.status_code = leaving.context["url"], 303
        answer = app.read(leaving)
        assert answer["error"] == "access_denied"
        assert answer["state"] == state


def test_fapi2_security_profile_final_ensure_authorization_request_without_state_success(
    fapi: FapiApplication,
) -> None:
    assert "state" not in fapi.answer(state=None)


def test_fapi2_security_profile_final_ensure_authorization_request_without_nonce_success(
    fapi: FapiApplication,
) -> None:
    assert "nonce" not in read_jwt(signed_in(fapi, nonce=None)["id_token"], "ES256")[1]


def test_fapi2_security_profile_final_ensure_authorization_request_with_64_char_nonce_success(
    fapi: FapiApplication,
) -> None:
    signed_in(fapi, nonce="n" * 64)


def test_fapi2_security_profile_final_ensure_other_scope_order_succeeds(fapi: FapiApplication) -> None:
    assert signed_in(fapi, scope="email openid")["scope"].split()


def test_fapi2_security_profile_final_test_claims_parameter_identity_claims(fapi: FapiApplication) -> None:
    supported = fapi.server.get("/.well-known/openid-configuration").json()["claims_supported"]
    asked = dict.fromkeys(supported) | {"name": {"essential": True}, "random": {"value": "x"}}
    asked = {name: spec for name, spec in asked.items() if name not in {"acr", "sub"}}
    claims = json.dumps({"userinfo": asked, "id_token": {"name": {"essential": True}}, "other": {}})
    tokens = signed_in(fapi, claims=claims)
    told = fapi.userinfo(tokens["access_token"])
    assert told.status_code == 200
    id_token = read_jwt(tokens["id_token"], "ES256")[1]
    assert told.json()["sub"] == id_token["sub"]
    assert told.json()["name"] == id_token["name"]


def test_fapi2_security_profile_final_access_token_type_header_case_sensitivity(fapi: FapiApplication) -> None:
    assert fapi.userinfo(signed_in(fapi)["access_token"], scheme="dPoP").status_code == 200


# --- Proofs -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def nonced(fapi: FapiApplication) -> FapiApplication:
    """The application, once it has been given a nonce."""
    fapi.push(proof="")
    return fapi


def everywhere(app: FapiApplication, **claims: Any) -> None:
    """Use proofs with these claims at each endpoint that reads them."""
    answer = app.answer(proof=app.prover.proof("POST", "/oidc/par", **claims))
    tokens = app.redeem(answer["code"], proof=app.prover.proof("POST", "/oidc/token", **claims))
    assert tokens.status == 200
    token = tokens.body["access_token"]
    proof = app.prover.proof("GET", "/oidc/userinfo", token, **claims)
    assert app.userinfo(token, proof=proof).status_code == 200


def test_fapi2_security_profile_final_check_dpop_proof_nbf_exp(nonced: FapiApplication) -> None:
    everywhere(nonced, nbf=In(0), exp=In(300))


def test_fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_before_succeeds(
    nonced: FapiApplication,
) -> None:
    everywhere(nonced, iat=In(-10))


def test_fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_after_succeeds(
    nonced: FapiApplication,
) -> None:
    everywhere(nonced, iat=In(8))


def test_fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails(fapi: FapiApplication) -> None:
    refused(fapi.push(proof="", dpop_jkt=Prover().jkt), "invalid_request", "invalid_dpop_proof")


def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt(
    fapi: FapiApplication,
) -> None:
    code = fapi.code(proof="")
    fapi.prover = Prover()
    refused(fapi.redeem(code), "invalid_request", "invalid_grant", "invalid_dpop_proof")


def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_jkt(
    fapi: FapiApplication,
) -> None:
    code = fapi.code(dpop_jkt=Prover().jkt)
    refused(fapi.redeem(code), "invalid_request", "invalid_grant", "invalid_dpop_proof")


def test_fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success(fapi: FapiApplication) -> None:
    signed_in(fapi, proof="")


def test_fapi2_security_profile_final_ensure_dpop_auth_code_binding_success(fapi: FapiApplication) -> None:
    signed_in(fapi, proof="", dpop_jkt=fapi.prover.jkt)


def test_fapi2_security_profile_final_ensure_holder_of_key_required(fapi: FapiApplication) -> None:
    refused(fapi.redeem(fapi.code(), proof=None), "invalid_request", "invalid_grant", "invalid_dpop_proof")


def test_fapi2_security_profile_final_dpop_negative_tests(nonced: FapiApplication) -> None:
    token = signed_in(nonced)["access_token"]

    def ask(*, header: Any = None, prover: Prover | None = None, **claims: Any) -> int:
        made = prover or nonced.prover
        made.nonce = nonced.prover.nonce
        proof = made.proof("GET", "/oidc/userinfo", token, header=header, **claims)
        status: int = nonced.userinfo(token, proof=proof).status_code
        return status

    for missing in ("jti", "htm", "htu", "iat", "ath"):
        assert ask(**{missing: None}) == 401, missing
    for member in ("typ", "jwk"):
        assert ask(header={member: None}) == 401, member
    assert ask(header={"typ": "dpop+jwt+wrong"}) == 401
    assert ask(prover=Prover(rsa(), "RS256")) == 401
    assert ask(header={"jwk": nonced.prover.key.as_dict(private=True)}) == 401
    assert ask(htm="PUT") == 401
    assert ask(htu="https://other.example/userinfo") == 401
    assert ask(ath="wrong") == 401
    assert ask(prover=Prover()) == 401
    good = nonced.prover.proof("GET", "/oidc/userinfo", token)
    head, body, signature = good.split(".")
    for broken in (f"{good}, {good}", f"{head}.{body}", f"{head}.{body}.", f"{head}.{body}.{signature[::-1]}"):
        assert nonced.userinfo(token, proof=broken).status_code == 401
    for scheme in ("DPoP", "Bearer"):
        assert nonced.userinfo(token, proof=None, scheme=scheme).status_code == 401
    # The nonce, not the clock, says how old a proof is: with it, an hour's difference is accepted.
    assert ask(iat=In(-3600)) == ask(iat=In(3600)) == 200
    address = f"{settings.ISSUER}/oidc/userinfo"
    for htu in (f"{address}?a=1#b", address, settings.ISSUER.upper() + "/oidc/userinfo"):
        assert ask(htu=htu) == 200
    assert ask(tx_id_key=1, header={"tx_id": 1}) == 200
    assert ask(jti="only-once") == 200
    assert ask(jti="only-once") == 401
    assert ask() == 200


# --- The authorization request ----------------------------------------------------------------------------------------
def test_fapi2_security_profile_final_ensure_different_nonce_inside_and_outside_request_object(
    fapi: FapiApplication,
) -> None:
    answer = fapi.read(fapi.visit(fapi.push(nonce="pushed").body["request_uri"], nonce="beside"))
    assert read_jwt(fapi.redeem(answer["code"]).body["id_token"], "ES256")[1]["nonce"] == "pushed"


def test_fapi2_security_profile_final_ensure_different_state_inside_and_outside_request_object(
    fapi: FapiApplication,
) -> None:
    assert fapi.read(fapi.visit(fapi.push(state="pushed").body["request_uri"], state="beside"))["state"] == "pushed"


def test_fapi2_security_profile_final_ensure_authorization_request_with_long_nonce(fapi: FapiApplication) -> None:
    signed_in(fapi, nonce="n" * 384)


def test_fapi2_security_profile_final_ensure_authorization_request_with_long_state(fapi: FapiApplication) -> None:
    assert fapi.answer(state="s" * 1000)["state"] == "s" * 1000


def test_fapi2_security_profile_final_state_only_outside_request_object_not_used(fapi: FapiApplication) -> None:
    answer = fapi.read(fapi.visit(fapi.push(state=None).body["request_uri"], state="beside"))
    assert "state" not in answer


@pytest.mark.parametrize(
    "name", ["ensure-request-object-without-redirect-uri-fails", "ensure-redirect-uri-in-authorization-request"]
)
def test_fapi2_security_profile_final_ensure_redirect_uri_in_authorization_request(
    fapi: FapiApplication, name: str
) -> None:
    """Both modules leave it out, of the object or of the form, whichever is pushed."""
    refused(fapi.push(redirect_uri=None), "invalid_request", "invalid_request_object")


def test_fapi2_security_profile_final_plain_fapi_tolerate_unregistered_redirect_uri(fapi: FapiApplication) -> None:
    """RFC 9126, section 2.4, would allow it; here, registered addresses stay the only ones."""
    refused(fapi.push(redirect_uri="https://unregistered.example/"), "invalid_request", "invalid_request_object")


def test_fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails(
    fapi: FapiApplication,
) -> None:
    page_or(fapi.authorize(), fapi, "invalid_request")


@pytest.mark.parametrize("response_type", ["code id_token", "token"])
def test_fapi2_security_profile_final_ensure_response_type_code_idtoken_fails(
    fapi: FapiApplication, response_type: str
) -> None:
    """`ensure-response-type-token-fails` too."""
    refused(fapi.push(response_type=response_type), "unsupported_response_type", "invalid_request")


# --- Codes and client authentication ----------------------------------------------------------------------------------
def test_fapi2_security_profile_final_ensure_client_id_in_token_endpoint(
    fapi: FapiApplication, other: FapiApplication
) -> None:
    code = fapi.code()
    fapi_key, other.key = other.key, fapi.key
    answer = fapi.redeem(code, client_id=other.client.client_id, client_assertion=other.assertion())
    other.key = fapi_key
    refused(answer, "invalid_client", "invalid_grant")


def test_fapi2_security_profile_final_ensure_authorization_code_is_bound_to_client(
    fapi: FapiApplication, other: FapiApplication
) -> None:
    refused(other.redeem(fapi.code(), redirect_uri=fapi.redirect_uri), "invalid_grant")


def test_fapi2_security_profile_final_attempt_reuse_authorization_code_after_one_second(fapi: FapiApplication) -> None:
    code = fapi.code()
    tokens = fapi.redeem(code).body
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1)):
        refused(fapi.redeem(code), "invalid_grant")
        assert fapi.userinfo(tokens["access_token"]).status_code == 401


def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_expired_auth_code(
    fapi: FapiApplication,
) -> None:
    code = fapi.code()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=62)):
        refused(fapi.redeem(code), "invalid_grant")


def test_fapi2_security_profile_final_ensure_signed_client_assertion_with_rs256_fails(
    signing_keys: None, person: User
) -> None:
    app = FapiApplication.made(rsa(), "PS256")
    app.sign_in_as(person)
    code = app.code()
    app.alg = "RS256"
    refused(app.redeem(code), "invalid_client")
    app.alg = "PS256"
    assert app.redeem(code).status == 200


def test_fapi2_security_profile_final_ensure_client_assertion_in_token_endpoint(fapi: FapiApplication) -> None:
    named = {"client_id": fapi.client.client_id, "client_assertion": None, "client_assertion_type": None}
    refused(fapi.redeem(fapi.code(), **named), "invalid_client", "invalid_request")


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": In(-300)}, id="ensure-client-assertion-with-exp-is-5-minutes-in-past-fails"),
        pytest.param({"aud": "https://other.example"}, id="ensure-client-assertion-with-wrong-aud-fails"),
        pytest.param({"sub": None}, id="ensure-client-assertion-with-no-sub-fails"),
    ],
)
def test_fapi2_security_profile_final_ensure_client_assertion_with_wrong_claims_fails(
    fapi: FapiApplication, claims: dict[str, Any]
) -> None:
    refused(fapi.redeem(fapi.code(), **fapi.credentials(**claims)), "invalid_client", "invalid_request")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_verifier": None}, id="ensure-pkce-code-verifier-required"),
        pytest.param({"code_verifier": "w" * 64}, id="incorrect-pkce-code-verifier-rejected"),
    ],
)
def test_fapi2_security_profile_final_ensure_pkce_code_verifier_required(
    fapi: FapiApplication, changes: dict[str, Any]
) -> None:
    refused(fapi.redeem(fapi.code(), **changes), "invalid_grant")


def test_fapi2_security_profile_final_refresh_token(fapi: FapiApplication, other: FapiApplication) -> None:
    first = signed_in(fapi, scope="openid email offline_access")
    fapi.prover = Prover()
    renewed = fapi.refresh(first["refresh_token"])
    assert (renewed.status, renewed.body["token_type"]) == (200, "DPoP")
    assert renewed.headers["Cache-Control"] == "no-store"
    assert fapi.userinfo(renewed.body["access_token"]).status_code == 200
    claims = [read_jwt(tokens["id_token"], "ES256")[1] for tokens in (first, renewed.body)]
    for name in ("iss", "sub", "aud", "auth_time"):
        assert claims[0][name] == claims[1][name]
    # Not rotated (FAPI 2.0, section 5.3.2.1, point 9): the answer may get lost, and the same token works again.
    assert renewed.body["refresh_token"] == first["refresh_token"]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=30)):
        assert fapi.refresh(first["refresh_token"]).status == 200

    unproven = {"client_id": fapi.client.client_id, "client_assertion": None, "client_assertion_type": None}
    refused(fapi.refresh(first["refresh_token"], **unproven), "invalid_client", "invalid_grant", "invalid_request")
    without = fapi.refresh(first["refresh_token"], proof=None)
    refused(without, "invalid_request", "invalid_grant", "invalid_dpop_proof")

    second = signed_in(other)
    proof = fapi.prover.proof("GET", "/oidc/userinfo", second["access_token"])
    assert other.userinfo(second["access_token"], proof=proof).status_code == 401
    refused(fapi.refresh(second["refresh_token"]), "invalid_grant")


def test_no_endpoint_as_audience_even_where_it_was_allowed_before(fapi: FapiApplication) -> None:
    """An application that takes the profile loses the tolerance of dynamic registration (section 5.3.2.1, point 8)."""
    Client.objects.filter(pk=fapi.client.pk).update(accepts_endpoint_audience=True)
    refused(fapi.redeem(fapi.code(), **fapi.credentials(aud=f"{settings.ISSUER}/oidc/token")), "invalid_client")


def test_fapi2_security_profile_final_client_credentials(signing_keys: None) -> None:
    """The modules of the client-credentials variant that need no person: the token is bound, and ours to introspect."""
    key = ec("machine")
    machine = FapiApplication.made(key, grant_types=["client_credentials"], redirect_uris=[], jwks=public(key))
    answer = machine.post("/oidc/token", {"grant_type": "client_credentials"})
    assert (answer.status, answer.body["token_type"]) == (200, "DPoP")
    assert "refresh_token" not in answer.body
    refused(machine.post("/oidc/token", {"grant_type": "client_credentials"}, proof=None), "invalid_dpop_proof")
    forged = sign({"iss": machine.client.client_id}, ec("other"), "ES256")
    refused(machine.post("/oidc/token", {"client_assertion": forged}), "invalid_client")
