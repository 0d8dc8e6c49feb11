"""The wheel holds all that pages need, installs in an empty environment, and runs from there."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.patience import PATIENCE

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `make wheel` does."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [file] = folder.glob("parvis-*.whl")
    return file


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an empty environment with the locked requirements and the wheel."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements/base.txt")], check=True)
    # Whatever the wheel wants beyond the locked requirements is missing here, and fails.
    subprocess.run([*pip, "--no-index", str(wheel)], check=True)
    subprocess.run([*pip[:3], "check"], check=True)
    return folder / "bin"


@pytest.fixture(scope="session")
def server(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `parvis run`, started away from the repository."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    env = kept | {"PARVIS_DATA_DIR": str(home / "data"), "PARVIS_PORT": str(port), "PARVIS_WORKERS": "1"}
    log = home / "log"
    with log.open("w") as output:
        process = subprocess.Popen([installed / "parvis", "run"], cwd=home, env=env, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                fetch(f"{address}/readyz")
                break
            except OSError:
                time.sleep(0.3)
        else:
            pytest.fail(log.read_text())
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def fetch(address: str, language: str = "fr") -> str:
    request = urllib.request.Request(address, headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
        return text


def test_the_wheel_holds_styles_and_messages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {file.relative_to(ROOT).as_posix() for file in ROOT.glob("parvis/*/locale/*/LC_MESSAGES/django.po")}
    assert sources
    assert {name.removesuffix(".po") + ".mo" for name in sources} <= names
    assert any(name.endswith("static/vendor/designsystemet.css") for name in names)
    assert any(name.endswith(".woff2") for name in names)
    assert not any(name.startswith(("tests/", "docs/")) for name in names)


def test_it_is_ready(server: str) -> None:
    assert fetch(f"{server}/readyz") == '{"status": "ready"}'


def test_its_pages_speak_french_and_are_styled(server: str) -> None:
    page = fetch(f"{server}/")
    assert '<html lang="fr"' in page
    assert "Se connecter" in page
    assert "Sign in" in fetch(f"{server}/", language="en")
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets
    for sheet in sheets:
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet), "styles are served under hashed names"
        assert "{" in fetch(server + sheet)
