"""What the options of the commands hold, read and checked; models are imported once Django has started."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from parvis.lib import plain_json
from parvis.oidc.scopes import KNOWN

DEVICES = "device_code"
"""What the commands call `urn:ietf:params:oauth:grant-type:device_code`."""


def scopes(_ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> list[str]:
    """Accept the option several times, or several names in one."""
    names = [name for value in values for name in value.split()]
    if strange := sorted(set(names) - KNOWN):
        message = f"unknown: {', '.join(strange)}. Known: {', '.join(sorted(KNOWN))}."
        raise click.BadParameter(message)
    return names


def key_set(_ctx: click.Context, _parameter: click.Parameter, file: Path | None) -> Any:
    """Read a file of keys; what is in it is checked with the rest."""
    try:
        return json.loads(file.read_bytes(), cls=plain_json.Decoder) if file else {}
    except ValueError as error:
        raise click.BadParameter("not JSON.") from error


def uris(*, is_list: bool) -> Callable[..., Any]:
    """Return a callback that holds addresses to the rules of the provider."""

    def check(ctx: click.Context, _parameter: click.Parameter, given: Any) -> Any:
        from django.utils import translation

        from parvis.oidc.redirect_uris import InvalidRedirectUriError, validate_redirect_uri

        for uri in given if is_list else filter(None, [given]):
            try:
                validate_redirect_uri(uri, is_public=ctx.params.get("client_type") == "public")
            except InvalidRedirectUriError as error:
                with translation.override("en"):
                    raise click.BadParameter(f"{uri}: {error}") from error
        return list(given) if is_list else given or ""

    return check


def organization(_ctx: click.Context, _parameter: click.Parameter, slug: str | None) -> Any:
    """Find an organisation by its address on the site; the empty one stands for no organisation."""
    from parvis.directory.models import Organization

    if not slug:
        return slug
    if found := Organization.objects.filter(slug=slug).first():
        return found
    message = f"no organisation has the address {slug}."
    raise click.BadParameter(message)


def group(slug: str) -> Any:
    """Find a group that is open by its address on the site."""
    from parvis.directory.models import Group

    if not slug:
        return None
    if group := Group.objects.open().filter(slug=slug).first():
        return group
    raise click.BadParameter(f"no group has the address {slug}.", param_hint="--owner")


def grant_types(given: tuple[str, ...], *, signs_in: bool) -> list[str]:
    """Return what an application may exchange for tokens: with redirect URIs, what people's sign-in needs as well."""
    usual = ["authorization_code", "refresh_token"] if signs_in else []
    if not usual and not {"client_credentials", DEVICES} & set(given):
        raise click.MissingParameter(param_hint="'--redirect-uri'", param_type="option")
    named = [f"urn:ietf:params:oauth:grant-type:{name}" if name == DEVICES else name for name in given]
    return list(dict.fromkeys([*usual, *named]))
