"""The whole path: an application signs a person in, reads who they are, and stays signed in."""

import pytest
from django.conf import settings

from parvis.accounts.models import Session
from parvis.directory.models import User
from parvis.oidc.models import Client
from tests.factories.oidc import Application, answer_of, read_jwt


def test_a_person_who_is_signed_in_goes_straight_back_with_a_code(app: Application) -> None:
    answer = answer_of(app.authorize())
    assert answer["state"] == "state-0123456789"
    assert answer["iss"] == settings.ISSUER
    assert answer["code"]


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_the_tokens_say_who_when_and_how(app: Application, person: User, alg: str) -> None:
    Client.objects.filter(pk=app.client.pk).update(id_token_alg=alg)
    tokens = app.tokens()
    header, claims = read_jwt(tokens["id_token"], alg)
    session = Session.objects.get(user=person)
    assert header["kid"]
    assert session.auth_time is not None
    assert claims["sub"] == str(person.pk)
    assert claims["aud"] == app.client.client_id
    assert claims["nonce"] == "nonce-0123456789"
    assert claims["auth_time"] == int(session.auth_time.timestamp())
    assert claims["acr"] == "eidas0"
    assert claims["amr"] == ["mail"]
    assert claims["sid"] == tokens["sid"] == str(session.sid)
    assert set(tokens) == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "id_token",
        "scope",
        "sid",
    }


def test_userinfo_tells_what_the_scopes_give(app: Application, person: User) -> None:
    tokens = app.tokens(scope="openid email given_name usual_name uid siret phone")
    answer = app.userinfo(tokens["access_token"])
    assert answer.json() == {
        "sub": str(person.pk),
        "uid": str(person.pk),
        "email": "lea.martin@example.org",
        "email_verified": True,
        "given_name": "Léa",
        "usual_name": "Martin",
        "phone_number": "+33123456789",
        "phone_number_verified": False,
        "siret_source": "no_organization",
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_userinfo_is_signed_when_the_application_wants_it(app: Application, person: User) -> None:
    Client.objects.filter(pk=app.client.pk).update(userinfo_alg="ES256")
    answer = app.userinfo(app.tokens()["access_token"])
    assert answer.headers["Content-Type"] == "application/jwt"
    header, claims = read_jwt(answer.content.decode(), "ES256")
    assert header["kid"]
    assert claims["aud"] == app.client.client_id
    assert claims["email"] == "lea.martin@example.org"
    assert "nonce" not in claims


def test_a_refresh_token_renews_everything_and_keeps_the_moment_of_the_sign_in(app: Application) -> None:
    first = app.tokens()
    renewed = app.refresh(first["refresh_token"])
    assert renewed.status == 200
    assert renewed.body["refresh_token"] != first["refresh_token"]
    before, after = read_jwt(first["id_token"])[1], read_jwt(renewed.body["id_token"])[1]
    for claim in ("sub", "aud", "auth_time", "acr", "amr", "sid"):
        assert after[claim] == before[claim]
    assert app.userinfo(renewed.body["access_token"]).status_code == 200
