"""The OpenID Foundation's Dynamic OP plan (response_type=code): a test for each of its modules, under its name.

Every module registers its own application, which proves itself by private_key_jwt addressed to the token endpoint.
"""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from joserfc.jwk import RSAKey
from joserfc.jws import serialize_compact

from parvis.directory.models import User
from parvis.oidc import client_keys, clients, keys, sectors
from parvis.oidc.actions import keys as key_actions
from parvis.oidc.actions import registrations
from parvis.oidc.assertions import TYPE
from parvis.oidc.models import Client
from tests.factories.oidc import REDIRECT_URI, Answer, Application, answer_of, published_keys, read_jwt
from tests.oidc.serving import Document, served

KEY = RSAKey.generate_key(2048, {"kid": "suite-1", "alg": "RS256", "use": "sig"})
JSON = "application/json"


def key_set(*keys: RSAKey) -> dict[str, Any]:
    """Return public keys as the suite registers them."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


class Suite(Application):
    """The suite's side of a module: an application that registered itself, and the browser of its person."""

    registration: dict[str, Any]
    redirect_uri = REDIRECT_URI
    key = KEY

    def assertion(self, audience: str = "") -> str:
        """Return what proves the application: twenty characters of jti, a minute to live."""
        now = int(time.time())
        claims = {
            "iss": self.client.client_id,
            "sub": self.client.client_id,
            "aud": audience or f"{settings.ISSUER}/oidc/token",
            "jti": secrets.token_hex(10),
            "iat": now,
            "nbf": now,
            "exp": now + 60,
        }
        header = {"alg": "RS256", "kid": self.key.kid}
        return serialize_compact(header, json.dumps(claims), self.key, algorithms=["RS256"])

    def query(self, **changes: str | None) -> dict[str, str]:
        """Return the fields of an authorization request."""
        return super().query(**({"redirect_uri": self.redirect_uri, "scope": "openid"} | changes))

    def post_token(self, fields: Any, **headers: str) -> Answer:
        """Post to the token endpoint, with a proof."""
        proof = {"client_assertion_type": TYPE, "client_assertion": self.assertion(), "client_secret": None}
        return super().post_token(proof | fields, **headers)

    def redeem(self, code: str, /, **changes: str | None) -> Answer:
        """Redeem a code."""
        return super().redeem(code, **({"redirect_uri": self.redirect_uri} | changes))

    def agreed_code(self, **changes: str | None) -> str:
        """Return a code; the person agrees when they are asked."""
        page = self.authorize(**changes)
        if page.status_code == 200:
            self.browser.post("/oidc/consent", {"request": page.context["request_query"], "answer": "allow"})
            page = self.authorize(**{name: value for name, value in changes.items() if name != "prompt"})
        assert page.status_code == 303, page.content[:500]
        location = page.headers["Location"]
        assert location.startswith(self.redirect_uri)
        return str(dict(parse_qsl(urlsplit(location).query))["code"])

    def signed_in(self, **changes: str | None) -> dict[str, Any]:
        """Do a whole sign-in, and check what every module checks."""
        answer = self.redeem(self.agreed_code(**changes))
        assert answer.status == 200, answer.body
        header, claims = read_jwt(answer.body["id_token"])
        assert header["kid"]
        assert claims["aud"] == self.client.client_id
        told = self.userinfo(answer.body["access_token"])
        assert told.status_code == 200
        return answer.body


class Registry:
    """The registration endpoint, as the suite uses it."""

    def __init__(self, person: User) -> None:
        made = registrations.create_token(by=None, name="Suite", uses=100, accepts_endpoint_audience=True)
        self.token, self.person = made[1], person
        self.server = Browser()

    def post(self, **changes: Any) -> Answer:
        """Register."""
        document = {
            "client_name": "conformance one",
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "redirect_uris": [REDIRECT_URI],
            "jwks": key_set(KEY),
            "token_endpoint_auth_method": "private_key_jwt",
            "contacts": ["suite@example.org"],
        } | changes
        sent = {name: value for name, value in document.items() if value is not None}
        headers = {"authorization": f"Bearer {self.token}"}
        answer = self.server.post("/oidc/register", json.dumps(sent), JSON, headers=headers)
        return Answer(answer.status_code, json.loads(answer.content), answer.headers)

    def application(self, **changes: Any) -> Suite:
        """Register, and return the application in a browser where the person is signed in."""
        answer = self.post(**changes)
        assert answer.status == 201, answer.body
        made = answer.body
        assert made["registration_client_uri"].startswith(settings.ISSUER)
        assert made["registration_access_token"]
        assert ("client_secret" in made) == ("client_secret_expires_at" in made)
        suite = Suite(Client.objects.get(client_id=made["client_id"]))
        suite.registration, suite.redirect_uri = made, made["redirect_uris"][0]
        suite.sign_in_as(self.person)
        return suite


@pytest.fixture
def registry(signing_keys: None, person: User) -> Registry:
    """The registration endpoint, with a token for the suite."""
    return Registry(person)


@pytest.fixture
def document() -> Iterator[Document]:
    """A document on the suite's server."""
    client_keys.forget()
    sectors.forget()
    with served("[]") as found:
        yield found
    client_keys.forget()
    sectors.forget()


def metadata() -> dict[str, Any]:
    """Return what discovery says."""
    found: dict[str, Any] = Browser().get("/.well-known/openid-configuration").json()
    return found


def page_of(answer: Any) -> None:
    """Insist on a page of ours: nothing is sent to an address that was not registered."""
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_oidcc_idtoken_rs256(registry: Registry) -> None:
    tokens = registry.application(id_token_signed_response_alg="RS256").signed_in()
    assert read_jwt(tokens["id_token"])[0]["alg"] == "RS256"


def test_oidcc_idtoken_signature(registry: Registry) -> None:
    tokens = registry.application().signed_in()
    assert read_jwt(tokens["id_token"])[0]["alg"] == "RS256"


def test_oidcc_idtoken_unsigned(registry: Registry) -> None:
    assert "none" not in metadata()["id_token_signing_alg_values_supported"], "so the module is skipped"
    assert registry.post(id_token_signed_response_alg="none").body["error"] == "invalid_client_metadata"


def test_oidcc_userinfo_rs256(registry: Registry) -> None:
    assert "RS256" in metadata()["userinfo_signing_alg_values_supported"]
    suite = registry.application(userinfo_signed_response_alg="RS256")
    tokens = suite.signed_in()
    told = suite.userinfo(tokens["access_token"])
    assert told.headers["Content-Type"] == "application/jwt"
    header, claims = read_jwt(told.content.decode())
    assert header["alg"] == "RS256"
    assert claims["aud"] == suite.client.client_id
    assert claims["sub"] == read_jwt(tokens["id_token"])[1]["sub"]
    assert "nonce" not in claims


def test_oidcc_ensure_redirect_uri_in_authorization_request(registry: Registry) -> None:
    suite = registry.application(redirect_uris=[REDIRECT_URI, f"{REDIRECT_URI}other"])
    page_of(suite.authorize(redirect_uri=None))


def test_oidcc_redirect_uri_query_ok(registry: Registry) -> None:
    suite = registry.application(redirect_uris=[f"{REDIRECT_URI}?bar=foo"])
    suite.signed_in()
    assert dict(parse_qsl(urlsplit(suite.authorize().headers["Location"]).query))["bar"] == "foo"


def test_oidcc_redirect_uri_query_mismatch(registry: Registry) -> None:
    suite = registry.application(redirect_uris=[f"{REDIRECT_URI}?bar=foo"])
    page_of(suite.authorize(redirect_uri=f"{REDIRECT_URI}?foo=bar"))


def test_oidcc_redirect_uri_query_added(registry: Registry) -> None:
    page_of(registry.application().authorize(redirect_uri=f"{REDIRECT_URI}?foo=bar"))


def test_oidcc_redirect_uri_regfrag(registry: Registry) -> None:
    answer = registry.post(redirect_uris=[f"{REDIRECT_URI}#foobar"])
    assert (answer.status, answer.body["error"]) == (400, "invalid_redirect_uri")


@pytest.mark.xfail(reason="the implicit flow is refused on purpose (RFC 9700, section 2.1.2)", strict=True)
def test_oidcc_discovery_endpoint_verification(registry: Registry) -> None:
    told = metadata()
    assert told["registration_endpoint"].startswith(settings.ISSUER)
    assert {"code", "id_token", "id_token token"} <= set(told["response_types_supported"])


def test_oidcc_server(registry: Registry) -> None:
    suite = registry.application()
    assert suite.registration["jwks"] == key_set(KEY)
    assert len(suite.agreed_code()) > 40
    suite.signed_in()


@pytest.mark.parametrize("name", ["logo_uri", "policy_uri", "tos_uri"])
def test_oidcc_registration_logo_policy_and_tos_uri(registry: Registry, name: str) -> None:
    """Three modules: `oidcc-registration-logo-uri`, `-policy-uri` and `-tos-uri`."""
    suite = registry.application(**{name: "https://app.example.org/about"})
    page = suite.authorize().content.decode()
    assert 'href="https://app.example.org/about"' in page
    assert "<img" not in page.partition("<main")[2] or "app.example.org/about" not in page.partition("<img")[2][:200]


@pytest.mark.parametrize("name", ["logo_uri", "policy_uri", "tos_uri"])
def test_an_application_on_trial_shows_the_same(registry: Registry, name: str) -> None:
    """The official suite registers applications on trial: their page is the one that it keeps a picture of."""
    suite = registry.application(**{name: "https://app.example.org/about"})
    Client.objects.filter(pk=suite.client.pk).update(is_sandbox=True)
    clients.forget()
    page = suite.authorize().content.decode()
    assert "Sign in as a fictional person" in page
    assert 'href="https://app.example.org/about"' in page


def test_oidcc_registration_jwks_uri(registry: Registry, document: Document) -> None:
    document.text = json.dumps(key_set(KEY))
    registry.application(jwks=None, jwks_uri=document.url).signed_in()
    assert document.times == 1


def test_oidcc_registration_sector_uri(registry: Registry, document: Document) -> None:
    assert "pairwise" in metadata()["subject_types_supported"]
    document.text = json.dumps([REDIRECT_URI])
    suite = registry.application(subject_type="pairwise", sector_identifier_uri=document.url)
    assert suite.registration["sector_identifier_uri"] == document.url
    assert read_jwt(suite.signed_in()["id_token"])[1]["sub"] != str(registry.person.pk)


def test_oidcc_registration_sector_bad(registry: Registry, document: Document) -> None:
    """The address is that of the module before, which listed the right ones a second ago."""
    document.text = json.dumps([REDIRECT_URI])
    registry.application(subject_type="pairwise", sector_identifier_uri=document.url)
    document.text = json.dumps(["https://example.com/op"])
    answer = registry.post(subject_type="pairwise", sector_identifier_uri=document.url)
    assert (answer.status, answer.body["error"]) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_oidcc_server_rotate_keys(registry: Registry, alg: str) -> None:
    before = {key.kid for key in published_keys().keys}
    key_actions.rotate(alg=alg, by=None)
    keys.forget()
    after = {key.kid: key for key in published_keys().keys}
    (new,) = set(after) - before
    assert after[new].as_dict()["use"] == "sig"
    assert after[new].as_dict()["kty"] in {"RSA", "EC"}
    assert before < set(after), "the former keys are still there"


def test_oidcc_refresh_token_rp_key_rotation(
    registry: Registry, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.text = json.dumps(key_set(KEY))
    grants = ["authorization_code", "refresh_token"]
    suite = registry.application(jwks=None, jwks_uri=document.url, grant_types=grants)
    tokens = suite.signed_in(scope="openid offline_access", prompt="consent")
    suite.key = RSAKey.generate_key(2048, {"kid": "suite-2", "alg": "RS256", "use": "sig"})
    document.text = json.dumps(key_set(suite.key))
    assert client_keys.RETRY_AFTER < 60, "the suite waits for a minute"
    monkeypatch.setattr(client_keys, "RETRY_AFTER", 0.0)
    assert suite.refresh(tokens["refresh_token"]).status == 200


REQUEST_URI = "request objects are accepted by value only: an address to fetch opens our network to whoever asks"


@pytest.mark.xfail(reason=REQUEST_URI, strict=True)
def test_oidcc_request_uri_unsigned() -> None:
    assert metadata()["request_uri_parameter_supported"] is True


@pytest.mark.xfail(reason=REQUEST_URI, strict=True)
def test_oidcc_request_uri_signed_rs256() -> None:
    told = metadata()
    assert "RS256" in told["request_object_signing_alg_values_supported"]
    assert told["request_uri_parameter_supported"] is True


def test_oidcc_ensure_request_object_with_redirect_uri() -> None:
    assert "none" not in metadata()["request_object_signing_alg_values_supported"], "so the module is skipped"


def test_oidcc_refresh_token(registry: Registry) -> None:
    grants = ["authorization_code", "refresh_token"]
    first, second = registry.application(grant_types=grants), registry.application(grant_types=grants)
    mine = first.signed_in(scope="openid offline_access", prompt="consent")
    theirs = second.signed_in(scope="openid offline_access", prompt="consent", nonce="n" * 43)
    renewed = first.refresh(mine["refresh_token"], scope="openid offline_access")
    assert renewed.status == 200
    assert renewed.body["access_token"] != mine["access_token"]
    before, after = read_jwt(mine["id_token"])[1], read_jwt(renewed.body["id_token"])[1]
    assert [before[name] for name in ("iss", "sub", "aud", "auth_time")] == [
        after[name] for name in ("iss", "sub", "aud", "auth_time")
    ]
    refused = first.refresh(theirs["refresh_token"])
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(registry: Registry) -> None:
    suite = registry.application()
    answer = suite.redeem(suite.agreed_code(), client_assertion=suite.assertion(settings.ISSUER))
    assert answer.status == 200


def test_unregistering_after_each_module(registry: Registry) -> None:
    made = registry.application().registration
    path = made["registration_client_uri"].removeprefix(settings.ISSUER)
    headers = {"authorization": f"Bearer {made['registration_access_token']}"}
    assert registry.server.delete(path, headers=headers).status_code == 204


def test_answers_come_back_to_the_registered_address(registry: Registry) -> None:
    suite = registry.application()
    suite.agreed_code()
    assert "code" in answer_of(suite.authorize())
