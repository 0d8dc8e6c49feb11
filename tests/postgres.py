"""A throw-away PostgreSQL cluster for tests: `python -m tests.postgres COMMAND...` runs a command with it.

The server listens on a Unix socket in a temporary folder, keeps nothing, and runs as another user when we are root,
because PostgreSQL refuses root.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

HINT = "PostgreSQL is not installed: apt install postgresql"
# Nothing has to survive, and parallel tests open many connections.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


def programs() -> Path | None:
    """Return the folder of the newest installed server's programs."""
    found = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    newest = max(found, key=lambda folder: int(folder.parent.name), default=None)
    other = shutil.which("initdb")
    return newest or (Path(other).parent if other else None)


def _owner() -> str | None:
    """Return whom the server runs as: ourselves, or somebody without rights when we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def cluster(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start a cluster, with other settings where a benchmark wants durability, and yield the URL of its database."""
    folder = programs()
    if folder is None:
        raise RuntimeError(HINT)
    owner = _owner()
    home = Path(tempfile.mkdtemp(prefix="parvis-pg-", dir="/tmp"))
    if owner:
        shutil.chown(home, owner)
    data, log = str(home / "data"), str(home / "log")
    options = " ".join([*(f"-c {name}='{value}'" for name, value in (settings or SETTINGS).items()), f"-k {home}"])

    def call(program: str, *arguments: str) -> None:
        subprocess.run([folder / program, *arguments], check=True, user=owner, cwd=home, stdout=subprocess.DEVNULL)

    call("initdb", "-D", data, "-U", "parvis", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    try:
        call("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        call("createdb", "-h", str(home), "-U", "parvis", "parvis")
        yield f"postgresql://parvis@/parvis?host={quote(str(home), safe='')}"
    finally:
        subprocess.run(
            [folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"],
            check=False,
            user=owner,
            cwd=home,
            stdout=subprocess.DEVNULL,
        )
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run a command with PARVIS_TEST_DATABASE_URL set."""
    try:
        with cluster() as url:
            return subprocess.run(command, check=False, env=os.environ | {"PARVIS_TEST_DATABASE_URL": url}).returncode
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
