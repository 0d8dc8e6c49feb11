"""The import of a whole network: first run, second run over the same files, dry run, on SQLite and PostgreSQL.

    python bench/import_betagouv.py                          a made-up network of the real one's size
    python bench/import_betagouv.py PATH --database sqlite   a copy of the real repository

Each run is a process of its own, on a fresh database, as `parvis import betagouv` is. Wall time and CPU leave out the
start of Python and Django, and include reading the files. The CPU is ours: the database server's is its own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402 - the repository's own folder comes first

ORGANISATIONS, INCUBATORS, PRODUCTS, PEOPLE = 145, 23, 662, 3484
RUNS = {"dry run": ["--dry-run"], "first run": [], "second run": []}

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from django.db import connection
from parvis.directory.importers.betagouv.importing import import_folder

queries = 0
def count(execute, sql, params, many, context):
    global queries
    queries += 1
    return execute(sql, params, many, context)

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

connection.ensure_connection()
started, used = time.perf_counter(), cpu()
with connection.execute_wrapper(count):
    result = import_folder(Path(sys.argv[1]), dry_run="--dry-run" in sys.argv)
print(json.dumps({
    "wall_s": round(time.perf_counter() - started, 2), "cpu_s": round(cpu() - used, 2), "queries": queries,
    "counts": result.counts.as_json(), "findings": len(result.findings.items),
}))
"""


def make_tree(root: Path) -> None:
    """Write a made-up network of the size of the real one: the same numbers of files, about as long."""

    def write(collection: str, key: str, fields: str, body: str = "") -> None:
        file = root / "content" / f"_{collection}" / f"{key}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{fields}\n---\n{body}\n", encoding="utf-8")

    for number in range(ORGANISATIONS):
        write(
            "organisations",
            f"organisation-{number}",
            f"name: Organisation {number}\nacronym: O{number}\ntype: operateur",
        )
    for number in range(INCUBATORS):
        fields = f"title: Incubateur {number}\nowner: /organisations/organisation-{number}\nshort_description: Un lieu."
        write("incubators", f"incubateur-{number}", fields)
    for number in range(PRODUCTS):
        phases = (
            "phases:\n  - name: investigation\n    start: 2021-01-01\n  - name: construction\n    start: 2021-06-01"
        )
        phases += "\n  - name: abandon\n    start: 2024-01-01" if number % 2 else ""
        fields = f"title: Produit {number}\nmission: Rendre un service\nincubator: incubateur-{number % INCUBATORS}"
        write(
            "startups", f"produit.{number}", f"{fields}\n{phases}", "Un paragraphe de description, puis un autre. " * 60
        )
    for number in range(PEOPLE):
        missions = "\n".join(
            f"  - start: 20{20 + part}-01-01\n    end: 20{21 + part}-06-30\n    status: independent\n"
            f"    employer: O{number % (3 * ORGANISATIONS)}\n    startups: [produit.{(number + part) % PRODUCTS}]"
            for part in range(1 + number % 3)
        )
        name = f"fullname: Prénom{number % 400} Nom{number}\nrole: Métier {number % 300}\ndomaine: Produit"
        write("authors", f"personne-{number}", f"{name}\nmissions:\n{missions}")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of an installation with an empty database, its tables made."""
    base = os.environ | {"PARVIS_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "PARVIS_DATABASE_URL": ""}
    if kind == "sqlite":
        yield base
        return
    with postgres.cluster() as url:
        yield base | {"PARVIS_DATABASE_URL": url}


def run(code: str, arguments: list[str], environment: dict[str, str]) -> str:
    """Run a piece of Python with Django ready, and return what it printed."""
    ready = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'parvis.settings'\ndjango.setup()\n"
    command = [sys.executable, "-c", ready + code, *arguments]
    return subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True, text=True).stdout


def measure(kind: str, path: Path) -> dict[str, dict[str, Any]]:
    """Return what each run cost on one database."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as environment:
        run("from django.core.management import call_command\ncall_command('migrate', verbosity=0)", [], environment)
        return {name: json.loads(run(MEASURE, [str(path), *options], environment)) for name, options in RUNS.items()}


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, help="folder that holds `content`; left out, one is made up")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    kinds = options.database or ["sqlite", *(["postgresql"] if postgres.programs() else [])]
    with tempfile.TemporaryDirectory() as folder:
        path = options.path.resolve() if options.path else Path(folder)
        if not options.path:
            make_tree(path)
        results = {kind: measure(kind, path) for kind in kinds}
    if options.as_json:
        print(json.dumps(results, indent=1))
        return
    print(f"{'database':<12}{'run':<12}{'wall s':>8}{'CPU s':>8}{'queries':>9}   created / changed / ended")
    for kind, runs in results.items():
        for name, figures in runs.items():
            done = " / ".join(
                str(sum(figures["counts"][column].values())) for column in ("created", "changed", "ended")
            )
            print(f"{kind:<12}{name:<12}{figures['wall_s']:>8}{figures['cpu_s']:>8}{figures['queries']:>9}   {done}")
    if "postgresql" not in kinds and not options.database:
        print(f"PostgreSQL did not run. {postgres.HINT}")


if __name__ == "__main__":
    main()
