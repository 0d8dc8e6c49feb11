#!/usr/bin/env python
"""Writes docs/conformance.md: runs the tests of the OpenID Foundation's modules, and says of each how it went."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "conformance" / "oidc"
PAGE = ROOT / "docs" / "conformance.md"
FORM_POST = ("Form Post OP", "oidcc-formpost-basic-certification-test-plan")
HEAD = """\
# Conformance

<!-- Written by docs/conformance.py (`make conformance`) from the tests that it ran; change them, not this page. -->

Each module of the OpenID Foundation's certification plans has a test of ours, written from the specifications, which
asserts what the module asserts. Continuous integration runs them all, on SQLite and on PostgreSQL. They are not a
certification: [the official suite can be run](how-to/conformance.md) against an installation with the configuration
that comes with the product, and [what it said](conformance-official.md) is told as it came.

OIDCC is OpenID Connect Core 1.0, OIDCD Discovery, OIDCR Dynamic Client Registration, OIDCRIL, OIDCBCL and OIDCFCL the
three logout specifications, PAR RFC 9126, JAR RFC 9101, DPOP RFC 9449, FAPI2-SP and FAPI2-MS the FAPI 2.0 Security
Profile and Message Signing.
"""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a plan: what the official suite calls it, the clauses, and the test that asserts the same."""

    name: str
    clauses: str
    file: str
    test: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A certification plan."""

    name: str
    official: str
    modules: list[Module]


def plans() -> list[Plan]:
    """Read the plans; Form Post is Basic with the answers in a form."""
    found: list[Plan] = []
    for line in (TESTS / "modules.txt").read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.removeprefix("#").split("|")]
        if line.startswith("#"):
            found.append(Plan(parts[0], parts[1], []))
        elif line:
            file, _colons, test = parts[2].partition("::")
            found[-1].modules.append(Module(parts[0], parts[1], file, test))
    basic = found[0].modules
    posted = [
        Module(one.name, one.clauses, "test_form_post", one.test) if one.file == "test_basic" else one for one in basic
    ]
    return [found[0], Plan(*FORM_POST, posted), *found[1:]]


def outcomes() -> dict[tuple[str, str], str]:
    """Run the tests; return what became of each function: `passes`, `fails`, or why it is refused on purpose."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "tests/conformance/oidc", f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, check=False)
        return read(report)


def read(report: Path) -> dict[tuple[str, str], str]:
    """Read a report of pytest; the cases of one function count together."""
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - written by pytest a moment ago
        file = case.get("classname", "").rpartition(".")[2]
        told[file, case.get("name", "").partition("[")[0]].add(_outcome(case))
    return {key: next((one for one in sorted(found) if one != "passes"), "passes") for key, found in told.items()}


def _outcome(case: ET.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "fails"
    skipped = case.find("skipped")
    return "passes" if skipped is None else f"not met: {skipped.get('message', '')}"


def page(results: dict[tuple[str, str], str]) -> str:
    """Return the page."""
    lines = [HEAD]
    for plan in plans():
        good = sum(results.get((one.file, one.test)) == "passes" for one in plan.modules)
        lines += [f"## {plan.name}", "", f"`{plan.official}`: {good} of {len(plan.modules)} modules pass.", ""]
        lines += ["| module | clauses | result | test |", "|---|---|---|---|"]
        for one in plan.modules:
            result = results.get((one.file, one.test), "not run")
            link = f"[{one.file}](../tests/conformance/oidc/{one.file}.py)"
            lines.append(f"| `{one.name}` | {one.clauses} | {result} | {link} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(outcomes()), encoding="utf-8")
