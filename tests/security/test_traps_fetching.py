"""Traps of addresses that others choose and that we call: keys, sectors, sign-outs, logos, requests (20)."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec as curves

from parvis.lib import safe_fetch
from parvis.oidc import client_keys, clients, sectors
from parvis.oidc.models import Client
from parvis.oidc.postman import Postman
from tests.factories.fapi import FORM
from tests.factories.oidc import Application, answer_of, make_client, secret_of
from tests.oidc.test_assertions import JWKS, ask, signed
from tests.oidc.test_registration import MINIMAL, Registrar


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
