"""Applications that register themselves (OpenID Connect Registration 1.0; RFC 7591; RFC 7592)."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as site
from django.test import Client as Browser
from django.utils import timezone
from joserfc.jwk import ECKey, RSAKey

from parvis.audit.models import Event
from parvis.directory.models import User
from parvis.lib import base64url
from parvis.oidc import client_rules, clients, registration
from parvis.oidc.actions import registrations
from parvis.oidc.models import Client, InitialAccessToken
from tests.factories.oidc import REDIRECT_URI, Answer, Application, answer_of, read_jwt

PATH = "/oidc/register"
JSON = "application/json"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
JWKS = {"keys": [KEY.as_dict(private=False)]}
MINIMAL = {"redirect_uris": [REDIRECT_URI]}
# They look like keys, and nothing can be encrypted for them: a point of small order, and an even modulus.
NO_POINT = {"kty": "OKP", "crv": "X25519", "x": base64url.encode(bytes(32))}
NO_MODULUS = {"kty": "RSA", "n": base64url.encode((1 << 2048).to_bytes(257)), "e": "AQAB"}
PLAIN = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
"""What a description may hold (RFC 6749, section 5.2)."""


class Registrar:
    """A developer's program, with a token from an operator."""

    def __init__(self, **settings: Any) -> None:
        self.token, self.given = registrations.create_token(by=None, name="A team", **({"uses": 50} | settings))
        self.server = Browser()

    def register(self, document: object, *, token: str = "", content_type: str = JSON) -> Answer:
        """Post a document."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        headers = {"authorization": f"Bearer {token or self.given}"}
        return _answer(self.server.post(PATH, body, content_type, headers=headers))

    def registered(self, **changes: Any) -> dict[str, Any]:
        """Register, and return the answer."""
        answer = self.register(MINIMAL | changes)
        assert answer.status == 201, answer.body
        return answer.body

    def manage(self, made: dict[str, Any], method: str, document: object = None, *, token: str = "") -> Answer:
        """Do something with a registration, by its own address and token."""
        headers = {"authorization": f"Bearer {token or made['registration_access_token']}"}
        path = made["registration_client_uri"].removeprefix(site.ISSUER)
        body = json.dumps(document) if document is not None else ""
        return _answer(self.server.generic(method, path, body, JSON, headers=headers))


def _answer(response: Any) -> Answer:
    return Answer(response.status_code, json.loads(response.content or b"{}"), response.headers)


@pytest.fixture
def registrar(signing_keys: None) -> Registrar:
    """A developer with a token for fifty registrations."""
    return Registrar()


def application(made: dict[str, Any], person: User) -> Application:
    """Return the registered application in a browser where the person is signed in."""
    return Application(Client.objects.get(client_id=made["client_id"])).sign_in_as(person)


# --- RFC 7591, section 3 ----------------------------------------------------------------------------------------------
def test_rfc7591_3_2_1_what_was_kept_is_told_with_a_secret_shown_once(registrar: Registrar) -> None:
    answer = registrar.register(MINIMAL | {"client_name": "Carnet", "unknown": 1})
    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    made = answer.body
    assert made["client_name"] == "Carnet"
    assert made["redirect_uris"] == [REDIRECT_URI]
    assert made["token_endpoint_auth_method"] == "client_secret_basic"
    assert (made["grant_types"], made["response_types"]) == (["authorization_code"], ["code"])
    assert made["client_secret_expires_at"] == 0
    assert "unknown" not in made
    row = Client.objects.get(client_id=made["client_id"])
    assert made["client_secret"] not in json.dumps(registration.document_of(row))
    assert clients.registered(row).has_secret(made["client_secret"])
    assert not row.is_trusted


def test_a_registered_application_signs_people_in_once_they_agree(registrar: Registrar, person: User) -> None:
    made = registrar.registered(token_endpoint_auth_method="client_secret_post", grant_types=["authorization_code"])
    app = application(made, person)
    page = app.authorize()
    assert page.status_code == 200, "people are asked: nobody vouches for it"
    app.browser.post("/oidc/consent", {"request": page.context["request_query"], "answer": "allow"})
    answer = app.redeem(app.code(), client_secret=made["client_secret"])
    assert answer.status == 200
    assert "refresh_token" not in answer.body, "a grant type that it did not register"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://app.example.org/#f"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://app.example.org/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://app.example.org/"}, "invalid_redirect_uri"),
        ({"redirect_uris": [1]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://[bad"]}, "invalid_redirect_uri"),
        (MINIMAL | {"redirect_uris": [REDIRECT_URI] * 51}, "invalid_redirect_uri"),
        (MINIMAL | {"grant_types": ["implicit"]}, "invalid_client_metadata"),
        (MINIMAL | {"response_types": ["id_token"]}, "invalid_client_metadata"),
        (MINIMAL | {"token_endpoint_auth_method": "client_secret_jwt"}, "invalid_client_metadata"),
        (MINIMAL | {"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
        (MINIMAL | {"id_token_signed_response_alg": "none"}, "invalid_client_metadata"),
        (MINIMAL | {"id_token_signed_response_alg": "HS256"}, "invalid_client_metadata"),
        (MINIMAL | {"id_token_encrypted_response_alg": "RSA1_5", "jwks": JWKS}, "invalid_client_metadata"),
        (MINIMAL | {"id_token_encrypted_response_enc": "A256GCM"}, "invalid_client_metadata"),
        (
            MINIMAL
            | {
                "jwks": JWKS,
                "id_token_encrypted_response_alg": "RSA-OAEP",
                "id_token_encrypted_response_enc": "A128CBC-HS256",
            },
            "invalid_client_metadata",
        ),
        (MINIMAL | {"jwks": {"keys": [KEY.as_dict(private=True)]}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": JWKS, "jwks_uri": "https://app.example.org/jwks"}, "invalid_client_metadata"),
        (MINIMAL | {"default_max_age": "soon"}, "invalid_client_metadata"),
        (MINIMAL | {"default_max_age": True}, "invalid_client_metadata"),
        (MINIMAL | {"require_auth_time": "yes"}, "invalid_client_metadata"),
        (MINIMAL | {"subject_type": "secret"}, "invalid_client_metadata"),
        (MINIMAL | {"logo_uri": "javascript:alert(1)"}, "invalid_client_metadata"),
        (MINIMAL | {"policy_uri#fr": "data:text/html,x"}, "invalid_client_metadata"),
        (MINIMAL | {"application_type": "toaster"}, "invalid_client_metadata"),
        (MINIMAL | {"client_name": "a\x00b"}, "invalid_client_metadata"),
        (MINIMAL | {"client_name": "\ud800"}, "invalid_client_metadata"),
        (MINIMAL | {"contacts": ["\x00"]}, "invalid_client_metadata"),
        (MINIMAL | {"client_name": "x" * 500}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": {"keys": [], "x": "\x00"}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": JWKS | {"x": float("nan")}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": JWKS | {"x": 10**400}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": JWKS | {"x": json.loads("[" * 300 + "]" * 300)}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": {"keys": [{"kty": ["RSA"]}]}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": {"keys": [NO_POINT]}}, "invalid_client_metadata"),
        (MINIMAL | {"jwks": {"keys": [NO_MODULUS]}}, "invalid_client_metadata"),
    ],
)
def test_rfc7591_3_2_2_what_cannot_be_registered_is_refused(
    registrar: Registrar, document: dict[str, Any], code: str
) -> None:
    answer = registrar.register(document)
    assert (answer.status, answer.body["error"]) == (400, code), answer.body
    assert PLAIN.fullmatch(answer.body["error_description"]), "section 3.2.2: readable by people, in ASCII"
    assert not Client.objects.exists()
    registrar.token.refresh_from_db()
    assert registrar.token.uses_left == 50


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'"a"', b"[" * 20_000, b"\xff", b"null"])
def test_a_body_that_is_no_object_is_refused(registrar: Registrar, body: bytes) -> None:
    answer = registrar.register(body)
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_rfc7591_3_1_the_body_is_json(registrar: Registrar) -> None:
    answer = registrar.register(MINIMAL, content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_each_member_comes_back_as_it_was_registered(registrar: Registrar) -> None:
    encrypts = ECKey.generate_key("P-256", {"kid": "enc", "use": "enc"}).as_dict(private=False)
    given: dict[str, Any] = MINIMAL | {
        "post_logout_redirect_uris": ["https://app.example.org/out"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": {"keys": [*JWKS["keys"], encrypts]},
        "id_token_signed_response_alg": "PS256",
        "id_token_encrypted_response_alg": "ECDH-ES",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "EdDSA",
        "userinfo_encrypted_response_alg": "RSA-OAEP-256",
        "userinfo_encrypted_response_enc": "A256GCM",
        "introspection_signed_response_alg": "ES256",
        "introspection_encrypted_response_alg": "RSA-OAEP",
        "introspection_encrypted_response_enc": "A256GCM",
        "authorization_signed_response_alg": "ES256",
        "authorization_encrypted_response_alg": "ECDH-ES",
        "authorization_encrypted_response_enc": "A256GCM",
        "subject_type": "pairwise",
        "default_max_age": 3600,
        "require_auth_time": True,
        "default_acr_values": ["eidas1"],
        "initiate_login_uri": "https://app.example.org/go",
        "backchannel_logout_uri": "https://app.example.org/back",
        "backchannel_logout_session_required": True,
        "frontchannel_logout_uri": "https://app.example.org/front",
        "frontchannel_logout_session_required": True,
        "request_object_signing_alg": "ES256",
        "require_signed_request_object": True,
        "require_pushed_authorization_requests": True,
        "dpop_bound_access_tokens": True,
        "scope": "openid email",
        "client_name": "Notebook",
        "client_name#fr": "Carnet",
        "client_uri": "https://app.example.org/",
        "logo_uri": "https://app.example.org/logo.svg",
        "policy_uri": "https://app.example.org/policy",
        "policy_uri#fr": "https://app.example.org/donnees",
        "tos_uri": "https://app.example.org/terms",
        "software_id": "carnet",
        "software_version": "1.2",
        "application_type": "web",
        "contacts": ["team@example.org"],
    }
    made = registrar.registered(**given)
    assert {name: made.get(name) for name in given} == given
    again = registrar.manage(made, "GET").body
    assert {name: again.get(name) for name in given} == given
    missing = {member.name for member in registration.MEMBERS} - set(given) - {"jwks_uri", "sector_identifier_uri"}
    assert not missing, "each member of the table is tried here"


def test_rfc7591_2_what_only_exists_elsewhere_is_left_out(registrar: Registrar) -> None:
    made = registrar.registered(
        grant_types=["authorization_code", "implicit"],
        response_types=["code", "id_token"],
        scope="openid email everything",
        jwks=None,
    )
    assert (made["grant_types"], made["response_types"]) == (["authorization_code"], ["code"])
    assert made["scope"] == "openid email"


def test_registration_2_without_an_encryption_ours_is_used_and_told(registrar: Registrar) -> None:
    made = registrar.registered(jwks=JWKS, id_token_encrypted_response_alg="RSA-OAEP-256")
    assert made["id_token_encrypted_response_enc"] == "A256GCM"


def test_a_public_application_gets_no_secret_and_proves_itself_by_pkce(registrar: Registrar, person: User) -> None:
    made = registrar.registered(token_endpoint_auth_method="none", application_type="native")
    assert "client_secret" not in made
    assert "client_secret_expires_at" not in made
    row = Client.objects.get(client_id=made["client_id"])
    assert row.is_public
    asked = application(made, person).authorize(code_challenge=None, code_challenge_method=None)
    assert answer_of(asked)["error"] == "invalid_request"


# --- The operator's token ---------------------------------------------------------------------------------------------
def test_rfc7591_3_without_a_token_nobody_registers(registrar: Registrar) -> None:
    answer = _answer(Browser().post(PATH, json.dumps(MINIMAL), JSON))
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for token in ("nonsense", "pi_" + "x" * 43, "é"):
        assert registrar.register(MINIMAL, token=token.encode().decode("latin-1")).status == 401
    assert not Client.objects.exists()


def test_a_token_registers_as_often_as_it_was_made_for(signing_keys: None) -> None:
    registrar = Registrar(uses=2)
    assert [registrar.register(MINIMAL).status for _turn in range(3)] == [201, 201, 401]
    assert Client.objects.count() == 2


def test_a_token_ends_by_itself_and_by_an_operator(signing_keys: None) -> None:
    registrar = Registrar(lifetime=timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert registrar.register(MINIMAL).status == 401
    assert registrar.register(MINIMAL).status == 201
    assert registrations.revoke_token(by=None, token=registrar.token)
    assert not registrations.revoke_token(by=None, token=registrar.token)
    assert registrar.register(MINIMAL).status == 401


def test_a_token_says_what_its_applications_may_ask_for(signing_keys: None) -> None:
    registrar = Registrar(scopes=["openid", "email"], accepts_endpoint_audience=True)
    made = registrar.registered(scope="openid email groups")
    assert made["scope"] == "openid email"
    assert registrar.registered()["scope"] == "openid email"
    assert Client.objects.get(client_id=made["client_id"]).accepts_endpoint_audience


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"uses": 0}, "uses"),
        ({"lifetime": timedelta(days=900)}, "days"),
        ({"scopes": ["all"]}, "scopes"),
        ({"name": " "}, "name"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(db: None, wrong: dict[str, Any], field: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        registrations.create_token(by=None, **({"name": "A team"} | wrong))
    assert field in refused.value.message_dict


def test_only_a_digest_of_the_token_is_kept_and_the_journal_names_it(registrar: Registrar) -> None:
    row = InitialAccessToken.objects.get()
    assert registrar.given not in str(InitialAccessToken.objects.values())
    registrar.registered()
    tags = set(Event.objects.values_list("tag", flat=True))
    assert {"registration-token.made", "client.created", "client.registered", "client.secret-made"} <= tags
    assert Event.objects.get(tag="client.registered").data == {"token": row.name}


def test_registrations_are_slowed_down(registrar: Registrar, monkeypatch: pytest.MonkeyPatch) -> None:
    from parvis.accounts.rates import Limit
    from parvis.oidc.endpoints import registration as endpoint

    monkeypatch.setattr(endpoint, "BY_TOKEN", Limit("registrations-test", 1, timedelta(minutes=1)))
    registrar.registered()
    answer = registrar.register(MINIMAL)
    assert (answer.status, answer.body["error"]) == (429, "slow_down")
    assert int(answer.headers["Retry-After"]) > 0


# --- RFC 7592 ---------------------------------------------------------------------------------------------------------
def test_rfc7592_2_1_a_registration_is_read_with_its_own_token(registrar: Registrar) -> None:
    made, other = registrar.registered(), registrar.registered()
    read = registrar.manage(made, "GET")
    assert read.status == 200
    assert read.body == {name: value for name, value in made.items() if not name.startswith("client_secret")}
    for token in (other["registration_access_token"], registrar.given, "nonsense"):
        assert registrar.manage(made, "GET", token=token).status == 401


def test_rfc7592_2_2_a_registration_is_replaced_as_a_whole(registrar: Registrar) -> None:
    made = registrar.registered(client_name="Before", logo_uri="https://app.example.org/a.svg", default_max_age=60)
    sent = {**MINIMAL, "client_id": made["client_id"], "client_name": "After"}
    answer = registrar.manage(made, "PUT", sent)
    assert answer.status == 200
    assert answer.body["client_name"] == "After"
    assert not {"logo_uri", "default_max_age"} & set(answer.body)
    assert answer.body["registration_access_token"] == made["registration_access_token"]
    row = Client.objects.get()
    assert (row.name_fr, row.metadata, row.default_max_age) == ("After", {}, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "another"}, "invalid_request"),
        ({"client_id": None}, "invalid_request"),
        ({"registration_access_token": "mine"}, "invalid_request"),
        ({"client_secret": "chosen"}, "invalid_client_metadata"),
        ({"token_endpoint_auth_method": "none"}, "invalid_client_metadata"),
        ({"redirect_uris": ["https://app.example.org/*"]}, "invalid_redirect_uri"),
    ],
)
def test_rfc7592_2_2_what_may_not_change_is_refused(registrar: Registrar, changes: dict[str, Any], code: str) -> None:
    made = registrar.registered()
    sent = MINIMAL | {"client_id": made["client_id"]} | changes
    answer = registrar.manage(made, "PUT", sent)
    assert (answer.status, answer.body["error"]) == (400, code)
    assert Client.objects.get().redirect_uris == [REDIRECT_URI]


def test_rfc7592_2_2_the_known_secret_may_be_repeated(registrar: Registrar) -> None:
    made = registrar.registered()
    sent = MINIMAL | {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    assert registrar.manage(made, "PUT", sent).status == 200


def test_from_a_key_to_a_secret_a_secret_is_made(registrar: Registrar) -> None:
    made = registrar.registered(token_endpoint_auth_method="private_key_jwt", jwks=JWKS)
    assert "client_secret" not in made
    answer = registrar.manage(made, "PUT", MINIMAL | {"client_id": made["client_id"]})
    assert answer.body["client_secret"]
    assert "client_secret" not in registrar.manage(made, "PUT", MINIMAL | {"client_id": made["client_id"]}).body


def test_rfc7592_2_3_a_registration_ends_for_good(registrar: Registrar, person: User) -> None:
    made = registrar.registered(token_endpoint_auth_method="client_secret_post")
    answer = registrar.manage(made, "DELETE")
    assert (answer.status, answer.headers["Cache-Control"]) == (204, "no-store")
    assert registrar.manage(made, "GET").status == 401
    app = application(made, person)
    assert app.authorize().status_code == 400
    refused = app.post_token({"grant_type": "refresh_token", "client_secret": made["client_secret"]})
    assert refused.body["error"] == "invalid_client"
    assert Event.objects.filter(tag="client.unregistered").count() == 1


def test_an_application_that_an_operator_suspended_manages_nothing(registrar: Registrar) -> None:
    from parvis.oidc.actions.clients import update_client

    made = registrar.registered()
    update_client(client=Client.objects.get(), by=None, state="suspended")
    assert registrar.manage(made, "GET").status == 401
    assert registrar.manage(made, "PUT", MINIMAL | {"client_id": made["client_id"]}).status == 401


def test_other_methods_are_not_allowed(registrar: Registrar) -> None:
    made = registrar.registered()
    answer = registrar.manage(made, "PATCH", {})
    assert (answer.status, answer.headers["Allow"]) == (405, "POST, GET, PUT, DELETE")


def test_without_a_registration_of_its_own_no_token_fits(registrar: Registrar, client_row: Client) -> None:
    made = {"registration_client_uri": f"{PATH}?client_id={client_row.client_id}", "registration_access_token": "x"}
    assert registrar.manage(made, "GET").status == 401
    for query in ("", "?client_id=%00", "?client_id=%ff", "?client_id=" + "x" * 300):
        answer = registrar.server.get(PATH + query, headers={"authorization": "Bearer x"})
        assert answer.status_code in {400, 401}


# --- What registered settings do --------------------------------------------------------------------------------------
def test_the_id_token_is_signed_as_registered(registrar: Registrar, person: User) -> None:
    made = registrar.registered(id_token_signed_response_alg="EdDSA", token_endpoint_auth_method="client_secret_post")
    app = application(made, person)
    Client.objects.filter(pk=app.client.pk).update(is_trusted=True)
    clients.forget()
    tokens = app.redeem(app.code(), client_secret=made["client_secret"]).body
    assert read_jwt(tokens["id_token"], "EdDSA")[1]["aud"] == made["client_id"]


def test_the_same_rules_as_everywhere(registrar: Registrar, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import ValidationError

    def refuse(_client: Client) -> None:
        raise ValidationError({"scopes": "No."})

    monkeypatch.setattr("parvis.oidc.actions.clients.RULES", (*client_rules.RULES, refuse))
    answer = registrar.register(MINIMAL)
    assert answer.body == {"error": "invalid_client_metadata", "error_description": "scope: No."}
