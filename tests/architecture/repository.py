"""What the repository holds, as its own tests read it."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "parvis"


@cache
def files() -> tuple[Path, ...]:
    """Return every file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def named(pattern: str, *, under: str = "") -> list[Path]:
    """Return the files whose path from the root matches a glob, migrations left out (Django writes them)."""
    return [
        file
        for file in files()
        if file.match(pattern)
        and file.relative_to(ROOT).as_posix().startswith(under)
        and not (file.parent.name == "migrations" and file.name[0] == "0")
    ]


def text(file: Path) -> str:
    """Return a file's text."""
    return file.read_text(encoding="utf-8")


def short(file: Path) -> str:
    """Return a file's path from the root."""
    return file.relative_to(ROOT).as_posix()
