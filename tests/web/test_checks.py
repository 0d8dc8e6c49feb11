"""What keeps a production installation from starting, each with what to set."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.checks import CheckMessage
from django.db import OperationalError, connection, connections

from parvis.web import checks

Found = Callable[[], list[str]]
GOOD = {
    "PARVIS_SECRET_KEY": "correct-horse-battery-staple-0123456789-abcdefghijklmnop",
    "PARVIS_OPERATOR_NAME": "Example agency",
}


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A production installation without fault, and its data directory."""
    folder = tmp_path / "data"
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "staticfiles.json").write_text("{}")
    folder.chmod(0o700)
    for name in [name for name in os.environ if name.startswith("PARVIS_")]:
        monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    settings.IS_PRODUCTION, settings.IS_DEVELOPMENT = True, False
    settings.ISSUER = "https://parvis.example.org"
    settings.SECRET_KEY = GOOD["PARVIS_SECRET_KEY"]
    settings.DATA_DIR, settings.STATIC_ROOT = folder, folder / "static"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "smtp.example.org", True, False
    settings.MAIL_FROM = "Parvis <no-reply@example.org>"
    settings.SECURITY_CONTACT = "security@example.org"
    settings.TRUSTED_PROXIES = 1
    return folder


@pytest.fixture
def found(db: None) -> Found:
    """Return the ids of our problems."""
    return lambda: [str(problem.id) for problem in checks.problems() if str(problem.id).startswith("parvis.")]


def test_a_well_set_installation_has_no_problem(production: Path, found: Found) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "problems"),
    [
        ("ISSUER", "http://parvis.example.org", ["parvis.E001"]),
        ("ISSUER", "https://parvis.example.org/door", ["parvis.E002"]),
        ("ISSUER", "https://user@parvis.example.org", ["parvis.E002"]),
        ("ISSUER", "https://", ["parvis.E002"]),
        ("SECRET_KEY", "changeme", ["parvis.E004"]),
        ("SECRET_KEY", "a" * 80, ["parvis.E004"]),
        ("EMAIL_HOST", "", ["parvis.E006"]),
        ("MAIL_FROM", "", ["parvis.E007"]),
        ("MAIL_FROM", "nobody", ["parvis.E007"]),
        ("EMAIL_USE_TLS", False, ["parvis.W008"]),
        ("SECURITY_CONTACT", "", ["parvis.E019"]),
        ("SECURITY_CONTACT", "https://example.org/security", []),
        ("TRUSTED_PROXIES", 0, ["parvis.E020"]),
    ],
)
def test_each_setting_that_cannot_be_left_so(
    production: Path, found: Found, settings: Any, name: str, value: object, problems: list[str]
) -> None:
    setattr(settings, name, value)
    assert found() == problems


def test_development_asks_for_none_of_it(production: Path, found: Found, settings: Any) -> None:
    settings.IS_PRODUCTION, settings.ISSUER = False, "http://127.0.0.1:8000"
    settings.EMAIL_HOST = settings.MAIL_FROM = settings.SECURITY_CONTACT = ""
    settings.TRUSTED_PROXIES = 0
    assert found() == []


def test_the_operator_has_a_name(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARVIS_OPERATOR_NAME")
    assert found() == ["parvis.E018"]


def test_a_key_is_there(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARVIS_SECRET_KEY")
    assert found() == ["parvis.E003"]


def test_the_key_s_file_is_its_user_s_only(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARVIS_SECRET_KEY")
    key = production / "secret_key"
    key.write_text(GOOD["PARVIS_SECRET_KEY"])
    key.chmod(0o640)
    assert found() == ["parvis.E005"]
    key.chmod(0o600)
    assert found() == []


def test_the_data_directory_is_its_user_s_only(production: Path, found: Found) -> None:
    production.chmod(0o750)
    assert found() == ["parvis.E012"]


def test_the_data_directory_is_there(production: Path, found: Found, settings: Any) -> None:
    settings.DATA_DIR = production / "elsewhere"
    assert found() == ["parvis.E010"]


def test_the_data_directory_can_be_written(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    assert found() == ["parvis.E011"]


def test_styles_were_collected(production: Path, found: Found) -> None:
    (production / "static" / "staticfiles.json").unlink()
    assert found() == ["parvis.E013"]


def test_a_database_that_is_away_is_said_with_its_reason(
    production: Path, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[str]:
        raise OperationalError("connection failed: the server is not running")

    monkeypatch.setattr(checks, "pending_migrations", away)
    assert found() == ["parvis.E014"]
    [problem] = list(checks.database())
    assert problem.msg == "The database does not answer: connection failed: the server is not running"


def test_missing_migrations_are_counted(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "pending_migrations", lambda: ["mail.0002_more", "mail.0003_most"])
    assert found() == ["parvis.E015"]
    [problem] = list(checks.database())
    assert problem.msg == "The database lacks 2 changes of this version (first: mail.0002_more)."


def test_an_old_postgresql_is_refused(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    monkeypatch.setattr(connections["default"], "pg_version", 140_011)
    assert found() == ["parvis.E016"]


def test_a_clock_that_is_behind_its_own_past_is_said(production: Path, found: Found) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=365), tick=True):
        assert found() == ["parvis.E017"]


def test_a_misspelt_setting_is_a_warning(production: Path, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARVIS_SMPT_HOST", "smtp.example.org")
    assert found() == ["parvis.W021"]


def test_every_problem_says_what_to_do(production: Path, settings: Any, db: None) -> None:
    settings.ISSUER, settings.SECRET_KEY, settings.MAIL_FROM, settings.TRUSTED_PROXIES = "http://a.example", "x", "", 0
    settings.EMAIL_HOST = settings.SECURITY_CONTACT = ""
    problems: list[CheckMessage] = checks.problems()
    assert len(problems) >= 6
    assert all(problem.hint for problem in problems)
    assert [problem.level for problem in problems] == sorted((problem.level for problem in problems), reverse=True)
