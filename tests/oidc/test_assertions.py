"""Applications that prove themselves by a signature: private_key_jwt (RFC 7523; OpenID Connect Core 1.0, section 9)."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import serialize_compact

from parvis.oidc import algorithms, assertions, client_keys, clients, tasks
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client, ClientSecret, UsedAssertion
from tests.factories.oidc import Answer, Application, make_client, secret_of

KEY = ECKey.generate_key("P-256", {"kid": "app-1"}, private=True)
RSA = RSAKey.generate_key(2048, {"kid": "app-2"}, private=True)
OKP = OKPKey.generate_key("Ed25519", {"kid": "app-3"}, private=True)
JWKS = {"keys": [key.as_dict(private=False) for key in (KEY, RSA, OKP)]}


@pytest.fixture
def signer(signing_keys: None) -> Application:
    """An application that acts for itself, and signs to prove it."""
    method = Client.AuthMethod.PRIVATE_KEY_JWT
    values: dict[str, Any] = {"grant_types": ["client_credentials"], "redirect_uris": [], "jwks": JWKS}
    return Application(make_client(token_endpoint_auth_method=method, **values))


def signed(app: Application, key: Key = KEY, alg: str = "ES256", header: Any = None, **changes: Any) -> str:
    """Return an assertion; None removes a claim."""
    claims = {
        "iss": app.client.client_id,
        "sub": app.client.client_id,
        "aud": settings.ISSUER,
        "jti": str(uuid4()),
        "exp": int(time.time()) + 60,
        "iat": int(time.time()),
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    told = {"alg": alg, "kid": key.kid} | (header or {})
    registry = None if alg == "HS256" else algorithms.REGISTRY
    return serialize_compact(told, json.dumps(kept), key, registry=registry)


def ask(app: Application, assertion: str, **fields: str | None) -> Answer:
    proof: dict[str, str | None] = {"client_assertion_type": assertions.TYPE, "client_assertion": assertion}
    known: dict[str, str | None] = {"client_id": None, "client_secret": None}
    return app.post_token({"grant_type": "client_credentials"} | known | proof | fields)


@pytest.mark.parametrize(
    ("key", "alg"), [(KEY, "ES256"), (RSA, "RS256"), (RSA, "PS256"), (OKP, "EdDSA"), (OKP, "Ed25519")]
)
def test_rfc7523_3_a_signature_by_a_registered_key_is_proof(signer: Application, key: Key, alg: str) -> None:
    answer = ask(signer, signed(signer, key, alg))
    assert (answer.status, answer.body.get("error_description")) == (200, None)


def test_rfc7521_4_2_client_id_may_stand_beside_if_it_is_the_same(signer: Application) -> None:
    assert ask(signer, signed(signer), client_id=signer.client.client_id).status == 200
    other = ask(signer, signed(signer), client_id=make_client().client_id)
    assert (other.status, other.body["error"]) == (400, "invalid_request")


def test_rfc7523_3_jti_works_once(signer: Application) -> None:
    assertion = signed(signer)
    assert ask(signer, assertion).status == 200
    again = ask(signer, assertion)
    assert (again.status, again.body["error"]) == (401, "invalid_client")
    assert "jti" in again.body["error_description"]
    assert ask(signer, signed(signer, jti="\ud800")).status == 200


def test_two_applications_may_choose_the_same_jti(signer: Application) -> None:
    other = Application(make_client(token_endpoint_auth_method="private_key_jwt", jwks=JWKS))
    Client.objects.update(grant_types=["client_credentials"])
    clients.forget()
    assert [ask(app, signed(app, jti="same")).status for app in (signer, other)] == [200, 200]


def test_a_used_jti_is_kept_until_its_proof_has_expired(signer: Application) -> None:
    ask(signer, signed(signer))
    tasks.purge()
    assert UsedAssertion.objects.count() == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=90)):
        tasks.purge()
        assert UsedAssertion.objects.count() == 1, "it has expired, but clocks may differ by a minute"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=3)):
        tasks.purge()
    assert not UsedAssertion.objects.exists()


def test_a_key_that_is_not_registered_proves_nothing(signer: Application) -> None:
    stranger = ECKey.generate_key("P-256", {"kid": "app-1"}, private=True)
    assert ask(signer, signed(signer, stranger)).body["error"] == "invalid_client"
    assert ask(signer, signed(signer, header={"kid": "unknown"})).body["error"] == "invalid_client"


def test_the_registered_algorithm_is_the_only_one(signer: Application) -> None:
    Client.objects.filter(pk=signer.client.pk).update(token_endpoint_auth_signing_alg="PS256")
    assert ask(signer, signed(signer)).status == 401
    assert ask(signer, signed(signer, RSA, "PS256")).status == 200


@pytest.mark.parametrize("assertion", ["x", "a.b.c", "é", "e30.e30.", "eyJhbGciOiJFUzI1NiJ9.WyJhIl0.c2ln", "x" * 9_000])
def test_what_is_no_jwt_is_invalid_client(signer: Application, assertion: str) -> None:
    assert ask(signer, assertion).body["error"] == "invalid_client"


def test_the_type_of_the_assertion_is_said(signer: Application) -> None:
    for kind in (None, "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"):
        assert ask(signer, signed(signer), client_assertion_type=kind).body["error"] == "invalid_request"


def test_a_secret_and_a_signature_do_not_replace_each_other(signer: Application, app: Application) -> None:
    ClientSecret.objects.get_or_create(client=signer.client, digest="0" * 64)
    assert signer.post_token({"grant_type": "client_credentials"}).status == 401
    assert ask(app, signed(app)).status == 401
    both = ask(signer, signed(signer), client_id=signer.client.client_id, client_secret=secret_of(signer.client))
    assert both.body["error"] == "invalid_request"


# --- Keys by address --------------------------------------------------------------------------------------------------
class KeyServer(BaseHTTPRequestHandler):
    """An application's address of public keys."""

    keys: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[int] = 0

    def do_GET(self) -> None:
        """Answer with the keys of now."""
        type(self).asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.keys).encode())

    def log_message(self, *_arguments: Any) -> None:
        """Stay silent."""


@pytest.fixture
def jwks_uri() -> Iterator[str]:
    """Serve keys on this machine."""
    server = HTTPServer(("127.0.0.1", 0), KeyServer)
    KeyServer.keys, KeyServer.asked = JWKS, 0
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    client_keys.forget()
    yield f"http://127.0.0.1:{server.server_port}/jwks"
    server.shutdown()
    thread.join()
    server.server_close()
    client_keys.forget()


def test_jwks_uri_is_asked_once_for_many_requests(signer: Application, jwks_uri: str) -> None:
    Client.objects.filter(pk=signer.client.pk).update(jwks={}, jwks_uri=jwks_uri)
    assert [ask(signer, signed(signer)).status for _turn in range(3)] == [200, 200, 200]
    assert KeyServer.asked == 1


def test_a_new_key_is_found_but_unknown_ones_do_not_make_us_hammer(
    signer: Application, jwks_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client.objects.filter(pk=signer.client.pk).update(jwks={}, jwks_uri=jwks_uri)
    assert ask(signer, signed(signer)).status == 200
    new = ECKey.generate_key("P-256", {"kid": "app-9"}, private=True)
    KeyServer.keys = {"keys": [new.as_dict(private=False)]}
    assert [ask(signer, signed(signer, new)).status for _turn in range(2)] == [401, 401]
    assert KeyServer.asked == 1
    monkeypatch.setattr(client_keys, "RETRY_AFTER", 0.0)
    assert ask(signer, signed(signer, new)).status == 200
    assert KeyServer.asked == 2


# --- Registration -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "jwks"),
        ({"jwks": {"keys": "x"}}, "jwks"),
        ({"jwks": {"keys": [{"kty": "EC"}]}}, "jwks"),
        ({"jwks": {"keys": [KEY.as_dict(private=True)]}}, "jwks"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}, "jwks"),
        ({"jwks": JWKS, "jwks_uri": "https://app.example.org/jwks"}, "jwks_uri"),
        ({"jwks_uri": "http://app.example.org/jwks"}, "jwks_uri"),
        ({"jwks": JWKS, "token_endpoint_auth_signing_alg": "HS256"}, "token_endpoint_auth_signing_alg"),
    ],
)
def test_registered_keys_are_public_and_usable(db: None, changes: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}
    with pytest.raises(ValidationError) as refused:
        actions.create_client(by=None, name_fr="M", name_en="M", **given | changes)
    assert set(refused.value.message_dict) == {field}


def test_who_signs_has_no_secret(db: None) -> None:
    given: dict[str, Any] = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}
    client, secret = actions.create_client(by=None, name_fr="M", name_en="M", jwks=JWKS, **given)
    assert (secret, client.secrets.count()) == ("", 0)
    with pytest.raises(ValidationError):
        actions.rotate_secret(client=client, by=None)
