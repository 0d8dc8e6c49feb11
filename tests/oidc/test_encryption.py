"""Encrypted ID tokens, userinfo and answers (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; JARM, 2.2; RFC 7516)."""

import json
from typing import Any
from unittest.mock import Mock

import pytest
from joserfc.jwe import decrypt_compact
from joserfc.jwk import ECKey, OKPKey, RSAKey

from parvis.directory.models import User
from parvis.oidc import client_keys, clients
from parvis.oidc.errors import ProtocolError
from parvis.oidc.models import Client, Grant
from tests.factories.oidc import Application, answer_of, make_client, posted_answer_of, read_jwt
from tests.oidc.test_introspection import JWT, ask

RSA = RSAKey.generate_key(2048, {"kid": "rsa-enc", "use": "enc"})
EC = ECKey.generate_key("P-256", {"kid": "ec-enc", "use": "enc"})
X25519 = OKPKey.generate_key("X25519", {"kid": "x-any"})
SIGNS = ECKey.generate_key("P-256", {"kid": "ec-sig", "use": "sig"})
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "ed-any"})
KEYS: dict[str, Any] = {"RSA-OAEP-256": RSA, "RSA-OAEP": RSA, "ECDH-ES": EC}


def key_set(*keys: Any) -> dict[str, Any]:
    """Return public keys as an application registers them."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def opened(text: str, key: Any, alg: str) -> tuple[dict[str, Any], str]:
    """Decrypt; return the header and what was inside."""
    found = decrypt_compact(text, key, algorithms=[alg, "A256GCM"])
    assert found.plaintext is not None
    header = found.headers()
    assert (header["alg"], header["enc"]) == (alg, "A256GCM")
    return header, found.plaintext.decode()


@pytest.fixture
def reader(signing_keys: None, person: User) -> Application:
    """An application with a key of each kind."""
    return Application(make_client(jwks=key_set(SIGNS, EDWARDS, RSA, EC))).sign_in_as(person)


def change(application: Application, **values: Any) -> None:
    """Change its settings, for every process."""
    for name, value in values.items():
        setattr(application.client, name, value)
    application.client.save()
    clients.forget()


@pytest.mark.parametrize("alg", KEYS)
def test_core_10_2_the_id_token_is_signed_then_encrypted(reader: Application, alg: str) -> None:
    change(reader, id_token_encryption_alg=alg, id_token_alg="ES256")
    header, inside = opened(reader.tokens()["id_token"], KEYS[alg], alg)
    assert (header["cty"], header["kid"]) == ("JWT", KEYS[alg].kid)
    assert read_jwt(inside, "ES256")[1]["aud"] == reader.client.client_id


@pytest.mark.parametrize("alg", KEYS)
def test_core_5_3_2_userinfo_is_signed_then_encrypted(reader: Application, alg: str) -> None:
    change(reader, userinfo_encryption_alg=alg, userinfo_alg="PS256")
    answer = reader.userinfo(reader.tokens()["access_token"])
    assert answer.headers["Content-Type"] == "application/jwt"
    _header, inside = opened(answer.content.decode(), KEYS[alg], alg)
    assert read_jwt(inside, "PS256")[1]["email"] == "lea.martin@example.org"


def test_core_5_3_2_userinfo_may_be_encrypted_only(reader: Application) -> None:
    change(reader, userinfo_encryption_alg="ECDH-ES", userinfo_alg="none")
    answer = reader.userinfo(reader.tokens()["access_token"])
    header, inside = opened(answer.content.decode(), EC, "ECDH-ES")
    assert "cty" not in header
    assert json.loads(inside)["email"] == "lea.martin@example.org"


def test_rfc_8037_a_key_of_curve_25519_receives_but_an_edwards_key_does_not(reader: Application) -> None:
    change(reader, id_token_encryption_alg="ECDH-ES", jwks=key_set(EDWARDS, X25519))
    header, _inside = opened(reader.tokens()["id_token"], X25519, "ECDH-ES")
    assert header["kid"] == "x-any"


def test_rfc_7517_4_2_a_key_meant_for_encryption_goes_first(reader: Application) -> None:
    either = ECKey.generate_key("P-256", {"kid": "either"})
    change(reader, id_token_encryption_alg="ECDH-ES", jwks=key_set(either, EC))
    assert opened(reader.tokens()["id_token"], EC, "ECDH-ES")[0]["kid"] == "ec-enc"


def test_without_a_key_nothing_is_used_up_and_the_application_is_told(reader: Application) -> None:
    change(reader, id_token_encryption_alg="RSA-OAEP-256", jwks=key_set(SIGNS, EDWARDS))
    code = reader.code()
    refused = reader.redeem(code)
    assert (refused.status, refused.body["error"]) == (400, "invalid_client")
    assert "RSA-OAEP-256" in refused.body["error_description"]
    assert Grant.objects.get().code_used_at is None
    change(reader, jwks=key_set(RSA))
    assert reader.redeem(code).status == 200


def test_without_a_key_userinfo_says_nothing_in_clear(reader: Application) -> None:
    token = reader.tokens()["access_token"]
    change(reader, userinfo_encryption_alg="RSA-OAEP-256", jwks={})
    answer = reader.userinfo(token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    assert b"lea.martin" not in answer.content


def test_rfc_9701_introspection_is_encrypted_with_ecdh_es_too(reader: Application) -> None:
    token = reader.tokens(scope="openid groups")["access_token"]
    server = make_client(
        is_resource_server=True,
        scopes=["openid", "groups"],
        jwks=key_set(EC),
        introspection_encryption_alg=Client.EncryptionAlg.ECDH_ES,
    )
    _header, inside = opened(ask(server, token, JWT).content.decode(), EC, "ECDH-ES")
    assert read_jwt(inside, "ES256")[1]["token_introspection"]["active"] is True


def test_an_encrypted_sign_in_signs_out_with_what_was_inside(reader: Application) -> None:
    change(reader, id_token_encryption_alg="ECDH-ES")
    _header, inside = opened(reader.tokens()["id_token"], EC, "ECDH-ES")
    assert reader.browser.get("/oidc/logout", {"id_token_hint": inside}).status_code in {200, 302}
    assert answer_of(reader.authorize(prompt="none"))["error"] == "login_required"


# --- JARM, section 2.2 ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("alg", KEYS)
def test_jarm_2_2_the_answer_is_signed_then_encrypted(reader: Application, alg: str) -> None:
    change(reader, authorization_response_encryption_alg=alg, authorization_response_alg="PS256")
    answer = answer_of(reader.authorize(response_mode="jwt"))
    assert list(answer) == ["response"]
    header, inside = opened(answer["response"], KEYS[alg], alg)
    assert (header["cty"], header["kid"]) == ("JWT", KEYS[alg].kid)
    claims = read_jwt(inside, "PS256")[1]
    assert claims["aud"] == reader.client.client_id
    assert reader.redeem(claims["code"]).status == 200


def test_jarm_2_2_errors_are_encrypted_too_and_in_a_form(reader: Application) -> None:
    change(reader, authorization_response_encryption_alg="ECDH-ES")
    answer = posted_answer_of(reader.authorize(response_mode="form_post.jwt", scope="email"))
    _header, inside = opened(answer["response"], EC, "ECDH-ES")
    assert read_jwt(inside)[1]["error"] == "invalid_scope"


def test_jarm_2_2_a_key_that_goes_away_before_the_answer_is_told_on_a_page(
    reader: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(reader, authorization_response_encryption_alg="ECDH-ES")
    gone = ProtocolError("invalid_client", client_keys.UNREADABLE)
    monkeypatch.setattr(client_keys, "encrypted", Mock(side_effect=gone))
    page = reader.authorize(response_mode="jwt")
    assert (page.status_code, "Location" in page.headers) == (400, False)


def test_jarm_2_2_only_signed_answers_are_encrypted(reader: Application) -> None:
    change(reader, authorization_response_encryption_alg="ECDH-ES")
    assert reader.redeem(answer_of(reader.authorize())["code"]).status == 200


@pytest.mark.parametrize("changes", [{}, {"prompt": "none"}, {"scope": "email"}, {"request": "no.request.object"}])
def test_jarm_2_2_without_a_key_nothing_leaves_in_clear(reader: Application, changes: dict[str, str | None]) -> None:
    change(reader, authorization_response_encryption_alg="RSA-OAEP-256", jwks=key_set(SIGNS, EDWARDS))
    page = reader.authorize(response_mode="jwt", **changes)
    assert page.status_code == 400
    assert "RSA-OAEP-256" in page.content.decode()
    assert not Grant.objects.exists()


def test_jarm_4_metadata_names_what_encrypts(reader: Application) -> None:
    told = reader.server.get("/.well-known/openid-configuration").json()
    assert set(told["authorization_encryption_alg_values_supported"]) == set(KEYS)
    assert told["authorization_encryption_enc_values_supported"] == ["A256GCM"]
