"""`parvis app registration-token`: for programs that register their applications by themselves (RFC 7591)."""

import json
from datetime import timedelta
from typing import Any

import click

from parvis.suite.cli import reading
from parvis.suite.cli.refusals import explained, refuse_unprepared


@click.command("registration-token")
@click.option("--name", required=True, help="For whom it is: the team or the program.")
@click.option("--uses", type=click.IntRange(1, 1_000), default=1, show_default=True, help="How many applications.")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="For how many days it works.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    callback=reading.scopes,
    help="What its applications may ask for; may be repeated. By default, the usual scopes.",
)
@click.option(
    "--accept-endpoint-audience",
    "accepts_endpoint_audience",
    is_flag=True,
    help="Their signed proofs may name the token endpoint in the place of the issuer, as older libraries do.",
)
@click.option("--sandbox", "is_sandbox", is_flag=True, help="They are on trial: fictional people only.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def registration_token(*, as_json: bool, days: int, scopes: list[str], **given: Any) -> None:
    """Make a token with which a program registers its applications (RFC 7591), and print it: it is shown this once."""
    from django.conf import settings

    from parvis.oidc.actions import registrations

    refuse_unprepared()
    with explained():
        wanted = given | ({"scopes": scopes} if scopes else {})
        token, secret = registrations.create_token(by=None, lifetime=timedelta(days=days), **wanted)
    told = {
        "registration_token": secret,
        "registration_endpoint": f"{settings.ISSUER}/oidc/register",
        "name": token.name,
        "uses": token.uses_left,
        "expires_at": token.expires_at.isoformat(timespec="seconds"),
        "scope": " ".join(token.scopes),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name, value in told.items():
        click.echo(f"{name}: {value}")
    click.echo("The token is not shown again.", err=True)
