"""Providers side by side: requests per second and CPU of the server and its database, in one run on one machine.

    python -m bench.peers.install                          once: the peers, outside git
    python bench/oidc.py --peers parvis,node-memory,node-pg,dot,canaille --seconds 3 --repeat 3
    python bench/oidc.py --peers parvis,node-pg --workloads sign_in,refresh --alg ES256 --json figures.json

Each peer runs alone, on a fresh database; PostgreSQL is as durable as a real one. Compare the CPU column, and ratios of
one run: requests per second depend on what else the machine does, which the last column tells (cores taken by others).
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import load, measure
from bench.peers.base import Peer, Target
from bench.peers.canaille import Canaille
from bench.peers.dot import DjangoOAuthToolkit
from bench.peers.floor import Floor
from bench.peers.node import NodeMemory, NodePostgres
from bench.peers.parvis import ParvisPostgres, ParvisSqlite
from bench.workloads import WORKLOADS, offered, shares

PEERS: dict[str, type[Peer]] = {
    peer.name: peer
    for peer in (ParvisPostgres, ParvisSqlite, NodeMemory, NodePostgres, DjangoOAuthToolkit, Canaille, Floor)
}
REFERENCE = "node-pg"
"""The peer that ratios are of, where it runs: the quickest that loses nothing."""
WARM_UP = 2.0
"""Seconds before the first measure of a workload: a compiler that learns as it runs has learnt by then."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """One measure of one workload; CPU in milliseconds an iteration."""

    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    database_ms: float
    generator_cores: float
    foreign_cores: float


@dataclass(frozen=True, slots=True)
class Figure:
    """What one peer did in one workload; no repetition when it does not offer it."""

    workload: str
    peer: str
    alg: str
    repetitions: list[Repetition] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def spread(self, name: str) -> measure.Spread:
        """Return the least, the median and the most of a column."""
        return measure.spread([getattr(repetition, name) for repetition in self.repetitions])


def repetition(target: Target, iterations: list[load.Iteration], seconds: float) -> tuple[Repetition | None, load.Run]:
    """Measure once."""
    roots = [target.server, *([target.database] if target.database else [])]
    before = [measure.cpu_seconds(root) for root in roots]
    busy = measure.busy_seconds()
    run = load.drive(("127.0.0.1", target.port), iterations, seconds)
    used = [measure.cpu_seconds(root) - first for root, first in zip(roots, before, strict=True)]
    foreign = measure.busy_seconds() - busy - sum(used) - run.own_cpu
    count, durations = len(run.durations), sorted(run.durations)
    if not count:
        return None, run
    return Repetition(
        per_second=count / run.elapsed,
        p50_ms=measure.percentile(durations, 0.5) * 1000,
        p95_ms=measure.percentile(durations, 0.95) * 1000,
        cpu_ms=sum(used) / count * 1000,
        database_ms=sum(used[1:]) / count * 1000,
        generator_cores=run.own_cpu / run.elapsed,
        foreign_cores=max(0.0, foreign / run.elapsed),
    ), run


def figures(peer: Peer, options: argparse.Namespace) -> Iterator[Figure]:
    """Start a peer and measure each workload several times."""
    if options.alg not in peer.algorithms:
        yield from (Figure(workload, peer.name, options.alg) for workload in options.workloads)
        return
    try:
        target = peer.start(options.alg, options.connections)
        for workload in options.workloads:
            figure = Figure(workload, peer.name, options.alg)
            if offered(target, workload):
                iterations = [WORKLOADS[workload](share) for share in shares(target, options.connections)]
                load.drive(("127.0.0.1", target.port), iterations, options.warm_up)
                for _turn in range(options.repeat):
                    measured, run = repetition(target, iterations, options.seconds)
                    figure.repetitions.extend([measured] if measured else [])
                    for error, times in run.errors.items():
                        figure.errors[error] = figure.errors.get(error, 0) + times
            yield figure
    finally:
        peer.stop()


# --- The table --------------------------------------------------------------------------------------------------------
HEADINGS = ("it/s", "p50 ms", "p95 ms", "CPU ms", "[min-max]", "of it db", "ratio", "others")
WIDTHS = (9, 9, 9, 9, 17, 10, 8, 8)


def table(workload: str, found: list[Figure]) -> Iterator[str]:
    """Yield the lines of one workload's table."""
    reference = next((figure for figure in found if figure.peer == REFERENCE and figure.repetitions), None)
    base = reference.spread("cpu_ms").middle if reference else 0.0
    heads = "".join(f"{heading:>{width}}" for heading, width in zip(HEADINGS, WIDTHS, strict=True))
    yield f"\n{workload:<20}{heads}"
    for figure in found:
        if not figure.repetitions:
            yield f"  {figure.peer:<18}{'not offered' if not figure.errors else 'failed':>9}"
        else:
            yield f"  {figure.peer:<18}{_columns(figure, base)}"
        for error, times in sorted(figure.errors.items()):
            yield f"    {times} x {error}"


def _columns(figure: Figure, base: float) -> str:
    cpu = figure.spread("cpu_ms")
    columns = (
        f"{figure.spread('per_second').middle:.0f}",
        f"{figure.spread('p50_ms').middle:.2f}",
        f"{figure.spread('p95_ms').middle:.2f}",
        f"{cpu.middle:.3f}",
        f"[{cpu.low:.3f}-{cpu.high:.3f}]",
        f"{figure.spread('database_ms').middle:.3f}",
        f"{cpu.middle / base:.2f}" if base else "-",
        f"{figure.spread('foreign_cores').middle:.2f}",
    )
    return "".join(f"{column:>{width}}" for column, width in zip(columns, WIDTHS, strict=True))


def _names(known: Collection[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        names = [name for name in text.split(",") if name]
        if strange := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(strange)}: not among {', '.join(known)}")
        return names

    return parse


def options_from(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=_names(PEERS), default=[*PEERS], help=", ".join(PEERS))
    parser.add_argument("--workloads", type=_names(WORKLOADS), default=[*WORKLOADS], help=", ".join(WORKLOADS))
    signs = "signature of ID tokens, and of access tokens that are signed"
    parser.add_argument("--alg", choices=["RS256", "ES256"], default="RS256", help=signs)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each repetition")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--warm-up", type=float, default=WARM_UP, help="seconds before the first repetition")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--json", type=Path, help="also write every repetition to this file")
    return parser.parse_args(arguments)


def main() -> None:
    """Measure, and print one table a workload."""
    options = options_from(sys.argv[1:])
    # Asked to end, as by `timeout`, it ends what it started: the default would leave servers behind.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("Stopped."))
    peers = [PEERS[name]() for name in options.peers]
    if absent := {peer.name: peer.missing() for peer in peers if peer.missing()}:
        sys.exit("\n".join(f"{name} is not installed: {what}" for name, what in absent.items()))
    found: list[Figure] = []
    for peer in peers:
        started = time.monotonic()
        found += figures(peer, options)
        print(f"{peer.name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    for workload in options.workloads:
        for line in table(workload, [figure for figure in found if figure.workload == workload]):
            print(line)
    if options.json:
        options.json.write_text(json.dumps([asdict(figure) for figure in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
