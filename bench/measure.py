"""What every benchmark shares: processes and their CPU time, a database that keeps what it is told, and statistics.

The CPU time comes from /proc, so it counts a server, its workers and its database, and never the load generator.
Requests per second depend on what else the machine does; CPU per request hardly does.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from tests import postgres

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0
"""Seconds that a server may take to answer for the first time."""
DURABLE = {"listen_addresses": "", "shared_buffers": "256MB", "max_connections": "100"}
"""PostgreSQL as it comes, fsync and synchronous_commit on: an acknowledged token survives a power cut."""


# --- CPU --------------------------------------------------------------------------------------------------------------
def _stat(pid: str | int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; the name before may hold blanks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def cpu_seconds(*roots: int) -> float:
    """Return the CPU time of processes, of their living descendants, and of those that they have buried."""
    fields = {
        int(name): stat for entry in Path("/proc").iterdir() if (name := entry.name).isdigit() and (stat := _stat(name))
    }
    children: dict[int, list[int]] = {}
    for pid, stat in fields.items():
        children.setdefault(int(stat[1]), []).append(pid)
    waiting, total = list(roots), 0
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        total += sum(int(value) for value in fields.get(pid, [])[11:15])  # utime, stime, cutime, cstime
    return total / TICKS


def busy_seconds() -> float:
    """Return the CPU time of the whole machine."""
    user, nice, system, _idle, _iowait, irq, softirq, *_rest = (
        int(value) for value in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / TICKS


# --- Processes --------------------------------------------------------------------------------------------------------
def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def output(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> str:
    """Run a command to its end and return what it printed."""
    done = subprocess.run(command, env=env, cwd=cwd, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str | Path], *, ready: str, log: Path, env: Mapping[str, str], cwd: Path
) -> Iterator[int]:
    """Run a server until the block ends; yield its process id once `ready`, an address, answers."""
    with log.open("w") as stream:
        process = subprocess.Popen(command, env=env, cwd=cwd, stdout=stream, stderr=stream, start_new_session=True)
    try:
        if not _answers(ready, process):
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")
        yield process.pid
    finally:
        _end(process)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - a loopback address that the caller made
                return True
        except HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, then insist; the session is killed as a whole, because some servers leave their workers behind."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL of one's own."""

    url: str
    pid: int


@contextmanager
def durable_postgresql() -> Iterator[Database]:
    """Start a throw-away cluster that is as durable as a real one."""
    with postgres.cluster(DURABLE) as url:
        home = parse_qs(urlsplit(url).query)["host"][0]
        pid = int(Path(home, "data", "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        yield Database(url, pid)


# --- Statistics -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Spread:
    """What repetitions gave: the least, the middle and the most."""

    low: float
    middle: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return the least, the median and the most."""
    ordered = sorted(values)
    return Spread(ordered[0], (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2, ordered[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of an ordered sequence lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
