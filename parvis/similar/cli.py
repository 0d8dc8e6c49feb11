"""`parvis similar`: the index of similar services."""

import time

import click


@click.group("similar")
def similar() -> None:
    """Look after the index of similar services."""


@similar.command()
def rebuild() -> None:
    """Compute the index anew: after a large import, or to let the words said count everywhere at once."""
    from parvis.similar import actions

    started = time.monotonic()
    number = actions.rebuild()
    click.echo(f"{number:,} services in {time.monotonic() - started:.1f} s.")


commands = [similar]
