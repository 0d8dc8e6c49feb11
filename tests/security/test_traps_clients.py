"""Traps of applications: how they prove who they are, who may change them, and what they have us fetch."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec as curves
from django.conf import settings
from joserfc.jwk import OctKey

from parvis.lib import safe_fetch
from parvis.oidc import client_keys, clients, sectors
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client
from parvis.oidc.postman import Postman
from tests.factories.fapi import FORM, FapiApplication, b64, sign
from tests.factories.oidc import Application, answer_of, make_client, secret_of
from tests.oidc.test_assertions import JWKS, ask, signed
from tests.oidc.test_registration import MINIMAL, Registrar


# --- 19: who the application is ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [
        {"aud": None},
        {"aud": f"{settings.ISSUER}/oidc/token"},
        {"aud": f"{settings.ISSUER}/"},
        {"aud": [settings.ISSUER]},
        {"aud": [settings.ISSUER, "https://other.example/"]},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 300},
        {"exp": None},
        {"exp": 0},
        {"exp": True},
        {"exp": "tomorrow"},
        {"exp": int(time.time()) - 61},
        {"exp": int(time.time()) + 86_400},
        {"exp": 1e300},
        {"nbf": int(time.time()) + 3_600},
        {"iat": int(time.time()) + 3_600},
        {"iss": "somebody else"},
        {"iss": None},
    ],
)
def test_trap_19_a_proof_is_for_the_issuer_alone_soon_over_and_named(
    signer: Application, changes: dict[str, Any]
) -> None:
    """RFC 7523bis: a proof is for the issuer, alone and as a text, is soon over, and has a name of its own."""
    answer = ask(signer, signed(signer, **changes))
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


def claims_of(app: FapiApplication, **changes: Any) -> dict[str, Any]:
    named = {"iss": app.client.client_id, "sub": app.client.client_id, "aud": settings.ISSUER, "jti": uuid4().hex}
    return named | {"exp": int(time.time()) + 60} | changes


def test_trap_19_a_proof_works_once_at_whichever_endpoint(fapi: FapiApplication) -> None:
    """A proof that somebody saw at one endpoint opens none of the others."""
    given = fapi.credentials()
    assert fapi.post("/oidc/par", fapi.query() | given).status == 201
    assert fapi.redeem(fapi.code(), **given).body["error"] == "invalid_client"


def test_trap_19_a_public_key_is_no_shared_secret_and_none_is_no_signature(fapi: FapiApplication) -> None:
    """The key that is public is no secret to make a MAC with, and `none` signs nothing."""
    text = json.dumps(fapi.key.as_dict(private=False))
    confused = sign(claims_of(fapi), OctKey.import_key(text), "HS256", kid=fapi.key.kid)
    none = f"{b64(json.dumps({'alg': 'none'}).encode())}.{b64(json.dumps(claims_of(fapi)).encode())}."
    code = fapi.code()
    for given in (confused, none):
        assert fapi.redeem(code, client_assertion=given).body["error"] == "invalid_client"
    assert fapi.redeem(code).status == 200


def test_trap_19_a_signed_request_is_no_proof_and_a_proof_is_no_request(fapi: FapiApplication) -> None:
    """One key signs both, and each says what it is for."""
    given = fapi.request_object()
    refused = fapi.post("/oidc/par", fapi.query() | {"client_assertion": given})
    assert refused.body["error"] in {"invalid_client", "invalid_request"}
    assert fapi.push_object(fapi.assertion()).body["error"] == "invalid_request_object"


def test_trap_19_a_registration_is_managed_with_its_own_token_alone(registrar: Registrar) -> None:
    """Canaille: a token of one application, or one that only registers, manages another application."""
    mine, other = registrar.registered(), registrar.registered()
    kept = MINIMAL | {"client_id": other["client_id"]}
    for token in (mine["registration_access_token"], registrar.given, mine["client_secret"], "x"):
        for method, document in (("GET", None), ("PUT", kept), ("DELETE", None)):
            assert registrar.manage(other, method, document, token=token).status == 401
    assert registrar.manage(other, "GET").body["client_id"] == other["client_id"]
    assert registrar.register(MINIMAL, token=mine["registration_access_token"]).status == 401


def test_trap_19_an_application_of_ours_has_no_such_door(registrar: Registrar, client_row: Client) -> None:
    """What an operator or a team registered is not changed by the interface of those that registered themselves."""
    made = registrar.registered()
    theirs = made | {"registration_client_uri": f"/oidc/register?client_id={client_row.client_id}"}
    for token in (registrar.given, made["registration_access_token"], secret_of(client_row)):
        for method in ("GET", "DELETE"):
            assert registrar.manage(theirs, method, token=token).status == 401
    assert Client.objects.filter(pk=client_row.pk, state="active").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"id_token_signed_response_alg": "none"},
        {"userinfo_signed_response_alg": "none-at-all"},
        {"request_object_signing_alg": "none"},
        {"token_endpoint_auth_signing_alg": "none", "token_endpoint_auth_method": "private_key_jwt", "jwks": JWKS},
        {"token_endpoint_auth_signing_alg": "HS256", "token_endpoint_auth_method": "client_secret_jwt"},
    ],
)
def test_trap_19_no_application_registers_to_go_without_signatures(
    registrar: Registrar, changes: dict[str, Any]
) -> None:
    """Canaille 0.3.6: `none` is no algorithm, and neither is a MAC under a secret that travels."""
    answer = registrar.register(MINIMAL | changes)
    assert (answer.status, answer.body["error"]) == (400, "invalid_client_metadata")


def test_trap_19_secrets_overlap_and_the_former_one_ends(app: Application) -> None:
    """A secret that never ends is never changed: two work side by side for a day, then one."""
    new = actions.rotate_secret(client=app.client, by=None, overlap=timedelta(days=1))
    for secret in (secret_of(app.client), new):
        assert app.redeem(app.code(), client_secret=secret).status == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=1)):
        unknown = {"grant_type": "refresh_token", "refresh_token": "x"}
        assert app.post_token(unknown).body["error"] == "invalid_client"
        assert app.post_token(unknown | {"client_secret": new}).body["error"] == "invalid_grant"


# --- 20: addresses that we fetch --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "uri", ["http://169.254.169.254/", "http://127.0.0.1:5432/", "file:///etc/passwd", "https://app.example.org/r"]
)
def test_trap_20_a_request_uri_is_never_fetched(app: Application, monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    """An address out of a request would have us call anybody whom any visitor names."""

    def fetched(*_arguments: Any, **_options: Any) -> bytes:
        pytest.fail("an address out of a request was fetched")

    monkeypatch.setattr(safe_fetch, "get", fetched)
    assert answer_of(app.authorize(request_uri=uri))["error"] == "request_uri_not_supported"
    fields = app.query() | {"client_secret": secret_of(app.client), "request_uri": uri}
    answer = app.server.post("/oidc/par", urlencode(fields), FORM)
    assert answer.json()["error"] == "invalid_request"


# An address of each kind that a name can have and that no stranger may have us call; tests/lib has them all.
PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
]


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[..., list[Any]]:
    """Give every name these addresses, as in production; return the list of what we connect to."""
    settings.IS_DEVELOPMENT = False
    client_keys.forget()
    sectors.forget()
    connected: list[Any] = []

    def connect(address: Any, **_named: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    def names(*addresses: str) -> list[Any]:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_named: found)
        return connected

    monkeypatch.setattr(socket, "create_connection", connect)
    return names


def have_it_fetched(app: Application, registrar: Registrar, uri: str) -> dict[str, Any]:
    """Have each address that an application names fetched, once; return what was answered where."""
    method = Client.AuthMethod.PRIVATE_KEY_JWT
    signer = Application(make_client(token_endpoint_auth_method=method, jwks_uri=uri, redirect_uris=[]))
    sector = MINIMAL | {"subject_type": "pairwise", "sector_identifier_uri": uri}
    Client.objects.filter(pk=app.client.pk).update(backchannel_logout_uri=uri)
    clients.forget()
    app.tokens()
    app.browser.post("/sign-out/")
    return {
        "keys": ask(signer, signed(signer)).body["error"],
        "sector": registrar.register(sector).body["error"],
        "logouts": Postman().deliver(),
    }


REFUSED = {"keys": "invalid_client", "sector": "invalid_client_metadata", "logouts": 0}


@pytest.mark.parametrize("address", PRIVATE)
def test_trap_20_no_name_leads_into_our_own_network(
    app: Application, registrar: Registrar, resolved: Callable[..., list[Any]], address: str
) -> None:
    """CVE-2026-1180, CVE-2026-4366, CVE-2026-1518: a public name whose address is private, alone or among others."""
    connected = resolved("93.184.215.14", address)
    assert have_it_fetched(app, registrar, "https://app.example.org/x") == REFUSED
    assert connected == []


def test_trap_20_the_address_that_was_looked_at_is_the_one_that_is_called(
    app: Application, registrar: Registrar, resolved: Callable[..., list[Any]]
) -> None:
    """A name that has another address a moment later: the connection goes to a number, not to the name."""
    connected = resolved("93.184.215.14")
    assert have_it_fetched(app, registrar, "https://app.example.org/x") == REFUSED
    assert connected == [("93.184.215.14", 443)] * 3


class _Answers(BaseHTTPRequestHandler):
    """An address that answers as its path says."""

    seen: list[str]

    def do_GET(self) -> None:
        """Redirect, or send keys; slowly, too many, or well."""
        self.seen.append(self.path)
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/keys")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        filler = " " * (safe_fetch.MAX_BYTES if self.path == "/large" else 0)
        self.wfile.write((json.dumps(JWKS) + filler).encode())

    def log_message(self, *_arguments: Any) -> None:
        """Stay silent."""


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Serve odd answers on this machine, in the clear or under a certificate that nobody vouches for."""
    servers: list[HTTPServer] = []

    def start(path: str, *, is_tls: bool = False) -> str:
        server = HTTPServer(("127.0.0.1", 0), type("Handler", (_Answers,), {"seen": []}))
        if is_tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(_self_signed(tmp_path))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http{'s' if is_tls else ''}://127.0.0.1:{server.server_port}{path}"

    client_keys.forget()
    yield start
    client_keys.forget()
    for server in servers:
        server.shutdown()
        server.server_close()


def _self_signed(folder: Path) -> Path:
    """Write a certificate for this machine that no authority signed."""
    key = curves.generate_private_key(curves.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    pem = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "server.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, *private) + pem)
    return file


@pytest.mark.parametrize(
    ("path", "is_tls", "is_taken"),
    [("/keys", False, True), ("/redirect", False, False), ("/large", False, False), ("/keys", True, False)],
    ids=["good", "redirect", "too large", "unverified TLS"],
)
def test_trap_20_no_redirect_no_flood_and_no_unverified_server(
    signer: Application, answers: Callable[..., str], path: str, is_tls: bool, is_taken: bool
) -> None:
    """LemonLDAP CVE-2023-44469, Canaille, People's verify=False: what answers is the address itself, and briefly."""
    Client.objects.filter(pk=signer.client.pk).update(jwks={}, jwks_uri=answers(path, is_tls=is_tls))
    clients.forget()
    assert (ask(signer, signed(signer)).status == 200) is is_taken


def test_trap_20_a_logo_is_an_address_that_is_never_fetched(
    registrar: Registrar, resolved: Callable[..., list[Any]]
) -> None:
    """What an application says of itself in addresses is shown to people as text, and asked of nobody by us."""
    connected = resolved("93.184.215.14")
    told = dict.fromkeys(("logo_uri", "policy_uri", "tos_uri", "client_uri"), "https://app.example.org/x")
    assert registrar.register(MINIMAL | told).status == 201
    assert connected == []


# --- 27: more than one has --------------------------------------------------------------------------------------------
def test_trap_27_a_registration_can_be_narrowed_and_not_widened(registrar: Registrar) -> None:
    """Who registers themselves does not give themselves more than they were let in for."""
    made = registrar.registered(scope="openid email")
    sent = MINIMAL | {"client_id": made["client_id"], "scope": "openid email groups"}
    assert registrar.manage(made, "PUT", sent).body["scope"] == "openid email"
