"""`parvis app`: the finer settings of a sign-in, and the tokens of programs that register by themselves."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from parvis.oidc.algorithms import OURS
from parvis.oidc.scopes import KNOWN
from parvis.suite.cli_refusals import explained, refuse_unprepared

ENCRYPTION = ("RSA-OAEP", "RSA-OAEP-256", "ECDH-ES")
DEVICES = "device_code"
"""What the command calls `urn:ietf:params:oauth:grant-type:device_code`."""
Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "--id-token-encryption-alg", type=click.Choice(ENCRYPTION), help="Encrypt ID tokens with its public keys."
    ),
    click.option("--userinfo-encryption-alg", type=click.Choice(ENCRYPTION), help="Encrypt userinfo answers."),
    click.option(
        "--access-token-alg",
        type=click.Choice(OURS),
        help="Signature of the access tokens that it gets for itself; ES256 by default.",
    ),
    click.option(
        "--subject-type",
        type=click.Choice(["public", "pairwise"]),
        help="`pairwise`: it knows people by identifiers that other sites' applications do not.",
    ),
    click.option(
        "--sector-identifier-uri",
        help="For pairwise identifiers, when its redirect URIs are on several hosts: a document that lists them.",
    ),
    click.option(
        "--default-max-age",
        type=click.IntRange(0, 31_536_000),
        help="Oldest sign-in that it accepts when it asks for none, in seconds.",
    ),
    click.option(
        "--initiate-login-uri",
        help="Where the menus lead, so that one click signs people in (OpenID Connect Core, section 4).",
    ),
)


def protocol_options(command: Command) -> Command:
    """Add the options of the finer settings."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _scopes(_ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> list[str]:
    names = [name for value in values for name in value.split()]
    if strange := sorted(set(names) - KNOWN):
        message = f"unknown: {', '.join(strange)}. Known: {', '.join(sorted(KNOWN))}."
        raise click.BadParameter(message)
    return names


@click.command("registration-token")
@click.option("--name", required=True, help="For whom it is: the team or the program.")
@click.option("--uses", type=click.IntRange(1, 1_000), default=1, show_default=True, help="How many applications.")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="For how many days it works.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    callback=_scopes,
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
