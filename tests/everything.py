"""`make test`: each part of the suite that this machine can run, then what ran and what did not.

`--all` makes a part that cannot run a failure: continuous integration installs what every part needs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]


@dataclass
class Part:
    """One run of pytest: what it needs, and how it went."""

    name: str
    arguments: list[str]
    missing: str = ""
    on_postgres: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    failed: bool = False


def parts() -> list[Part]:
    """Return every part, with the Debian package that a part lacks."""
    no_postgres = "" if postgres.programs() else "apt install postgresql"
    no_browser = "" if browser() else "apt install chromium"
    return [
        Part("unit tests on SQLite", []),
        Part("unit tests on PostgreSQL", [], missing=no_postgres, on_postgres=True),
        Part("the wheel in an empty environment", ["-m", "packaging", "-n0", "tests/packaging"]),
        Part("browser tests", ["-m", "e2e", "-n0", "tests/e2e"], missing=no_browser),
    ]


def browser() -> str | None:
    """Return the browser that Playwright drives: no browser is downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def run(part: Part) -> None:
    """Run one part and read its counts from its report."""
    title = f" {part.name} "
    sys.stdout.write(f"\n{title:─^100}\n")
    sys.stdout.flush()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [*PYTEST, *part.arguments, f"--junitxml={report}"]
        if part.on_postgres:
            code = postgres.main(command)
        else:
            code = subprocess.run(command, check=False, env=_without_database()).returncode
        part.counts = read(report)
    part.failed = code != 0
    part.seconds = time.monotonic() - started


def _without_database() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PARVIS_TEST_DATABASE_URL"}


def read(report: Path) -> dict[str, int]:
    """Return how many tests passed, failed and were skipped."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not report.exists():
        return counts
    for suite in ET.parse(report).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        counts["failed"] += failed
        counts["skipped"] += skipped
        counts["passed"] += int(suite.get("tests", 0)) - failed - skipped
    return counts


def main(*, everything: bool) -> int:
    """Run what can run; return the exit code."""
    all_parts = parts()
    for part in all_parts:
        if not part.missing:
            run(part)
    sys.stdout.write(f"\n{' summary ':─^100}\n")
    for part in all_parts:
        sys.stdout.write(f"{describe(part)}\n")
    total = {name: sum(part.counts.get(name, 0) for part in all_parts) for name in ("passed", "failed", "skipped")}
    bad = any(part.failed or (everything and part.missing) for part in all_parts)
    if bad and not total["failed"]:
        total["failed"] = 1  # A part that did not start, or did not end by itself, is a failure too.
    sys.stdout.write(f"\n{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped\n")
    return 1 if bad else 0


def describe(part: Part) -> str:
    """Return a line on how a part went."""
    if part.missing:
        return f"  –  {part.name}: did not run; to run it: {part.missing}"
    counts = ", ".join(f"{number} {name}" for name, number in part.counts.items() if number)
    return f"  {'✗' if part.failed else '✓'}  {part.name}: {counts or 'nothing ran'} in {part.seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main(everything="--all" in sys.argv[1:]))
