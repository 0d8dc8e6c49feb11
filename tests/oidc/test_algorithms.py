"""Signatures by each algorithm, and the keys that they need."""

import base64
import hashlib
import json
from typing import Any

import pytest
from click.testing import CliRunner
from joserfc.jws import deserialize_compact

from parvis.directory.models import User
from parvis.oidc import algorithms, keys
from parvis.oidc.actions import clients as actions
from parvis.oidc.actions import keys as key_actions
from parvis.oidc.algorithms import OURS, REGISTRY
from parvis.oidc.cli import keys as command
from parvis.oidc.models import SigningKey
from tests.factories.oidc import Application, make_client, published_keys, read_jwt


@pytest.mark.parametrize("alg", OURS)
def test_core_2_id_tokens_are_signed_as_each_application_wishes(signing_keys: None, person: User, alg: str) -> None:
    app = Application(make_client(id_token_alg=alg, userinfo_alg=alg)).sign_in_as(person)
    tokens = app.tokens()
    header, claims = read_jwt(tokens["id_token"], alg)
    assert (header["alg"], claims["sub"]) == (alg, str(person.pk))
    told = app.userinfo(tokens["access_token"])
    assert told.headers["Content-Type"] == "application/jwt"
    assert read_jwt(told.content.decode(), alg)[0]["alg"] == alg


@pytest.mark.parametrize(("alg", "digest"), [("PS256", hashlib.sha256), ("EdDSA", hashlib.sha512)])
def test_core_3_1_3_6_at_hash_is_half_of_the_digest_of_the_algorithm(
    signing_keys: None, person: User, alg: str, digest: type
) -> None:
    tokens = Application(make_client(id_token_alg=alg)).sign_in_as(person).tokens()
    whole = digest(tokens["access_token"].encode()).digest()
    expected = base64.urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()
    assert read_jwt(tokens["id_token"], alg)[1]["at_hash"] == expected


@pytest.mark.parametrize("alg", OURS)
def test_rfc_9068_access_tokens_of_applications_are_signed_as_they_wish(signing_keys: None, alg: str) -> None:
    client = make_client(grant_types=["client_credentials"], access_token_alg=alg, scopes=["openid", "groups"])
    token = Application(client).post_token({"grant_type": "client_credentials"}).body["access_token"]
    found = deserialize_compact(token, published_keys(), registry=REGISTRY)
    assert found.headers()["alg"] == alg
    assert keys.verify_live(token) is not None
    assert json.loads(found.payload)["scope"] == "groups"


def test_rfc_8725_3_1_each_key_is_for_one_algorithm(signing_keys: None) -> None:
    shown = {key.alg: key for key in published_keys().keys}
    assert set(shown) == set(OURS)
    assert shown["RS256"].as_dict()["n"] != shown["PS256"].as_dict()["n"]
    assert shown["EdDSA"].as_dict()["crv"] == "Ed25519"


def test_a_rarer_key_is_made_when_an_application_first_asks_for_it(db: None) -> None:
    key_actions.create_first_keys()
    assert key_actions.in_use() == ["RS256", "ES256"]
    settings: dict[str, Any] = {"name_fr": "A", "name_en": "A", "redirect_uris": ["https://a.example.org/"]}
    client, _secret = actions.create_client(by=None, **settings, id_token_alg="EdDSA")
    assert key_actions.in_use() == ["RS256", "ES256", "EdDSA"]
    actions.update_client(client=client, by=None, userinfo_alg="PS256")
    assert key_actions.in_use() == list(OURS)
    actions.update_client(client=client, by=None, name_fr="B")
    assert SigningKey.objects.count() == len(OURS)


def test_rotation_by_command_leaves_alone_what_nobody_uses(db: None) -> None:
    """A new Ed25519 key in the set would stop the Foundation's module `oidcc-server-rotate-keys`."""
    key_actions.create_first_keys()
    printed = CliRunner().invoke(command, ["rotate", "--json"])
    assert [key["alg"] for key in json.loads(printed.output)] == ["RS256", "ES256"]


@pytest.mark.parametrize("alg", OURS)
def test_a_key_loads_as_it_was_made(alg: str) -> None:
    kid, pem = algorithms.generate(alg)
    pair = algorithms.load(alg, kid, pem)
    assert (pair.kid, pair.alg, pair.thumbprint()) == (kid, alg, kid)
