"""What may be wrong with an installation, each problem in words and with what to set.

Errors keep a production `parvis run` from starting; warnings do not. The ids are stable: documentation and operators'
monitoring may name them.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks  # noqa: A004 - Django's own name
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from parvis.lib import env
from parvis.lib.database import pending_migrations

TAG = "parvis"
SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 10
OLDEST_POSTGRESQL = 150_000
LARGEST_SKEW = timedelta(seconds=5)
Finder = Callable[[], Iterator[CheckMessage]]


def problems() -> list[CheckMessage]:
    """Return Django's own errors, then ours, most serious first."""
    found = [*run_checks(), *run_checks(tags=[TAG], include_deployment_checks=True)]
    return sorted((problem for problem in found if not problem.is_silenced()), key=lambda problem: -problem.level)


def _finder(function: Finder) -> Finder:
    """Register a generator of problems as a check of deployments: tests and development commands do not run it."""

    def check(**_options: Any) -> Iterable[CheckMessage]:
        return list(function())

    check.__name__ = function.__name__
    register(check, TAG, deploy=True)
    return function


@_finder
def address() -> Iterator[CheckMessage]:
    """Look at the address that people, applications and mails use."""
    issuer = urlsplit(settings.ISSUER)
    if settings.IS_PRODUCTION and issuer.scheme != "https":
        yield Error(
            f"People would reach {settings.ISSUER} without encryption.",
            hint="Set PARVIS_ISSUER to the public address, starting with https://. A reverse proxy holds the\n"
            "certificate; see docs/how-to/nginx.md.",
            id="parvis.E001",
        )
    if issuer.path or issuer.query or issuer.fragment or issuer.username or not issuer.hostname:
        yield Error(
            f"PARVIS_ISSUER is {settings.ISSUER}, but it has to be a bare address.",
            hint="Write only the scheme, host and port, such as https://parvis.example.org.",
            id="parvis.E002",
        )


@_finder
def secret_key() -> Iterator[CheckMessage]:
    """Look at the key under sessions, signed links and stored secrets."""
    file = settings.DATA_DIR / "secret_key"
    given = env.text("PARVIS_SECRET_KEY")
    if not given and not file.is_file():
        yield Error(
            "There is no secret key yet, so every restart would sign everybody out.",
            hint="Run `parvis setup`, which writes one into the data directory, or set PARVIS_SECRET_KEY.",
            id="parvis.E003",
        )
    elif len(settings.SECRET_KEY) < SHORTEST_SECRET or len(set(settings.SECRET_KEY)) < FEWEST_CHARACTERS:
        yield Error(
            "The secret key is too short or too regular to resist guessing.",
            hint=f"Use at least {SHORTEST_SECRET} random characters, or unset PARVIS_SECRET_KEY.",
            id="parvis.E004",
        )
    if not given and file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Error(
            "Other users of this machine can read the secret key.",
            hint=f"Run: chmod 600 {file}",
            id="parvis.E005",
        )


@_finder
def mail() -> Iterator[CheckMessage]:
    """Look at whether sign-in codes can leave."""
    if not settings.IS_PRODUCTION:
        return
    if not settings.EMAIL_HOST:
        yield Error(
            "No mail server is set, so nobody could receive a sign-in code.",
            hint="Set PARVIS_SMTP_HOST, and PARVIS_SMTP_USER and PARVIS_SMTP_PASSWORD when the server asks for them.",
            id="parvis.E006",
        )
    try:
        validate_email(settings.MAIL_FROM.rpartition("<")[2].rstrip("> "))
    except ValidationError:
        yield Error(
            "No sender is set for mails.",
            hint="Set PARVIS_MAIL_FROM to an address of your domain, such as no-reply@example.org.",
            id="parvis.E007",
        )
    if settings.EMAIL_HOST and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield Warning(
            "Mails travel to the mail server without encryption.",
            hint="Set PARVIS_SMTP_SECURITY to starttls or tls, unless the server is on this machine.",
            id="parvis.W008",
        )


@_finder
def data_directory() -> Iterator[CheckMessage]:
    """Look at the folder of the key, the files and, on SQLite, the database."""
    folder = settings.DATA_DIR
    if not folder.is_dir():
        yield Error(
            f"The data directory {folder} does not exist.",
            hint="Run `parvis setup`, or set PARVIS_DATA_DIR to where it is.",
            id="parvis.E010",
        )
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Error(
            f"This user cannot write into the data directory {folder}.",
            hint="Give it to the user that runs Parvis: chown -R USER " + str(folder),
            id="parvis.E011",
        )
    elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Error(
            f"Other users of this machine can look into the data directory {folder}.",
            hint=f"Run: chmod 700 {folder}",
            id="parvis.E012",
        )
    if settings.IS_PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        yield Error(
            "Styles and scripts were not prepared, so pages would be bare.",
            hint="Run `parvis setup`.",
            id="parvis.E013",
        )


@_finder
def database() -> Iterator[CheckMessage]:
    """Look at whether the database answers, is recent enough and holds this version's tables."""
    try:
        connection.ensure_connection()
        missing = pending_migrations()
    except DatabaseError as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[-1]
        yield Error(
            f"The database does not answer: {reason}",
            hint="Check PARVIS_DATABASE_URL and that the database server runs and lets this machine in.",
            id="parvis.E014",
        )
        return
    if missing:
        yield Error(
            f"The database lacks {len(missing)} changes of this version (first: {missing[0]}).",
            hint="Run `parvis setup`. Make a backup first when the installation is in use.",
            id="parvis.E015",
        )
    version = getattr(connection, "pg_version", OLDEST_POSTGRESQL) if connection.vendor == "postgresql" else None
    if version is not None and version < OLDEST_POSTGRESQL:
        yield Error("PostgreSQL is too old.", hint="Use PostgreSQL 15 or later.", id="parvis.E016")
    if not missing:
        yield from _clock()


def _clock() -> Iterator[CheckMessage]:
    """Compare this machine's clock with the past it has written, and with the database server's."""
    now = datetime.now(UTC)
    latest = MigrationRecorder(connection).migration_qs.order_by("-applied").values_list("applied", flat=True).first()
    behind = latest is not None and latest - now > LARGEST_SKEW
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            behind = behind or abs(cursor.fetchone()[0] - datetime.now(UTC)) > LARGEST_SKEW
    if behind:
        yield Error(
            "This machine's clock is wrong: it differs from the database's, or is earlier than its last change.",
            hint="Codes and tokens live for minutes: keep the clock right with systemd-timesyncd or chrony.",
            id="parvis.E017",
        )


@_finder
def operator() -> Iterator[CheckMessage]:
    """Look at what legal pages and security researchers need."""
    if not settings.IS_PRODUCTION:
        return
    if not env.text("PARVIS_OPERATOR_NAME"):
        yield Error(
            "Nobody says who runs this installation, which the legal notice has to tell.",
            hint="Set PARVIS_OPERATOR_NAME to the name of your organisation.",
            id="parvis.E018",
        )
    if "@" not in settings.SECURITY_CONTACT and not settings.SECURITY_CONTACT.startswith("https://"):
        yield Error(
            "Nobody can be told of a security problem.",
            hint="Set PARVIS_SECURITY_CONTACT to an address that is read, or to an https:// page.",
            id="parvis.E019",
        )


@_finder
def proxies() -> Iterator[CheckMessage]:
    """Look at whether visitors can be told apart behind the reverse proxy."""
    if settings.IS_PRODUCTION and settings.TRUSTED_PROXIES == 0:
        yield Error(
            "Parvis does not know how many reverse proxies stand in front: all visitors would share one address.",
            hint="Set PARVIS_TRUSTED_PROXIES to their number, 1 for the nginx of docs/how-to/nginx.md.",
            id="parvis.E020",
        )


@_finder
def unknown_settings() -> Iterator[CheckMessage]:
    """Look for variables that nothing reads: most are spelling mistakes."""
    for name in sorted(name for name in os.environ if name.startswith("PARVIS_") and name not in env.known):
        yield Warning(
            f"{name} is set, but no such setting exists.",
            hint="Look for its name in docs/reference/settings.md.",
            id="parvis.W021",
        )
