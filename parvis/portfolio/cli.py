"""`parvis portfolio`: the figures of the network."""

import json
import sys
from datetime import date, datetime
from typing import Any

import click


@click.group("portfolio")
def portfolio() -> None:
    """Read the portfolio of products."""


@portfolio.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the figures; today by default.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of lines for people.")
@click.argument("identifiers", nargs=-1)
def statistics(as_of: datetime | None, identifiers: tuple[str, ...], *, as_json: bool) -> None:
    """Compute the statistics of the network: all of them, or those named by their IDENTIFIERS."""
    from parvis.portfolio.statistics import DayOutOfRangeError, UnknownStatisticError, compute

    day: date | None = as_of.date() if as_of else None
    try:
        values = compute(identifiers or None, day)
    except UnknownStatisticError as error:
        raise click.ClickException(f"There is no such statistic: {error}") from error
    except DayOutOfRangeError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        json.dump(values, sys.stdout, ensure_ascii=False, indent=2)
        click.echo()
        return
    for name, value in values.items():
        click.echo(f"{name}: {_shown(value)}")


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


commands = [portfolio]
