"""Runs the plans of the OpenID Foundation's own suite, and writes what came of them into docs/conformance-official.md.

    python -m tests.conformance.official_run --suite https://localhost.emobix.co.uk:8443 --configurations conformance

What came of a run is also kept beside its configurations, so that the page can say what came of another database.
The suite's script run-test-plan.py runs the same plans, but it cannot rotate our keys where a module waits for that.
The reasons on the page are the suite's own words, and ours where they do not say why. See docs/how-to/conformance.md.
"""

import argparse
import json
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django import setup
from django.db import connection

from tests.conformance.official import PLANS, parvis

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance-official.md"
ENDED = {"FINISHED", "INTERRUPTED"}
PATIENCE = 300
"""Seconds that a module may take: the slowest wait for a code or a request to expire."""
ROTATES = "oidcc-server-rotate-keys"
FEATURE = "fetching from an address that an application names opens our network to whoever asks: by value only"
WHY = {
    "oidcc-registration-logo-uri": "the page links to the logo; shown, it would tell that site who is about to sign in",
    "oidcc-scope-profile": "no nicknames, genders, birth dates, sites nor user names are kept here; nobody fictional "
    "has a photo",
    "oidcc-discovery-endpoint-verification": "the implicit flow is not announced: RFC 9700, section 2.1.2, advises "
    "against it",
    "oidcc-request-uri-unsigned": FEATURE,
    "oidcc-request-uri-signed-rs256": FEATURE,
    "fapi2-security-profile-final-test-claims-parameter-identity-claims": "nobody fictional has a photo; `sid` in the "
    "ID token is that of Back-Channel Logout 1.0",
}
HEAD = """\
# What the official suite said

<!-- Written by tests/conformance/official_run.py from the run that it made; change that, not this page. -->

The OpenID Foundation's own conformance suite, {version} (`{revision}`), asked an installation of commit `{ours}` on
{database}, on {date}, in production mode, behind TLS, as [the guide](how-to/conformance.md) says. It is not a
certification. What [our own tests](conformance.md) assert of the same modules is another page.{others}

The words are the suite's. PASSED; REVIEW: nothing failed, the page that was shown had the words that it should have,
and a person is to look at the picture that was kept; WARNING: allowed in a certification; SKIPPED: does not apply to
what the server announces. FAILED and INTERRUPTED are failures.

| plan | modules | {columns} |
|---|---|{rules}
"""
KEPT = "outcomes.json"
RESULTS = ("PASSED", "REVIEW", "WARNING", "SKIPPED", "FAILED", "INTERRUPTED")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one module."""

    module: str
    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of all plans, asked of an installation of this commit on this database."""

    commit: str
    database: str
    date: str
    outcomes: dict[str, list[Outcome]]

    def keep(self, folder: Path) -> None:
        """Write it beside the configurations."""
        (folder / KEPT).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def kept(cls, folder: Path) -> "Run":
        """Read what was kept."""
        told = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        outcomes = {name: [Outcome(**one) for one in found] for name, found in told.pop("outcomes").items()}
        return cls(**told, outcomes=outcomes)

    def results(self) -> dict[tuple[str, str], str]:
        """Return the result of each module of each plan."""
        return {(name, one.module): one.result for name, found in self.outcomes.items() for one in found}

    def beside(self, other: "Run") -> str:
        """Say what came of another run, where it differs from this one."""
        mine, theirs = self.results(), other.results()
        differs = [
            f"`{module}` of {name}: {theirs.get((name, module), 'not asked')}"
            for name, module in mine
            if mine[name, module] != theirs.get((name, module))
        ]
        but = f" but for {'; '.join(differs)}" if differs else ""
        told = f"On {other.database}, on {other.date}, with commit `{other.commit}`"
        return f"\n\n{told}, every module came out the same{but}."


class Suite:
    """The suite's interface for scripts."""

    def __init__(self, base: str) -> None:
        self.base = base
        # The suite's own certificate is one that nobody signed.
        self.trust = ssl._create_unverified_context()

    def call(self, path: str, body: str | None = None, **query: str) -> Any:
        """Ask; with a body, by POST."""
        request = Request(f"{self.base}/api/{path}?{urlencode(query)}", body.encode() if body is not None else None)
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=60, context=self.trust) as answer:
            return json.loads(answer.read())

    def plan(self, plan: str, configuration: str) -> list[Outcome]:
        """Run a plan, a module after the other."""
        name, *variants = re.findall(r"[^\[\]]+", plan)
        variant = dict(one.split("=") for one in variants)
        made = self.call("plan", configuration, planName=name, variant=json.dumps(variant))
        return [self.module(made["id"], one) for one in made["modules"]]

    def module(self, plan_id: str, module: dict[str, Any]) -> Outcome:
        """Run a module; those that wait for a person start once our keys have been rotated."""
        variant = json.dumps(module.get("variant") or {})
        made = self.call("runner", "", test=module["testModule"], plan=plan_id, variant=variant)["id"]
        status = self.wait(made, ENDED | {"CONFIGURED", "WAITING"})
        if status == "CONFIGURED":
            if module["testModule"] == ROTATES:
                parvis("keys", "rotate", "--alg", "RS256")
                time.sleep(3)  # each process of the server looks again within a second
            self.call(f"runner/{made}", "")
        status = self.wait(made, ENDED)
        told, log = self.call(f"info/{made}"), self.call(f"log/{made}")
        result = str(told.get("result")) if status == "FINISHED" else "INTERRUPTED"
        found = Outcome(module["testModule"], result, "" if result == "PASSED" else _reason(module["testModule"], log))
        sys.stdout.write(f"{found.result:12}{found.module}\n")
        sys.stdout.flush()
        return found

    def wait(self, made: str, wanted: set[str]) -> str:
        """Wait until a module is in one of these states."""
        deadline = time.monotonic() + PATIENCE
        while (status := str(self.call(f"info/{made}")["status"])) not in wanted and time.monotonic() < deadline:
            time.sleep(0.3)
        return status


def _reason(module: str, log: list[dict[str, Any]]) -> str:
    """Return ours where there is one, or what the suite says."""
    if module in WHY:
        return WHY[module]
    kinds = {"FAILURE", "WARNING", "INTERRUPTED", "REVIEW", "SKIPPED"}
    told = [str(one.get("msg", "")) for one in log if one.get("result") in kinds or "upload" in one]
    words = " ".join(dict.fromkeys(told)) or "the suite gives no reason"
    return re.sub(r"\s+", " ", words).replace("|", "\\|")[:300]


def commit() -> str:
    """Return the commit of this source."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, cwd=PAGE.parent, check=True, capture_output=True, text=True).stdout.strip()


def database() -> str:
    """Return the database of the installation that this source is configured for, as people name it."""
    setup()
    version = ".".join(map(str, connection.get_database_version()))
    return f"{connection.display_name} {version}"


def page(server: dict[str, str], run: Run, others: Iterable[Run] = ()) -> str:
    """Return the page."""
    outcomes = run.outcomes
    head = HEAD.format(
        version=server["version"],
        revision=server["revision"],
        ours=run.commit,
        database=run.database,
        date=run.date,
        others="".join(map(run.beside, others)),
        columns=" | ".join(RESULTS),
        rules="---|" * len(RESULTS),
    )
    lines = [head.rstrip("\n")]
    for name, found in outcomes.items():
        counts = [sum(one.result == result for one in found) for result in RESULTS]
        lines.append(f"| [{name}](#{name}) | {len(found)} | {' | '.join(map(str, counts))} |")
    for name, found in outcomes.items():
        lines += ["", f"## {name}", "", f"`{PLANS[name]}`", "", "| module | result | why |", "|---|---|---|"]
        lines += [f"| `{one.module}` | {one.result} | {one.reason} |" for one in found]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run what is asked, all plans by default; the page is written when all were."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", default="https://localhost.emobix.co.uk:8443", help="address of the official suite")
    parser.add_argument("--configurations", type=Path, default=Path("conformance"), help="folder of the configurations")
    parser.add_argument("--commit", default=commit(), help="of the source that is served; this source's by default")
    parser.add_argument("--beside", type=Path, action="append", default=[], help="folder of a run on another database")
    parser.add_argument("plans", nargs="*", metavar="plan", help="names of plans; all, and the page, by default")
    given = parser.parse_args()
    suite, outcomes = Suite(given.suite), {}
    for name in given.plans or PLANS:
        sys.stdout.write(f"# {PLANS[name]}\n")
        outcomes[name] = suite.plan(PLANS[name], (given.configurations / f"{name}.json").read_text(encoding="utf-8"))
    if not given.plans:
        run = Run(given.commit, database(), f"{datetime.now(UTC):%Y-%m-%d}", outcomes)
        run.keep(given.configurations)
        PAGE.write_text(page(suite.call("server"), run, map(Run.kept, given.beside)), encoding="utf-8")
    sys.exit(any(one.result in {"FAILED", "INTERRUPTED"} for found in outcomes.values() for one in found))


if __name__ == "__main__":
    main()
