"""`/oidc/introspect`: what a resource server learns of a token (RFC 7662), in the clear or sealed (RFC 9701)."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from joserfc.jwe import decrypt_compact
from joserfc.jwk import RSAKey

from parvis.accounts.models import Session
from parvis.directory.models import OrganizationMembership, User
from parvis.oidc.models import Client, Grant
from tests.factories.directory import OrganizationFactory
from tests.factories.oidc import Application, make_client, read_jwt, secret_of

FORM = "application/x-www-form-urlencoded"
INACTIVE = {"active": False}
DEEP = base64.urlsafe_b64encode(b"[" * 9_000).decode() + ".e30.c2ln"
KEY = RSAKey.generate_key(2048, {"kid": "rs-1", "use": "enc"}, private=True)


def ask(caller: Client, token: str, accept: str = "application/json", **fields: str) -> Any:
    """Ask as django-lasuite does: everything in the body."""
    body = {"client_id": caller.client_id, "client_secret": secret_of(caller), "token": token, **fields}
    answer = Application(caller).server.post("/oidc/introspect", urlencode(body), FORM, headers={"accept": accept})
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


@pytest.fixture
def server(db: None) -> Client:
    """A resource server that serves groups."""
    return make_client(
        is_resource_server=True,
        scopes=["openid", "groups"],
        grant_types=["client_credentials"],
        redirect_uris=[],
        resources=["https://api.example.org/"],
    )


@pytest.fixture
def token(app: Application) -> str:
    """An access token of a person, that the resource server is meant to serve."""
    return str(app.tokens(scope="openid email groups")["access_token"])


# --- RFC 7662 ---------------------------------------------------------------------------------------------------------
def test_rfc7662_2_2_an_application_knows_its_own_token(app: Application, token: str, person: User) -> None:
    told = ask(app.client, token).json()
    assert told["active"] is True
    assert told["scope"] == "openid email groups"
    assert (told["sub"], told["client_id"]) == (str(person.pk), app.client.client_id)
    assert (told["iss"], told["token_type"]) == (settings.ISSUER, "Bearer")
    assert told["iat"] <= time.time() < told["exp"]
    assert told["acr"]
    proven_at = Session.objects.get().auth_time
    assert proven_at
    assert told["auth_time"] == int(proven_at.timestamp())


def test_rfc7662_4_a_resource_server_is_told_its_own_scopes_only(app: Application, token: str, server: Client) -> None:
    told = ask(server, token).json()
    assert (told["active"], told["scope"], told["client_id"]) == (True, "openid groups", app.client.client_id)


def test_a_token_without_the_servers_scopes_is_none_of_its_business(app: Application, server: Client) -> None:
    assert ask(server, app.tokens(scope="openid email")["access_token"]).json() == INACTIVE


def test_rfc7662_2_2_what_is_not_an_access_token_of_ours_is_inactive(app: Application) -> None:
    tokens = app.tokens()
    for other in (tokens["refresh_token"], tokens["id_token"], "nonsense", "pa_" + "x" * 43, "a.b.c", "é.è.ê", DEEP):
        assert ask(app.client, other).json() == INACTIVE


def test_an_expired_token_is_inactive(app: Application, token: str) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1, seconds=1)):
        assert ask(app.client, token).json() == INACTIVE


def test_a_revoked_grant_is_inactive(app: Application, token: str) -> None:
    Grant.objects.update(revoked_at=datetime.now(UTC))
    assert ask(app.client, token).json() == INACTIVE


def test_a_suspended_application_is_inactive(app: Application, token: str, server: Client) -> None:
    assert ask(server, token).json()["active"]
    app.client.state = Client.State.SUSPENDED
    app.client.save()
    from parvis.oidc import clients

    clients.forget()
    assert ask(server, token).json() == INACTIVE


def test_an_ended_membership_is_inactive(app: Application, person: User) -> None:
    today = datetime.now(UTC).date()
    membership = OrganizationMembership.objects.create(
        user=person, organization=OrganizationFactory(), starts_on=today - timedelta(days=3)
    )
    token = app.tokens()["access_token"]
    assert Grant.objects.get().organization_id == membership.organization_id
    assert ask(app.client, token).json()["active"]
    OrganizationMembership.objects.update(ends_on=today - timedelta(days=1))
    assert ask(app.client, token).json() == INACTIVE


def test_one_indexed_read(app: Application, token: str) -> None:
    ask(app.client, token)
    with CaptureQueriesContext(connection) as queries:
        ask(app.client, token)
    assert len(queries) == 1


def test_rfc7662_2_1_the_caller_proves_itself(app: Application, token: str) -> None:
    answer = ask(app.client, token, client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    public = make_client(type="public")
    answer = app.server.post("/oidc/introspect", urlencode({"client_id": public.client_id, "token": token}), FORM)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_rfc7662_2_1_the_request_is_a_post_with_a_token(app: Application) -> None:
    assert app.server.get("/oidc/introspect").status_code == 405
    assert ask(app.client, "").json()["error"] == "invalid_request"


# --- Tokens of applications that act for themselves -------------------------------------------------------------------
def own_token(**asked: str) -> tuple[Application, str]:
    machine = Application(make_client(grant_types=["client_credentials"], redirect_uris=[], scopes=["groups", "email"]))
    return machine, machine.post_token({"grant_type": "client_credentials", **asked}).body["access_token"]


def test_rfc9068_a_jwt_for_our_own_interfaces(signing_keys: None, server: Client) -> None:
    machine, token = own_token()
    told = ask(machine.client, token).json()
    assert (told["sub"], told["aud"], told["scope"]) == (machine.client.client_id, settings.ISSUER, "email groups")
    assert ask(server, token).json()["scope"] == "groups"
    assert ask(make_client(), token).json() == INACTIVE


def test_rfc8707_a_jwt_for_one_resource_server_is_inactive_elsewhere(signing_keys: None, server: Client) -> None:
    _machine, token = own_token(resource="https://api.example.org/")
    assert ask(server, token).json()["scope"] == "email groups"
    other = make_client(is_resource_server=True, scopes=["groups"], resources=["https://b.example.org/"])
    assert ask(other, token).json() == INACTIVE


def test_a_jwt_ends_with_its_minutes_and_with_its_application(signing_keys: None, server: Client) -> None:
    from parvis.oidc.actions.clients import update_client

    machine, token = own_token()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert ask(machine.client, token).json() == INACTIVE
    assert ask(server, token).json()["active"]
    update_client(client=machine.client, by=None, state="suspended")
    assert ask(server, token).json() == INACTIVE


# --- RFC 9701 ---------------------------------------------------------------------------------------------------------
JWT = "application/token-introspection+jwt"


def test_rfc9701_5_a_signed_answer_for_this_caller(app: Application, token: str) -> None:
    answer = ask(app.client, token, JWT)
    assert answer.headers["Content-Type"] == JWT
    header, claims = read_jwt(answer.content.decode(), "ES256")
    assert header["typ"] == "token-introspection+jwt"
    assert set(claims) == {"iss", "aud", "iat", "token_introspection"}
    assert claims["aud"] == app.client.client_id
    assert claims["iat"] <= time.time()
    assert claims["token_introspection"]["active"] is True


@pytest.mark.parametrize("alg", ["RSA-OAEP", "RSA-OAEP-256"])
def test_rfc9701_5_an_encrypted_answer_for_the_keys_of_the_resource_server(
    token: str, server: Client, alg: str
) -> None:
    keys = {"keys": [KEY.as_dict(private=False)]}
    Client.objects.filter(pk=server.pk).update(introspection_encryption_alg=alg, jwks=keys)
    sealed = ask(server, token, JWT).content.decode()
    opened = decrypt_compact(sealed, KEY, algorithms=[alg, "A256GCM"])
    assert opened.headers()["cty"] == "JWT"
    assert opened.headers()["kid"] == "rs-1"
    assert opened.plaintext is not None
    _header, claims = read_jwt(opened.plaintext.decode(), "ES256")
    assert claims["token_introspection"]["scope"] == "openid groups"
    assert ask(server, token).json()["active"], "JSON stays for who asks for JSON"


def test_rfc9701_5_of_an_inactive_token_nothing_else_is_said(app: Application) -> None:
    _header, claims = read_jwt(ask(app.client, "nonsense", JWT).content.decode(), "ES256")
    assert claims["token_introspection"] == INACTIVE


def test_rfc9701_without_a_key_to_encrypt_to_the_caller_is_told(token: str, server: Client) -> None:
    Client.objects.filter(pk=server.pk).update(introspection_encryption_alg="RSA-OAEP", jwks={})
    answer = ask(server, token, JWT)
    assert (answer.status_code, json.loads(answer.content)["error"]) == (400, "invalid_client")
