"""`parvis similar` and two sources of `parvis import`: services of all countries."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parvis.directory.cli import import_group, one_at_a_time, refuse_unprepared, tell_findings, write_report

if TYPE_CHECKING:
    from parvis.similar.importers.wanted import Read
    from parvis.similar.importers.writing import Result

_COUNTRY = 2


@click.group("similar")
def similar() -> None:
    """Look after the index of similar services."""


@similar.command()
def rebuild() -> None:
    """Compute the index anew: after a large import, or to let the words said count everywhere at once."""
    from parvis.similar import actions

    refuse_unprepared()
    started = time.monotonic()
    number = actions.rebuild()
    click.echo(f"{number:,} services in {time.monotonic() - started:.1f} s.")


_path = click.argument("path", type=click.Path(exists=True, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Change nothing; tell what would be done.")
_whole = click.option("--whole", is_flag=True, help="PATH holds all of the source: what is missing there has left it.")
_report = click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write every repair and every skipped item to this JSON file.",
)


@import_group.command()
@_path
@click.option("--source", default="publiccode", show_default=True, help="A name for this catalogue, kept apart.")
@click.option("--country", default="", help="The country of software that names none, as two letters (ISO 3166-1).")
@_whole
@_dry_run
@_report
def publiccode(path: Path, source: str, country: str, **options: Any) -> None:
    """Import software of other administrations from publiccode.yml files.

    PATH is such a file, or a folder that holds them at any depth. A second run over the same files changes nothing.
    """
    from parvis.similar.importers import publiccode as reading

    if country and not (len(country) == _COUNTRY and country.isascii() and country.isalpha()):
        raise click.BadParameter("It takes two letters, such as DE.", param_hint="--country")
    if not source or len(source) > 40:  # noqa: PLR2004 - the column's length
        raise click.BadParameter("It takes 1 to 40 characters.", param_hint="--source")
    _run(source, reading.read, path, country=country.upper(), **options)


@import_group.command("govuk-services")
@_path
@_whole
@_dry_run
@_report
def govuk_services(path: Path, **options: Any) -> None:
    """Import the services of the United Kingdom as the x-govuk list describes them.

    PATH is one of its JSON files, or the folder that holds them. A second run over the same files changes nothing.
    """
    from parvis.similar.importers import govuk as reading

    _run(reading.SOURCE, reading.read, path, country=reading.COUNTRY, **options)


commands = [similar]


def _run(
    source: str, read: "Read", path: Path, *, country: str, whole: bool, dry_run: bool, report: Path | None
) -> None:
    from parvis.directory.importers.findings import Findings
    from parvis.similar.importers import writing

    started = time.monotonic()
    if report and not report.parent.is_dir():
        raise click.ClickException(f"The folder of the report does not exist: {report.parent}")
    refuse_unprepared()
    found = Findings()
    with one_at_a_time():
        wanted = [item.at_home_in(country) for item in read(path, found)]
        result = writing.write(source, wanted, found, is_whole=whole, dry_run=dry_run)
    seconds = time.monotonic() - started
    _tell(result, seconds, dry_run=dry_run)
    tell_findings(result.findings, report)
    if report:
        write_report(report, source, result, path, seconds, dry_run=dry_run)


def _tell(result: "Result", seconds: float, *, dry_run: bool) -> None:
    counts = result.counts
    numbers = {name: by_noun["services"] for name, by_noun in counts.as_json().items()}
    told = ", ".join(f"{number:,} {name}" for name, number in numbers.items())
    if dry_run:
        click.echo(f"Services: {told}. Nothing was written (dry run, {seconds:.1f} s).")
    elif not counts.anything:
        click.echo(f"Nothing had changed: {counts.unchanged:,} services ({seconds:.1f} s).")
    else:
        click.echo(f"Services: {told} ({seconds:.1f} s). They are found once the worker has read them.")
