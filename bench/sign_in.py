"""The sign-in round trip of an already signed-in browser: authorize with prompt=none, token, userinfo.

    python bench/sign_in.py                    both databases, RS256 and ES256
    python bench/sign_in.py --database sqlite --seconds 5 --json

Starts the real server (`parvis run`, two processes) on a fresh data directory and, for PostgreSQL, a fresh and durable
cluster; drives it over keep-alive connections from this process; reads the CPU time of the server's and the database's
processes from /proc. Compare the CPU column: requests per second depend on what else the machine does.
"""

import argparse
import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402 - the repository's own folder comes first

TICKS = os.sysconf("SC_CLK_TCK")
PORT = 8791
REDIRECT_URI = "https://app.example.org/callback"
PEOPLE = 64
WARM_UP = 1.0
DURABLE = {"listen_addresses": "", "shared_buffers": "256MB", "max_connections": "100"}

PREPARE = """
import json, sys
from parvis.accounts.sessions import SessionStore
from parvis.directory.models import Email, User
from parvis.oidc.actions.clients import create_client
from django.utils import timezone

people, redirect_uri = int(sys.argv[1]), sys.argv[2]
cookies = []
for number in range(people):
    user = User.objects.create(given_name="Person", family_name=str(number))
    Email.objects.create(user=user, address=f"p{number}@example.org", verified_at=timezone.now(), is_primary=True)
    session = SessionStore()
    session.sign_in(user, {"mail": int(timezone.now().timestamp())}, ip_address="127.0.0.1", user_agent="bench")
    cookies.append(session.session_key)
clients = {}
for alg in ("RS256", "ES256"):
    client, secret = create_client(
        by=None, name_fr="Banc", name_en="Bench", redirect_uris=[redirect_uri], id_token_alg=alg, is_trusted=True
    )
    clients[alg] = [client.client_id, secret]
print(json.dumps({"cookies": cookies, "clients": clients}))
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured, per round trip of three requests."""

    database: str
    alg: str
    round_trips: int
    per_second: float
    cpu_ms: float
    database_cpu_ms: float
    p50_ms: float
    p95_ms: float


# --- Processes --------------------------------------------------------------------------------------------------------
def _children() -> dict[int, list[int]]:
    tree: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            tree.setdefault(int(fields[1]), []).append(int(entry.name))
    return tree


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; the name before may hold blanks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def cpu_seconds(root: int) -> float:
    """Return the CPU time of a process and of all its living descendants."""
    tree, waiting, total = _children(), [root], 0
    while waiting:
        pid = waiting.pop()
        waiting += tree.get(pid, [])
        if fields := _stat(pid):
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
    """Run the server and yield its process id."""
    command = [sys.executable, "-m", "parvis", "run", "--no-worker"]
    with Path(environment["PARVIS_DATA_DIR"], "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stderr=log, stdout=log, cwd=ROOT)
        try:
            _wait_until_ready(process)
            yield process.pid
        except SystemExit:
            print(Path(log.name).read_text(encoding="utf-8")[-4000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2) as answer:
                if answer.status == 200:  # noqa: PLR2004 - the status of success
                    return
        except OSError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    raise SystemExit("The server did not start; its log is in the data directory.")


@contextmanager
def database(kind: str) -> Iterator[tuple[str, int]]:
    """Yield the database's URL and the process id of its server (0 for SQLite)."""
    if kind == "sqlite":
        yield "", 0
        return
    postgres.SETTINGS = DURABLE
    with postgres.cluster() as url:
        socket_folder = parse_qs(urlsplit(url).query)["host"][0]
        pid = int(Path(socket_folder, "data", "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        yield url, pid


# --- The browser and the application ----------------------------------------------------------------------------------
class Connection:
    """One keep-alive connection, speaking just enough HTTP/1.1."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, head: str, body: str = "") -> tuple[int, dict[str, str], bytes]:
        """Send a request; return status, headers and body."""
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self._writer.write(f"{head}Host: 127.0.0.1:{PORT}\r\n{length}\r\n{body}".encode())
        raw = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = raw.split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:-2])}
        content = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return int(lines[0].split()[1]), headers, content


@asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    """Open a connection to the server."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


async def round_trip(line: Connection, cookie: str, client: tuple[str, str]) -> None:
    """Sign in once, as a browser and an application do."""
    state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    query = {
        "client_id": client[0],
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": "openid email given_name usual_name siret uid",
        "prompt": "none",
        "state": state,
        "nonce": nonce,
    }
    head = f"GET /oidc/authorize?{urlencode(query)} HTTP/1.1\r\nCookie: parvis_session={cookie}\r\n"
    status, headers, _content = await line.ask(head)
    answer = parse_qs(urlsplit(headers.get("location", "")).query)
    if status != 303 or answer.get("state") != [state]:  # noqa: PLR2004 - See Other
        raise SystemExit(f"authorize: {status} {headers}")
    fields = {
        "grant_type": "authorization_code",
        "code": answer["code"][0],
        "redirect_uri": REDIRECT_URI,
        "client_id": client[0],
        "client_secret": client[1],
    }
    head = "POST /oidc/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    status, _headers, content = await line.ask(head, urlencode(fields))
    tokens = json.loads(content)
    if status != 200 or "id_token" not in tokens:  # noqa: PLR2004 - the status of success
        raise SystemExit(f"token: {status} {content!r}")
    head = f"GET /oidc/userinfo HTTP/1.1\r\nAuthorization: Bearer {tokens['access_token']}\r\n"
    status, _headers, content = await line.ask(head)
    if status != 200 or "email" not in json.loads(content):  # noqa: PLR2004 - the status of success
        raise SystemExit(f"userinfo: {status} {content!r}")


async def drive(seconds: float, connections: int, cookies: list[str], client: tuple[str, str]) -> list[float]:
    """Go round and round on several connections; return how long each round trip took."""
    durations: list[float] = []
    end = time.perf_counter() + seconds

    async def one(number: int) -> None:
        async with connection() as line:
            mine = cookies[number::connections]
            turn = 0
            while (started := time.perf_counter()) < end:
                await round_trip(line, mine[turn % len(mine)], client)
                durations.append(time.perf_counter() - started)
                turn += 1

    await asyncio.gather(*(one(number) for number in range(connections)))
    return durations


def measure(kind: str, algs: list[str], seconds: float, connections: int) -> Iterator[Result]:
    """Measure one database."""
    with database(kind) as (url, database_pid), tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        environment |= {"PARVIS_DATA_DIR": folder, "PARVIS_PORT": str(PORT), "PARVIS_DATABASE_URL": url}
        environment["DJANGO_SETTINGS_MODULE"] = "parvis.settings"
        subprocess.run(
            [sys.executable, "-m", "parvis", "setup"], env=environment, cwd=ROOT, check=True, stdout=sys.stderr
        )
        script = f"import django; django.setup()\n{PREPARE}"
        command = [sys.executable, "-c", script, str(PEOPLE), REDIRECT_URI]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        prepared = json.loads(done.stdout.splitlines()[-1])
        with server(environment) as pid:
            for alg in algs:
                client = tuple(prepared["clients"][alg])
                asyncio.run(drive(WARM_UP, connections, prepared["cookies"], client))
                before = cpu_seconds(pid), cpu_seconds(database_pid) if database_pid else 0.0
                started = time.perf_counter()
                durations = sorted(asyncio.run(drive(seconds, connections, prepared["cookies"], client)))
                elapsed = time.perf_counter() - started
                server_cpu = cpu_seconds(pid) - before[0]
                database_cpu = (cpu_seconds(database_pid) if database_pid else 0.0) - before[1]
                count = len(durations)
                yield Result(
                    database=kind,
                    alg=alg,
                    round_trips=count,
                    per_second=round(count / elapsed, 1),
                    cpu_ms=round((server_cpu + database_cpu) / count * 1000, 3),
                    database_cpu_ms=round(database_cpu / count * 1000, 3),
                    p50_ms=round(durations[count // 2] * 1000, 2),
                    p95_ms=round(durations[count * 95 // 100] * 1000, 2),
                )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--alg", choices=["RS256", "ES256", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print JSON lines instead of the table")
    options = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    algs = ["RS256", "ES256"] if options.alg == "both" else [options.alg]
    if not options.json:
        print(f"{'database':<12}{'alg':<7}{'per second':>11}{'CPU ms':>9}{'of it db':>10}{'p50 ms':>9}{'p95 ms':>9}")
    for kind in kinds:
        for result in measure(kind, algs, options.seconds, options.connections):
            if options.json:
                print(json.dumps(asdict(result)))
                continue
            figures = (result.per_second, result.cpu_ms, result.database_cpu_ms, result.p50_ms, result.p95_ms)
            widths = (11, 9, 10, 9, 9)
            line = "".join(f"{figure:>{width}}" for figure, width in zip(figures, widths, strict=True))
            print(f"{result.database:<12}{result.alg:<7}{line}", flush=True)


if __name__ == "__main__":
    main()
