"""The whole import of the beta.gouv.fr repository: read, compare, write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory import registry
from parvis.directory.importers import run
from parvis.directory.importers.betagouv import reader
from parvis.directory.importers.findings import Findings
from parvis.directory.importers.known import Known


@dataclass(frozen=True)
class Result:
    """What an import did, or would do, and what it found."""

    counts: run.Counts
    findings: Findings


def read_all(
    root: Path, *, today: date | None = None, tick: Callable[[], None] = lambda: None
) -> tuple[reader.Reading, Known]:
    """Return what the folder asks for and what is here."""
    known = Known.load(reader.SOURCE)
    already = reader.Already(known.keys(), known.organization_names())
    return reader.read(root, already, today or timezone.localdate(), tick), known


@dataclass(frozen=True)
class Imported:
    """A folder that is read, and written as far as the directory goes: what layers above need to bring in the rest.

    They add to `counts` and to the findings of `reading`, and write nothing on a dry run.
    """

    reading: reader.Reading
    known: Known
    counts: run.Counts
    dry_run: bool
    tick: Callable[[int], None]


def steps(reading: reader.Reading) -> int:
    """Return how often `write_all` ticks: the directory's turn, then that of each layer above."""
    return sum(len(records) for records in reading.wanted.values()) * (1 + len(registry.after_import))


def write_all(
    reading: reader.Reading, known: Known, *, dry_run: bool, tick: Callable[[int], None] = lambda _number: None
) -> Result:
    """Write what was read, or only count it."""
    vanished = [f"{collection}/{key}" for collection, keys in reading.vanished.items() for key in sorted(keys)]
    collections = list(reading.wanted.values())
    counts = run.apply(collections, known, reading.findings, dry_run=dry_run, vanished=vanished, tick=tick)
    for follow in registry.after_import:
        follow(Imported(reading, known, counts, dry_run, tick))
    if counts.anything and not dry_run:
        record(tag=Tag.IMPORT_FINISHED, by=None, source=known.source, counts=counts.as_json())
    return Result(counts, reading.findings)


def import_folder(path: Path, *, dry_run: bool = False, today: date | None = None) -> Result:
    """Import a folder without telling how it goes. Raises NotTheLayoutError."""
    reading, known = read_all(reader.content_folder(path), today=today)
    return write_all(reading, known, dry_run=dry_run)
