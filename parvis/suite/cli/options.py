"""The options that creating and editing an application share: its finer settings, and how safely it asks."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from parvis.oidc.algorithms import OURS

ENCRYPTION = ("RSA-OAEP", "RSA-OAEP-256", "ECDH-ES")
PROFILES = ("none", "fapi2", "fapi2-message-signing")
Command = TypeVar("Command", bound=Callable[..., Any])
_PROTOCOL = (
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
_SECURITY = (
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
    click.option("--request-object-alg", type=click.Choice(OURS), help="The one signature of its requests."),
    click.option(
        "--authorization-response-alg", type=click.Choice(OURS), help="Signature of our answers to them (JARM)."
    ),
    click.option(
        "--authorization-response-encryption-alg",
        type=click.Choice(ENCRYPTION),
        help="Encrypt our signed answers to them with its public keys.",
    ),
    click.option(
        "--auth-signing-alg",
        "token_endpoint_auth_signing_alg",
        type=click.Choice(OURS),
        help="The one signature that proves who it is.",
    ),
)


def finer_settings(command: Command) -> Command:
    """Add these options to a command; one that is not given says nothing."""
    for option in reversed((*_PROTOCOL, *_SECURITY)):
        command = option(command)
    return command


def usual_for_profile(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what a profile leaves no choice about, unless it was said otherwise: the rules then say what is wrong."""
    if not settings.get("profile"):
        return settings
    usual = {"token_endpoint_auth_method": "private_key_jwt", "id_token_alg": "ES256"}
    return usual | {name: value for name, value in settings.items() if value is not None}
