"""The people list at 100,000 people: what its queries cost on SQLite and PostgreSQL.

    python bench/people_search.py                            100,000 people on both databases
    python bench/people_search.py --people 10000 --database sqlite --explain

Each case does what the page does: it reads the viewer and where they stand, the rows with their organisations, and the
number in the title. Times are the best of warm runs, in milliseconds, with the building of objects included; SQLite
works inside our own CPU time, PostgreSQL's server has its own.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402 - the repository's own folder comes first

RUNS, SIZE = 25, 24
GIVEN = [
    "Léa",
    "Marie",
    "Jean",
    "Nour",
    "Inès",
    "Hugo",
    "Zoé",
    "Louis",
    "Awa",
    "Karim",
    "Chloé",
    "Paul",
    "Anaïs",
    "Yann",
    "Éléonore",
    "Théo",
    "Maëlle",
    "Omar",
    "Jules",
    "Sofia",
]
FAMILY = [
    "Martin",
    "Bernard",
    "Dubois",
    "Thomas",
    "Robert",
    "Richard",
    "Petit",
    "Durand",
    "Leroy",
    "Moreau",
    "Simon",
    "Laurent",
    "Lefèvre",
    "Œuvrard",
]
JOBS = [
    "développeuse",
    "designer",
    "chargé de déploiement",
    "coach",
    "cheffe de produit",
    "juriste",
    "data analyst",
    "",
]
ORGANIZATIONS, GROUPS = 300, 3000


# --- In a process that has the database ------------------------------------------------------------------------------
def measure(people: int, *, explain: bool) -> list[dict[str, Any]]:
    """Fill the database, run each case, and return the rows of the table."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _fill(people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [_measured(name, asked, address, explain=explain) for name, (asked, address) in _cases().items()]


def _fill(people: int) -> None:
    from parvis.directory.models import Group, GroupMembership, Organization, OrganizationMembership, User

    organizations = [Organization(name=f"Organisation {n}", slug=f"o-{n}") for n in range(ORGANIZATIONS)]
    groups = [Group(name=f"Équipe {n}", slug=f"g-{n}", kind="team") for n in range(GROUPS)]
    for n, group in enumerate(groups[20:]):
        group.parent = groups[n % 20]
    for group in groups[:20]:
        group.kind = "incubator"
    chance = random.Random(7)  # noqa: S311 - the same network at each run
    users = [
        User(
            given_name=chance.choice(GIVEN),
            family_name=chance.choice(FAMILY) if n % 3 == 0 else _rare_name(chance),
            job_title=chance.choice(JOBS),
            card_audience="teams" if n % 10 == 0 else "network",
        )
        for n in range(people)
    ]
    users[people // 2 + 1].family_name = "Wrzeszczykowska"
    for rows in (organizations, groups, users):
        for row in rows:
            row.refresh_search()
    Organization.objects.bulk_create(organizations)
    Group.objects.bulk_create(groups[:20])
    Group.objects.bulk_create(groups[20:])
    User.objects.bulk_create(users, batch_size=2000)
    OrganizationMembership.objects.bulk_create(
        (
            # One organisation in which a fifth of the network works, and many small ones.
            OrganizationMembership(user=user, organization=organizations[0 if n % 5 == 0 else n % ORGANIZATIONS])
            for n, user in enumerate(users)
        ),
        batch_size=2000,
    )
    GroupMembership.objects.bulk_create(
        (GroupMembership(user=user, group=groups[20 + n % (GROUPS - 20)]) for n, user in enumerate(users)),
        batch_size=2000,
    )


def _rare_name(chance: random.Random) -> str:
    return "".join(chance.choice(["ba", "rel", "do", "mi", "chan", "tou", "vi", "lo", "ger", "san"]) for _ in range(4))


def _cases() -> dict[str, tuple[dict[str, Any], dict[str, str]]]:
    """Return, for each case, what is asked for and the address of the page."""
    from parvis.directory.models import Group, Organization, User
    from parvis.lib.paging import paginate

    def after(rows: int) -> dict[str, str]:
        person = User.objects.filter(card_audience="network").order_by("sort_key", "id")[rows]
        page = paginate(User.objects.filter(sort_key__gte=person.sort_key), size=1)
        return {"after": page.after}

    large, small = Organization.objects.get(slug="o-0"), Organization.objects.get(slug="o-7")
    incubator = Group.objects.get(slug="g-3")
    return {
        "first page": ({}, {}),
        "50th page": ({}, after(50 * SIZE)),
        "far page": ({}, after(User.objects.count() * 8 // 10)),
        "common word (martin)": ({"text": "martin"}, {}),
        "common word, far page": ({"text": "marie"}, after(User.objects.count() // 2)),
        "two words (léa mart)": ({"text": "léa mart"}, {}),
        "part of a word (evelo)": ({"text": "evelo"}, {}),
        "two letters (ma)": ({"text": "ma"}, {}),
        "two letters, nobody (wq)": ({"text": "wq"}, {}),
        "rare word": ({"text": "wrzeszcz"}, {}),
        "nobody": ({"text": "xyzzyx"}, {}),
        "small organisation": ({"organization": small}, {}),
        "large organisation": ({"organization": large}, {}),
        "incubator with its teams": ({"group": incubator}, {}),
        "small organisation + word": ({"organization": small, "text": "martin"}, {}),
        "large organisation + word": ({"organization": large, "text": "martin"}, {}),
    }


def _measured(name: str, asked: dict[str, Any], address: dict[str, str], *, explain: bool) -> dict[str, Any]:
    from django.db import connection, reset_queries

    from parvis.directory.models import User
    from parvis.directory.queries import PeopleSearch, find_people

    someone = User.objects.order_by("id")[7].pk

    def page() -> Any:
        found = find_people(PeopleSearch(User.objects.get(pk=someone), **asked), address, size=SIZE)
        assert all(hasattr(person, "current_places") for person in found.page), "prefetched"  # noqa: S101 - checks itself
        return found

    found = page()
    count = f"{'>' if found.is_more else ''}{found.count:,}"
    connection.force_debug_cursor = True
    reset_queries()
    page()
    queries = list(connection.queries)
    connection.force_debug_cursor = False
    if explain:
        _explain(name, queries)
    wall, cpu = _best(page)
    return {"case": name, "found": count, "shown": len(found.page), "queries": len(queries), "wall": wall, "cpu": cpu}


def _explain(name: str, queries: list[dict[str, str]]) -> None:
    from django.db import connection

    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS) "
    print(f"\n=== {name}", file=sys.stderr)
    for entry in queries:
        print(f"--- {entry['time']} s  {entry['sql'][:700]}", file=sys.stderr)
        if '"directory_user"' in entry["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(prefix + entry["sql"])
                print("\n".join(f"    {row[-1]}" for row in cursor.fetchall()), file=sys.stderr)


def _best(work: Callable[[], object]) -> tuple[float, float]:
    """Return the least wall and CPU milliseconds of some warm runs: what others do on the machine only adds to them."""
    walls, cpus = [], []
    for _run in range(RUNS):
        started, used = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - started) * 1000)
        cpus.append((time.process_time() - used) * 1000)
    return round(min(walls), 2), round(min(cpus), 2)


# --- The command -----------------------------------------------------------------------------------------------------
@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'people.sqlite3'}"
        return
    with postgres.cluster() as url:
        yield url


def main() -> None:
    """Run each database in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--explain", action="store_true", help="print the statements and their plans")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure(options.people, explain=options.explain)))
        return
    for kind in options.database or ["sqlite", "postgresql"]:
        if kind == "postgresql" and postgres.programs() is None:
            print(f"\npostgresql: not measured. {postgres.HINT}")
            continue
        with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as url:
            _print(kind, options.people, _run(url, folder, options))


def _run(url: str, folder: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    environment = kept | {
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PARVIS_DATABASE_URL": url,
        "PARVIS_DATA_DIR": folder,
        "PARVIS_SECRET_KEY": "only-for-a-benchmark-0123456789-abcdefghijklmnop",
    }
    command = [sys.executable, __file__, "--inside", "--people", str(options.people)]
    command += ["--explain"] if options.explain else []
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def _print(kind: str, people: int, rows: list[dict[str, Any]]) -> None:
    print(f"\n{kind}, {people:,} people (best of {RUNS}, ms)")
    print(f"{'case':<28}{'found':>9}{'shown':>7}{'queries':>9}{'wall':>9}{'own CPU':>9}")
    for row in rows:
        counts = f"{row['found']:>9}{row['shown']:>7}{row['queries']:>9}"
        print(f"{row['case']:<28}{counts}{row['wall']:>9.2f}{row['cpu']:>9.2f}")


if __name__ == "__main__":
    main()
