"""What `parvis app create` and `parvis app edit` say of the security of an application's requests and tokens."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from parvis.suite.cli_protocol import ENCRYPTION

Command = TypeVar("Command", bound=Callable[..., Any])
PROFILES = ["none", "fapi2", "fapi2-message-signing"]
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]

_OPTIONS = (
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        callback=lambda _ctx, _parameter, given: "" if given == "none" else given,
        help="Hold its requests to the rules of FAPI 2.0.",
    ),
    click.option(
        "--require-par/--no-require-par",
        "requires_pushed_requests",
        default=None,
        help="Accept only requests that it sends beforehand (RFC 9126).",
    ),
    click.option(
        "--require-signed-requests/--no-require-signed-requests",
        "requires_signed_requests",
        default=None,
        help="Accept only requests that it signs (RFC 9101).",
    ),
    click.option(
        "--require-dpop/--no-require-dpop",
        "requires_dpop",
        default=None,
        help="Give it only tokens that are bound to a key of its own (RFC 9449).",
    ),
    click.option("--request-object-alg", type=click.Choice(ALGORITHMS), help="The one signature of its requests."),
    click.option(
        "--authorization-response-alg", type=click.Choice(ALGORITHMS), help="Signature of our answers to them (JARM)."
    ),
    click.option(
        "--authorization-response-encryption-alg",
        type=click.Choice(ENCRYPTION),
        help="Encrypt our signed answers to them with its public keys.",
    ),
    click.option(
        "--auth-signing-alg",
        "token_endpoint_auth_signing_alg",
        type=click.Choice(ALGORITHMS),
        help="The one signature that proves who it is.",
    ),
)


def security_options(command: Command) -> Command:
    """Add the options; one that is not given says nothing."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def usual_for_profile(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what a profile leaves no choice about, unless it was said otherwise: the rules then say what is wrong."""
    if not settings.get("profile"):
        return settings
    usual = {"token_endpoint_auth_method": "private_key_jwt", "id_token_alg": "ES256"}
    return usual | {name: value for name, value in settings.items() if value is not None}
