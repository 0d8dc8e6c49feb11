"""django-lasuite's resource server, unmodified and in a process of its own, asks about tokens: plain, and sealed."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from joserfc.jwk import RSAKey
from pytest_django.live_server_helper import LiveServer

from parvis.directory.models import User
from parvis.oidc.models import Client
from tests.factories.oidc import Application, make_client, secret_of
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
KEY = RSAKey.generate_key(2048, {"use": "enc"}, private=True)
BACKENDS = ("ResourceServerBackend", "JWTResourceServerBackend")

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="tests/e2e makes django-lasuite's environment")


@pytest.fixture
def server(db: None) -> Client:
    """The resource server, registered with its public key."""
    kind: dict[str, Any] = {"grant_types": ["client_credentials"], "redirect_uris": [], "scopes": ["openid", "groups"]}
    jwks = {"keys": [KEY.as_dict(private=False)]}
    return make_client(is_resource_server=True, jwks=jwks, introspection_encryption_alg="RSA-OAEP", **kind)


def ask(live_server: LiveServer, server: Client, token: str) -> dict[str, Any]:
    """Return what each of the package's two backends made of a token."""
    variables = {
        "PATH": os.environ["PATH"],
        "PEER_AT": live_server.url,
        "PEER_ISSUER": settings.ISSUER,
        "PEER_CLIENT_ID": server.client_id,
        "PEER_CLIENT_SECRET": secret_of(server),
        "PEER_KEY": KEY.as_pem(private=True).decode(),
        "PEER_TOKEN": token,
    }
    script = str(ROOT / "tests" / "peers" / "lasuite_resource_server.py")
    command = [str(PYTHON), script]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_both_backends_accept_a_token_and_refuse_it_once_the_person_is_suspended(
    live_server: LiveServer, app: Application, person: User, server: Client
) -> None:
    token = app.tokens(scope="openid email groups")["access_token"]
    told = ask(live_server, server, token)
    for backend in BACKENDS:
        assert told[backend]["sub"] == str(person.pk), told
        assert told[backend]["client_id"] == app.client.client_id
        assert told[backend]["scope"] == "openid groups"
    User.objects.update(state="suspended")
    told = ask(live_server, server, token)
    assert all(str(told[backend]).startswith("AuthenticationFailed") for backend in BACKENDS), told
