"""`parvis app list`, `rotate-secret` and `recipe`."""

import json
import sys

import click

from parvis.suite.cli.refusals import explained, refuse_unprepared
from parvis.suite.cli.telling import described, find, show


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_applications(*, as_json: bool) -> None:
    """List the applications; secrets are not kept, so none is shown."""
    from parvis.suite.models import Application

    refuse_unprepared()
    found = [described(one) for one in Application.objects.select_related("client__organization", "owner")]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one['slug']:<30} {one['client_id'] or '(link only)':<38} {one['url']}")


@click.command("rotate-secret")
@click.argument("application")
@click.option("--now", is_flag=True, help="End the former secrets at once, instead of in a week.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(application: str, *, now: bool, as_json: bool) -> None:
    """Make a new secret for APPLICATION (its client_id, or its address on the site), and print it once."""
    from parvis.oidc.actions.clients import revoke_former_secrets
    from parvis.suite.actions.sign_in import rotate_application_secret

    refuse_unprepared()
    found = find(application)
    with explained():
        secret = rotate_application_secret(by=None, application=found)
        if now and found.client:
            revoke_former_secrets(client=found.client, by=None)
    show(described(found) | {"client_secret": secret}, as_json=as_json)


@click.command()
@click.argument("name", metavar="RECIPE", required=False)
@click.argument("application", required=False)
@click.option("--secret-stdin", is_flag=True, help="Read the secret from standard input, and put it in its place.")
def recipe(name: str | None, application: str | None, *, secret_stdin: bool) -> None:
    """Print the settings to paste for APPLICATION (its client_id, or its address on the site).

    Without arguments, list the recipes.
    """
    from parvis.suite import recipes

    known = ", ".join(one.slug for one in recipes.RECIPES)
    if not name or not application:
        click.echo(known.replace(", ", "\n"))
        return
    refuse_unprepared()
    chosen, client = recipes.find(name), find(application).client
    if chosen is None:
        raise click.ClickException(f"Unknown recipe. Known: {known}.")
    if client is None or not chosen.suits(client):
        raise click.ClickException("This application does not sign people in that way.")
    secret = sys.stdin.readline().strip() if secret_stdin else ""
    click.echo(chosen.text(client, secret), nl=False)
