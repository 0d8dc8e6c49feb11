"""`/oidc/revoke`: an application gives back its own tokens (RFC 7009)."""

from typing import Any
from urllib.parse import urlencode

import pytest

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.oidc.models import Client, Grant
from tests.factories.oidc import Application, make_client, secret_of

FORM = "application/x-www-form-urlencoded"


def revoke(app: Application, token: str, **fields: str) -> Any:
    if not app.client.is_public:
        fields = {"client_secret": secret_of(app.client)} | fields
    body = urlencode({"client_id": app.client.client_id, "token": token, **fields})
    return app.server.post("/oidc/revoke", body, FORM)


def test_rfc7009_2_1_revoking_an_access_token_leaves_its_refresh_token(app: Application) -> None:
    tokens = app.tokens()
    answer = revoke(app, tokens["access_token"])
    assert (answer.status_code, answer.content) == (200, b"")
    assert app.userinfo(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).status == 200


def test_rfc7009_2_1_revoking_a_refresh_token_ends_the_grant(app: Application) -> None:
    tokens, other = app.tokens(), app.tokens()
    assert revoke(app, tokens["refresh_token"], token_type_hint="refresh_token").status_code == 200
    assert app.userinfo(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
    assert app.userinfo(other["access_token"]).status_code == 200
    assert Grant.objects.exclude(revoked_at=None).count() == 1
    assert Event.objects.filter(tag=Tag.GRANT_REVOKED).count() == 1


def test_a_used_refresh_token_ends_its_family_too(app: Application) -> None:
    first = app.tokens()
    second = app.refresh(first["refresh_token"]).body
    assert revoke(app, first["refresh_token"]).status_code == 200
    assert app.userinfo(second["access_token"]).status_code == 401


@pytest.mark.parametrize("hint", ["", "access_token", "refresh_token", "something_else"])
def test_rfc7009_2_1_the_hint_is_only_a_hint(app: Application, hint: str) -> None:
    token = app.tokens()["access_token"]
    assert revoke(app, token, token_type_hint=hint).status_code == 200
    assert app.userinfo(token).status_code == 401


@pytest.mark.parametrize("token", ["nonsense", "pa_" + "x" * 43, "pr_" + "x" * 43, "a.b.c", "é"])
def test_rfc7009_2_2_an_unknown_token_is_as_good_as_ended(app: Application, token: str) -> None:
    assert revoke(app, token).status_code == 200


def test_revoking_twice_changes_nothing(app: Application) -> None:
    tokens = app.tokens()
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert [revoke(app, token).status_code for _turn in range(2)] == [200, 200]
    assert Event.objects.filter(tag=Tag.GRANT_REVOKED).count() == 1


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_rfc7009_2_1_the_token_of_another_application_is_refused_and_stays(app: Application, name: str) -> None:
    tokens, owner = app.tokens(), app.client
    app.client = make_client()
    answer = revoke(app, tokens[name])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    app.client = owner
    assert app.userinfo(tokens["access_token"]).status_code == 200
    assert app.refresh(tokens["refresh_token"]).status == 200


def test_rfc7009_2_2_1_a_jwt_access_token_cannot_be_revoked(app: Application) -> None:
    Client.objects.update(grant_types=["client_credentials"])
    token = app.post_token({"grant_type": "client_credentials"}).body["access_token"]
    answer = revoke(app, token)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_token_type")


def test_rfc7009_2_1_the_application_proves_itself(app: Application) -> None:
    token = app.tokens()["access_token"]
    answer = revoke(app, token, client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert app.userinfo(token).status_code == 200


def test_rfc7009_5_a_public_application_names_itself(app: Application) -> None:
    app.client = make_client(type="public")
    token = app.tokens()["access_token"]
    assert revoke(app, token).status_code == 200
    assert app.userinfo(token).status_code == 401


def test_the_request_is_a_post_with_a_token(app: Application) -> None:
    assert app.server.get("/oidc/revoke").status_code == 405
    assert revoke(app, "").json()["error"] == "invalid_request"
