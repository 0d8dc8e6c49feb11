"""Finding an application, and telling what it is: these names are read by other programs."""

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from parvis.suite.models import Application


def find(name: str) -> "Application":
    """Return the application of a client_id, or of an address on the site."""
    from django.db.models import Q

    from parvis.suite.models import Application

    rows = Application.objects.select_related("client__organization", "owner")
    if found := rows.filter(Q(client__client_id=name) | Q(slug=name)).first():
        return found
    raise click.ClickException(f"No application has the client_id or the address {name}. See `parvis app list`.")


def described(application: "Application") -> dict[str, Any]:
    """Return what is told of an application."""
    from django.conf import settings

    client = application.client
    return {
        "client_id": client.client_id if client else "",
        "name": application.name_fr,
        "slug": application.slug,
        "url": application.url,
        "state": application.state,
        "public": application.is_public,
        "owner": application.owner.slug if application.owner else "",
        "issuer": settings.ISSUER,
        "type": client.type if client else "",
        "grant_types": client.grant_types if client else [],
        "token_endpoint_auth_method": client.token_endpoint_auth_method if client else "",
        "resource_server": bool(client and client.is_resource_server),
        "resources": client.resources if client else [],
        "redirect_uris": client.redirect_uris if client else [],
        "post_logout_redirect_uris": client.post_logout_redirect_uris if client else [],
        "backchannel_logout_uri": client.backchannel_logout_uri if client else "",
        "frontchannel_logout_uri": client.frontchannel_logout_uri if client else "",
        "organization": client.organization.slug if client and client.organization else "",
        "id_token_alg": client.id_token_alg if client else "",
        "profile": client.profile if client else "",
        "userinfo_alg": client.userinfo_alg if client else "",
        "scopes": client.scopes if client else [],
        "trusted": bool(client and client.is_trusted),
    }


def show(values: dict[str, Any], *, as_json: bool) -> None:
    """Print what is told, for people or for programs."""
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    for name in ("name", "client_id", "client_secret", "issuer", "url"):
        if name in values:
            click.echo(f"{name}: {values[name]}")
    if values.get("client_secret"):
        click.echo("The secret is not shown again.", err=True)
