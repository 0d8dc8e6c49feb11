"""The `parvis` command, as a shell sees it."""

import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.patience import PATIENCE

PARVIS = [sys.executable, "-m", "parvis"]
PRODUCTION = {
    "PARVIS_ISSUER": "https://parvis.example.org",
    "PARVIS_OPERATOR_NAME": "Example agency",
    "PARVIS_SECURITY_CONTACT": "security@example.org",
    "PARVIS_TRUSTED_PROXIES": "1",
    "PARVIS_SMTP_HOST": "smtp.example.org",
    "PARVIS_MAIL_FROM": "Parvis <no-reply@example.org>",
}


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    return kept | {"PARVIS_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "parvis.settings"} | more


def parvis(*words: str, env: Mapping[str, str], timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PARVIS, *words], env=env, check=False, capture_output=True, text=True, timeout=timeout)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that `parvis setup` prepared."""
    folder = tmp_path_factory.mktemp("installed") / "data"
    done = parvis("setup", env=environment(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_help_lists_our_commands_and_the_apps(tmp_path: Path) -> None:
    done = parvis("--help", env=environment(tmp_path))
    assert done.returncode == 0
    assert {"run", "setup", "check", "worker", "mail"} <= {
        line.split()[0] for line in done.stdout.splitlines() if line.strip()
    }


def test_help_is_quick(tmp_path: Path) -> None:
    """Measured in processor time, which a busy machine does not change: starting Django alone takes more."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    parvis("--help", env=environment(tmp_path))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.6


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    done = parvis("check", env=environment(tmp_path, PARVIS_PORT="eighty"))
    assert done.returncode == 1
    assert "PARVIS_PORT is not valid: expected a whole number from 1 to 65535." in done.stderr
    assert "Traceback" not in done.stderr


def test_setup_makes_what_is_needed_for_its_user_only(installed: Path) -> None:
    assert stat.S_IMODE(installed.stat().st_mode) == 0o700
    key = installed / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text(encoding="ascii").strip()) >= 64
    assert (installed / "parvis.sqlite3").is_file()
    assert (installed / "static" / "staticfiles.json").is_file()


def test_setup_again_changes_nothing_and_says_nothing(installed: Path) -> None:
    key = (installed / "secret_key").read_bytes()
    done = parvis("setup", env=environment(installed))
    assert (done.returncode, done.stdout) == (0, "")
    assert (installed / "secret_key").read_bytes() == key


def test_setup_closes_a_directory_that_others_could_read(installed: Path) -> None:
    installed.chmod(0o755)
    done = parvis("setup", env=environment(installed))
    assert "closed to other users" in done.stdout
    assert stat.S_IMODE(installed.stat().st_mode) == 0o700


def test_setups_at_once_end_with_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    running = [
        subprocess.Popen([*PARVIS, "setup"], env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _number in range(3)
    ]
    outputs = [process.communicate(timeout=PATIENCE) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], outputs
    assert sum(b"secret key" in out for out, _error in outputs) == 1
    assert sum(b"migrations applied" in out for out, _error in outputs) == 1


def test_check_of_a_development_installation_finds_nothing(installed: Path) -> None:
    done = parvis("check", env=environment(installed))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Development installation at http://127.0.0.1:8000: 0 errors, 0 warnings.\n"


def test_check_of_a_well_set_production_finds_nothing(installed: Path) -> None:
    done = parvis("check", env=environment(installed, **PRODUCTION))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Production installation at https://parvis.example.org: 0 errors, 0 warnings.\n"


def test_check_points_at_a_setting_that_does_not_exist(installed: Path) -> None:
    done = parvis("check", env=environment(installed, PARVIS_SMPT_HOST="mail.example.org"))
    assert done.returncode == 0
    assert "PARVIS_SMPT_HOST is set, but no such setting exists." in done.stderr


def test_check_before_setup_says_to_set_up(tmp_path: Path) -> None:
    done = parvis("check", env=environment(tmp_path / "nothing", **PRODUCTION))
    assert done.returncode == 1
    assert "parvis.E010" in done.stderr
    assert "Run `parvis setup`" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_refuses_to_start_and_says_what_to_set(installed: Path) -> None:
    """Which configurations are refused is in tests/web/test_checks.py."""
    insecure = PRODUCTION | {"PARVIS_ISSUER": "http://parvis.example.org", "PARVIS_SMTP_HOST": ""}
    done = parvis("run", env=environment(installed, **insecure))
    assert done.returncode == 1
    assert "(parvis.E001)" in done.stderr
    assert "Set PARVIS_ISSUER to the public address" in done.stderr
    assert "(parvis.E006)" in done.stderr
    assert "Not started: 2 to mend." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_at_once(installed: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = parvis("run", env=environment(installed, PARVIS_PORT=port))
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr


def test_worker_once_runs_every_job_and_ends(installed: Path) -> None:
    done = parvis("worker", "--once", env=environment(installed))
    assert done.returncode == 0, done.stderr
    assert "job failed" not in done.stderr
