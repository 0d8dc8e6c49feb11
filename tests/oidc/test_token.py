"""`/oidc/token`: who may call it, what a code and a refresh token are worth, and what is said when they are not."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
import time_machine

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client, ClientSecret, Grant, Token
from tests.factories.oidc import (
    REDIRECT_URI,
    VERIFIER,
    Answer,
    Application,
    challenge,
    make_client,
    read_jwt,
    secret_of,
)

FORM = "application/x-www-form-urlencoded"


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Return the header, each part form-encoded first (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def post(app: Application, fields: Mapping[str, str], headers: dict[str, str] | None = None) -> Answer:
    """Post exactly these fields."""
    answer = app.server.post("/oidc/token", urlencode(fields), FORM, headers=headers)
    return Answer(answer.status_code, json.loads(answer.content), answer.headers)


def redemption(app: Application, **changes: str) -> dict[str, str]:
    """Return the fields that redeem a new code, without client authentication."""
    return {"grant_type": "authorization_code", "code": app.code(), "redirect_uri": REDIRECT_URI} | changes


# --- Client authentication --------------------------------------------------------------------------------------------
def test_secret_in_the_header(app: Application) -> None:
    answer = post(app, redemption(app), basic(app.client.client_id, secret_of(app.client)))
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_secret_in_the_body(app: Application) -> None:
    fields = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)}
    assert post(app, redemption(app) | fields).status == 200


def test_a_failed_header_is_answered_by_a_challenge(app: Application) -> None:
    answer = post(app, redemption(app), basic(app.client.client_id, "wrong"))
    assert answer.status == 401
    assert answer.body["error"] == "invalid_client"
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Basic eA=="]
)
def test_a_header_that_cannot_be_read_is_invalid_client(app: Application, header: str) -> None:
    answer = post(app, redemption(app), {"authorization": header})
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


def test_an_unknown_client_and_a_wrong_secret_get_the_same_words(app: Application) -> None:
    wrong = post(app, redemption(app) | {"client_id": app.client.client_id, "client_secret": "wrong"})
    unknown = post(app, redemption(app) | {"client_id": "nobody", "client_secret": "wrong"})
    assert wrong.status == unknown.status == 401
    assert wrong.body == unknown.body


def test_two_methods_at_once_are_refused(app: Application) -> None:
    fields = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)}
    answer = post(app, redemption(app) | fields, basic(app.client.client_id, secret_of(app.client)))
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_a_confidential_application_cannot_come_without_its_secret(app: Application) -> None:
    answer = post(app, redemption(app) | {"client_id": app.client.client_id})
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("method", "in_header", "status"),
    [
        ("client_secret_basic", True, 200),
        ("client_secret_basic", False, 401),
        ("client_secret_post", True, 401),
        ("client_secret_post", False, 200),
    ],
)
def test_a_registered_method_is_the_only_one(app: Application, method: str, in_header: bool, status: int) -> None:
    Client.objects.filter(pk=app.client.pk).update(token_endpoint_auth_method=method)
    fields = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)}
    if in_header:
        answer = post(app, redemption(app), basic(app.client.client_id, secret_of(app.client)))
    else:
        answer = post(app, redemption(app) | fields)
    assert answer.status == status


def test_secrets_are_kept_as_digests_only(app: Application) -> None:
    client, secret = actions.create_client(by=None, name_fr="A", name_en="A", redirect_uris=[REDIRECT_URI])
    assert secret not in str(ClientSecret.objects.filter(client=client).values())
    data = str(Event.objects.values_list("data", flat=True))
    assert secret not in data


def test_a_suspended_application_gets_nothing(app: Application) -> None:
    fields = redemption(app)
    actions.update_client(client=app.client, by=None, state="suspended")
    answer = app.post_token(fields)
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


# --- The request ------------------------------------------------------------------------------------------------------
def test_only_post(app: Application) -> None:
    answer = app.server.get("/oidc/token")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


def test_only_a_form(app: Application) -> None:
    answer = app.server.post("/oidc/token", json.dumps(redemption(app)), "application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(("grant_type", "code"), [(None, "invalid_request"), ("password", "unsupported_grant_type")])
def test_grant_type_is_known(app: Application, grant_type: str | None, code: str) -> None:
    assert app.post_token({"grant_type": grant_type}).body["error"] == code


def test_repeated_fields_are_refused(app: Application) -> None:
    answer = app.server.post("/oidc/token", "grant_type=authorization_code&code=a&code=b", FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


# --- Codes ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": None}, 400, "invalid_request"),
        ({"code": "pc_" + "x" * 43}, 400, "invalid_grant"),
        ({"code": "nonsense"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"redirect_uri": "https://app.example.org/other"}, 400, "invalid_grant"),
        ({"code_verifier": VERIFIER}, 400, "invalid_grant"),
        ({"code_verifier": "short"}, 400, "invalid_grant"),
    ],
)
def test_a_code_is_bound_to_its_request(
    app: Application, changes: dict[str, str | None], status: int, code: str
) -> None:
    answer = app.redeem(app.code(), **changes)
    assert (answer.status, answer.body["error"]) == (status, code)
    assert not Token.objects.exists()


def test_a_code_is_bound_to_its_application(app: Application) -> None:
    code = app.code()
    app.client = make_client()
    assert app.redeem(code).body["error"] == "invalid_grant"
    assert Grant.objects.get().revoked_at is None


def test_a_code_lives_for_two_minutes(app: Application) -> None:
    code = app.code()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=121)):
        answer = app.redeem(code)
    assert answer.body["error"] == "invalid_grant"
    assert "expired" in answer.body["error_description"]


def test_pkce(app: Application) -> None:
    asked = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    assert app.redeem(app.code(**asked), code_verifier=VERIFIER).status == 200
    for verifier in (None, "w" * 64):
        assert app.redeem(app.code(**asked), code_verifier=verifier).body["error"] == "invalid_grant"


def test_a_public_application_comes_with_its_verifier(app: Application) -> None:
    app.client = make_client(type="public")
    assert app.redeem(app.code()).status == 200
    assert app.redeem(app.code(), code_verifier=None).body["error"] == "invalid_grant"


# --- Refresh tokens ---------------------------------------------------------------------------------------------------
def test_a_refresh_token_used_again_at_once_is_refused_and_no_more(app: Application) -> None:
    first = app.tokens()
    second = app.refresh(first["refresh_token"]).body
    again = app.refresh(first["refresh_token"])
    assert (again.status, again.body["error"]) == (400, "invalid_grant")
    assert app.refresh(second["refresh_token"]).status == 200


def test_a_refresh_token_used_again_later_ends_its_family(app: Application) -> None:
    first = app.tokens()
    second = app.refresh(first["refresh_token"]).body
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        assert app.refresh(first["refresh_token"]).body["error"] == "invalid_grant"
        assert app.refresh(second["refresh_token"]).body["error"] == "invalid_grant"
        assert app.userinfo(second["access_token"]).status_code == 401
    assert Event.objects.filter(tag=Tag.TOKEN_REUSED).count() == 1


def test_a_refresh_token_is_bound_to_its_application(app: Application) -> None:
    tokens = app.tokens()
    app.client = make_client()
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"


def test_refreshing_never_outlives_the_grant(app: Application) -> None:
    tokens = app.tokens()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=11)):
        tokens = app.refresh(tokens["refresh_token"]).body
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=12, minutes=1)):
        assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
        assert app.userinfo(tokens["access_token"]).status_code == 401


def test_scope_narrows_for_one_access_token(app: Application) -> None:
    tokens = app.tokens(scope="openid email phone")
    narrow = app.refresh(tokens["refresh_token"], scope="openid phone").body
    assert narrow["scope"] == "openid phone"
    assert "email" not in app.userinfo(narrow["access_token"]).json()
    whole = app.refresh(narrow["refresh_token"]).body
    assert "email" in app.userinfo(whole["access_token"]).json()


def test_scope_never_widens(app: Application) -> None:
    tokens = app.tokens(scope="openid email")
    assert app.refresh(tokens["refresh_token"], scope="openid phone").body["error"] == "invalid_scope"
    assert app.refresh(tokens["refresh_token"]).status == 200


# --- What the ID token and userinfo say -------------------------------------------------------------------------------
def test_claims_asked_by_name_of_the_id_token(app: Application) -> None:
    tokens = app.tokens(claims='{"id_token": {"email": null, "sub": null}, "userinfo": {"phone_number": null}}')
    assert read_jwt(tokens["id_token"])[1]["email"] == "lea.martin@example.org"
    assert app.userinfo(tokens["access_token"]).json()["phone_number"] == "+33123456789"


def bearer(app: Application, **asked: Any) -> Any:
    return app.server.generic(asked.pop("method", "GET"), "/oidc/userinfo", **asked)


def test_the_access_token_in_the_body(app: Application) -> None:
    token = app.tokens()["access_token"]
    body = urlencode({"access_token": token})
    assert bearer(app, method="POST", data=body, content_type=FORM).status_code == 200
    twice = bearer(app, method="POST", data=body, content_type=FORM, headers={"authorization": f"Bearer {token}"})
    assert twice.status_code == 400


def test_rfc9449_7_2_no_token_is_answered_by_a_bare_challenge_of_each_scheme(app: Application) -> None:
    answer = bearer(app)
    assert answer.status_code == 401
    told = answer.headers["WWW-Authenticate"]
    assert told == 'Bearer realm="parvis", DPoP realm="parvis", algs="ES256 PS256 EdDSA Ed25519"'


def test_a_bad_token_is_told_so(app: Application) -> None:
    answer = app.userinfo("nonsense")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
