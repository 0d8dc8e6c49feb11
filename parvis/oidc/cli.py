"""`parvis keys`: the keys that sign ID tokens."""

import json

import click

from parvis.oidc.algorithms import OURS


@click.group()
def keys() -> None:
    """List and change signing keys."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_(*, as_json: bool) -> None:
    """List every key with its dates."""
    from parvis.oidc.models import SigningKey

    rows = [_facts(key) for key in SigningKey.objects.all()]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['alg']}  {row['kid']}  {row['state']:<9}  signs from {row['signs_from']}")


@keys.command()
@click.option("--alg", type=click.Choice(OURS), help="Only this algorithm; by default, all that have keys.")
@click.option(
    "--now", "at_once", is_flag=True, help="A key got out: sign with new ones at once, show the former no more."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of the new keys.")
def rotate(*, alg: str | None, at_once: bool, as_json: bool) -> None:
    """Publish new keys; they sign two hours later, so that applications have seen them first."""
    from parvis.oidc.actions import keys as actions

    algs = [alg] if alg else actions.in_use()
    rows = [_facts(actions.rotate(alg=one, by=None, at_once=at_once)) for one in algs]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['alg']}  {row['kid']}  signs from {row['signs_from']}")


def _facts(key: object) -> dict[str, str | None]:
    from parvis.oidc.models import SigningKey

    if not isinstance(key, SigningKey):
        raise TypeError
    dates = {name: getattr(key, name) for name in ("published_at", "signs_from", "retires_at", "removed_at")}
    told = {name: moment.isoformat(timespec="seconds") if moment else None for name, moment in dates.items()}
    return {"kid": key.kid, "alg": key.alg, "state": str(key.state)} | told


commands: list[click.Command] = [keys]
