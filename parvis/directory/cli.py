"""`parvis import`: the directories of others read into this one."""

import fcntl
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from parvis.directory.importers.betagouv.importing import Result
    from parvis.directory.importers.findings import Findings


class Counted(Protocol):
    """How much an import did."""

    def as_json(self) -> dict[str, dict[str, int]]: ...  # noqa: D102 - what the protocol is for


class Reportable(Protocol):
    """What any import ends with."""

    @property
    def counts(self) -> Counted: ...  # noqa: D102 - the same
    @property
    def findings(self) -> "Findings": ...  # noqa: D102 - the same


_INTERRUPTED = 130
_EVERY = 1.0


@click.group("import")
def import_group() -> None:
    """Read organisations, groups, people and memberships from another source."""


@import_group.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Change nothing; tell what would be done.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write every repair and every skipped item to this JSON file.",
)
def betagouv(path: Path, *, dry_run: bool, report: Path | None) -> None:
    """Import the public repository of the beta.gouv.fr network.

    PATH is the folder that holds `content`, or `content` itself. It may be interrupted and run again; a second run over
    the same files changes nothing, and what people changed here stays as long as its source does not change.
    """
    started = time.monotonic()
    if report and not report.parent.is_dir():
        raise click.ClickException(f"The folder of the report does not exist: {report.parent}")
    refuse_unprepared()
    with one_at_a_time():
        try:
            result = _import(path, dry_run=dry_run)
        except KeyboardInterrupt:
            click.echo("\nInterrupted: whole batches are kept. Run the same command to go on.", err=True)
            sys.exit(_INTERRUPTED)
    seconds = time.monotonic() - started
    _tell_counts(result, seconds, dry_run=dry_run)
    tell_findings(result.findings, report)
    if report:
        write_report(report, "betagouv", result, path, seconds, dry_run=dry_run)


commands = [import_group]


def _import(path: Path, *, dry_run: bool) -> "Result":
    from parvis.directory.importers import files
    from parvis.directory.importers.betagouv import importing, reader

    try:
        root = reader.content_folder(path)
    except reader.NotTheLayoutError as error:
        raise click.ClickException(str(error)) from error
    with _progress("Reading", files.count_files(root, reader.COLLECTIONS)) as advance:
        reading, known = importing.read_all(root, tick=lambda: advance(1))
    with _progress("Comparing" if dry_run else "Writing", importing.steps(reading)) as advance:
        return importing.write_all(reading, known, dry_run=dry_run, tick=advance)


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal; elsewhere a line a second, which logs can keep."""
    if sys.stderr.isatty():
        with click.progressbar(length=total, label=f"{label:<10}", file=sys.stderr) as bar:
            yield bar.update
        return
    done, told_at = 0, time.monotonic()

    def advance(number: int) -> None:
        nonlocal done, told_at
        done += number
        if time.monotonic() - told_at >= _EVERY:
            told_at = time.monotonic()
            click.echo(f"{label}: {done} of {total}", err=True)

    yield advance
    click.echo(f"{label}: {done} of {total}", err=True)


def refuse_unprepared() -> None:
    """Refuse to import before the tables are there."""
    from parvis.lib.database import pending_migrations

    if pending_migrations():
        raise click.ClickException("The database is not ready: run `parvis setup` first.")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Refuse a second import on this machine while one runs."""
    from django.conf import settings

    with (Path(settings.DATA_DIR) / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException("Another import is running.") from error
        yield


def _tell_counts(result: "Result", seconds: float, *, dry_run: bool) -> None:
    counts = result.counts.as_json()
    headings = {"created": "to create", "changed": "to change", "ended": "to end"} if dry_run else {}
    rows = ["organisations", "groups", "people", "memberships"]
    rows += [noun for noun in counts["unchanged"] if noun not in rows]  # What layers above brought in.
    click.echo(f"{'':<14}" + "".join(f"{headings.get(column, column):>12}" for column in counts))
    for row in rows:
        click.echo(f"{row:<14}" + "".join(f"{_cell(counts[column], row):>12}" for column in counts))
    if dry_run:
        click.echo(f"Nothing was written (dry run, {seconds:.1f} s).")
    elif not result.counts.anything:
        click.echo(f"Nothing had changed ({seconds:.1f} s).")
    else:
        click.echo(f"Done in {seconds:.1f} s.")


def _cell(column: dict[str, int], row: str) -> str:
    return f"{column[row]:,}" if row in column else ""


def tell_findings(found: "Findings", report: Path | None) -> None:
    """Count what an import repaired, left out and remarked."""
    from parvis.directory.importers.findings import Outcome

    for outcome in Outcome:
        counts = found.counts(outcome)
        if counts:
            click.echo(f"\n{outcome.value.capitalize()}: {sum(counts.values()):,}")
        for kind, number in counts.items():
            click.echo(f"{number:>7,}  {kind.code:<24} {kind.meaning}")
    if found.items:
        where = f"Each is named in {report}." if report else "Add --report FILE.json to have each one named."
        click.echo(f"\n{where}")


def write_report(file: Path, source: str, result: "Reportable", path: Path, seconds: float, *, dry_run: bool) -> None:
    """Write every finding of an import to a JSON file."""
    from django.utils import timezone

    content: dict[str, Any] = {
        "source": source,
        "path": str(path),
        "at": timezone.now().isoformat(timespec="seconds"),
        "dry_run": dry_run,
        "seconds": round(seconds, 2),
        "counts": result.counts.as_json(),
        "kinds": {kind.code: number for kind, number in result.findings.counts().items()},
        "findings": result.findings.as_json(),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    try:
        file.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.ClickException(f"The report could not be written: {error.strerror} ({file})") from error
