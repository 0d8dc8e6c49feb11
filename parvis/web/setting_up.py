"""What `parvis setup` does, in order; each step finds its own work done when it runs again."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from parvis import __version__
from parvis.lib.database import pending_migrations
from parvis.lib.setup_steps import steps

LOCK_NUMBER = 0x70617276
"""Names our advisory lock on PostgreSQL ("parv"), so that two machines do not migrate at once."""


def everything() -> Iterator[str]:
    """Prepare the installation, and yield a line for each thing that was done."""
    yield from _data_directory()
    yield from _secret_key()
    with _database_lock():
        yield from _migrations()
        for name, step in steps.items():
            if line := step():
                yield f"{name}: {line}"
    yield from _static_files()


def _data_directory() -> Iterator[str]:
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield f"folder: {folder}"
    if settings.DATA_DIR.stat().st_mode & 0o077:
        settings.DATA_DIR.chmod(0o700)
        yield f"folder: {settings.DATA_DIR} is now closed to other users"


def _secret_key() -> Iterator[str]:
    """Write the key once: to a file of its own first, so that nobody ever reads half a key."""
    file = settings.DATA_DIR / "secret_key"
    if file.exists() or os.environ.get("PARVIS_SECRET_KEY"):
        return
    draft = file.with_name(f".secret_key.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(FileExistsError):  # Another process was quicker: its key is the key.
        os.link(draft, file)
    draft.unlink()
    settings.SECRET_KEY = file.read_text(encoding="ascii").strip()
    yield f"secret key: {file}"


@contextmanager
def _database_lock() -> Iterator[None]:
    """Let only one machine at a time change the tables; on SQLite the file lock of the data directory does it."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])


def _migrations() -> Iterator[str]:
    if missing := pending_migrations():
        call_command("migrate", verbosity=0, interactive=False)
        yield f"database: {len(missing)} migrations applied"


def _static_files() -> Iterator[str]:
    """Collect styles and scripts under hashed names, unless the same files were collected before."""
    stamp = settings.STATIC_ROOT / ".collected"
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    settings.STATIC_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted, encoding="ascii")
    yield f"styles: {settings.STATIC_ROOT}"


def _fingerprint() -> str:
    """Return a digest of the version and of each source file's name, size and time."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}:{status.st_size}:{status.st_mtime_ns};".encode())
    return digest.hexdigest()
