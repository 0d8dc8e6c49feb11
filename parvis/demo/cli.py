"""`parvis demo`: a fictional network to look at, show and test with."""

import json

import click


@click.command()
@click.option(
    "--if-empty", is_flag=True, help="Do nothing, without complaint, when the directory holds people already."
)
@click.option("--force", is_flag=True, help="Add the fictional network beside the people who are here.")
@click.option("--in-production", is_flag=True, help="Allow it on an installation that is not for development.")
@click.option("--json", "as_json", is_flag=True, help="Print who to sign in as, as JSON.")
def demo(*, if_empty: bool, force: bool, in_production: bool, as_json: bool) -> None:
    """Make a small fictional network: organisations, teams, people, applications.

    It is the same everywhere, with days counted from today; running it again changes nothing. Its addresses are on
    domains reserved for examples, so no mail ever leaves for them.
    """
    from django.conf import settings

    from parvis.demo import actions, queries
    from parvis.lib.database import pending_migrations

    if settings.IS_PRODUCTION and not in_production:
        message = (
            "This is a production installation: fictional people do not belong here (--in-production allows them)."
        )
        raise click.ClickException(message)
    if pending_migrations():
        raise click.ClickException("The database is not ready: run `parvis setup` first.")
    if not (queries.is_here() or queries.is_database_empty() or force):
        if if_empty:
            return
        raise click.ClickException(
            "The directory holds people already: --force adds the fictional network beside them."
        )
    was_made = actions.tell()
    visitors = queries.visitors()
    if as_json:
        people = [{"name": one.name, "email": one.address, "why": one.why} for one in visitors]
        click.echo(json.dumps({"created": was_made, "sign_in_as": people}, ensure_ascii=False, indent=2))
        return
    if was_made or not if_empty:
        click.echo("The fictional network is ready." if was_made else "The fictional network was here already.")
    if not if_empty:
        for one in visitors:
            click.echo(f"  {one.address:<42} {one.why}")


commands = [demo]
