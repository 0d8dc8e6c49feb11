"""`parvis audit`: the journal's upkeep."""

import click


@click.group()
def audit() -> None:
    """Look after the journal."""


@audit.command()
@click.option("--days", type=click.IntRange(1, 36500), help="Keep so many days [PARVIS_AUDIT_RETENTION_DAYS].")
def purge(days: int | None) -> None:
    """Delete events that are older than the retention period. The worker does it every day."""
    from parvis.audit.tasks import purge_old

    click.echo(f"{purge_old(days)} events deleted")


commands: list[click.Command] = [audit]
