"""`parvis app`: registering applications without a browser. Other programs call it: its options and JSON names stay."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from parvis.oidc.scopes import DEFAULT_SCOPES, KNOWN
from parvis.suite.cli_protocol import DEVICES, ENCRYPTION, protocol_options, registration_token
from parvis.suite.cli_refusals import explained, refuse_unprepared
from parvis.suite.cli_security import ALGORITHMS as _ALGORITHMS
from parvis.suite.cli_security import security_options, usual_for_profile

if TYPE_CHECKING:
    from parvis.suite.models import Application


def _scopes(_ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> list[str]:
    """Accept the option several times, or several names in one; none given means the usual set."""
    names = [name for value in values for name in value.split()]
    if strange := sorted(set(names) - KNOWN):
        message = f"unknown: {', '.join(strange)}. Known: {', '.join(sorted(KNOWN))}."
        raise click.BadParameter(message)
    return names or list(DEFAULT_SCOPES)


def _key_set(_ctx: click.Context, _parameter: click.Parameter, file: Path | None) -> Any:
    """Read a file of keys; what is in it is checked with the rest."""
    try:
        return json.loads(file.read_bytes()) if file else {}
    except ValueError as error:
        raise click.BadParameter("not JSON.") from error


def _uris(*, is_list: bool) -> Callable[..., Any]:
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


def _organization(_ctx: click.Context, _parameter: click.Parameter, slug: str | None) -> Any:
    """Find an organisation by its address on the site; the empty one stands for no organisation."""
    from parvis.directory.models import Organization

    if not slug:
        return slug
    if found := Organization.objects.filter(slug=slug).first():
        return found
    message = f"no organisation has the address {slug}."
    raise click.BadParameter(message)


@click.group("app")
def app_group() -> None:
    """Register applications, and look after their secrets."""


@app_group.command()
@click.option("--name", required=True, help="What people call it.")
@click.option("--name-en", default="", help="Its name in English, when it differs.")
@click.option(
    "--type",
    "client_type",
    type=click.Choice(["confidential", "public"]),
    default="confidential",
    is_eager=True,
    help="`public`: runs on people's devices, without a secret.",
    show_default=True,
)
@click.option(
    "--redirect-uri",
    "redirect_uris",
    multiple=True,
    callback=_uris(is_list=True),
    help="Where people come back after signing in; may be repeated.",
)
@click.option(
    "--grant-type",
    "grant_types",
    multiple=True,
    type=click.Choice(["authorization_code", "refresh_token", "client_credentials", DEVICES]),
    help="Beside what people's sign-in needs: `client_credentials` for an application that acts for itself, "
    "`device_code` for one on devices without a keyboard.",
)
@click.option(
    "--post-logout-redirect-uri",
    "post_logout_redirect_uris",
    multiple=True,
    callback=_uris(is_list=True),
    help="Where people come back after signing out; may be repeated.",
)
@click.option("--backchannel-logout-uri", callback=_uris(is_list=False), help="Where to tell that a session ended.")
@click.option(
    "--frontchannel-logout-uri",
    callback=_uris(is_list=False),
    help="Opened unseen in the person's browser when their session ends.",
)
@click.option("--organization", callback=_organization, help="Only for people who act for it: its address on the site.")
@click.option(
    "--id-token-alg",
    type=click.Choice(_ALGORITHMS),
    help="Signature of ID tokens: RS256 unless said, ES256 with a profile.",
)
@click.option(
    "--userinfo-alg",
    type=click.Choice([*_ALGORITHMS, "none"]),
    default="none",
    show_default=True,
    help="Signature of the userinfo answer; none is plain JSON.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    callback=_scopes,
    help="What it may ask for; may be repeated. By default, the scopes of the ProConnect contract.",
)
@click.option(
    "--auth-method",
    "token_endpoint_auth_method",
    type=click.Choice(["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"]),
    help="How it proves itself; by default its secret, in the header or in the body.",
)
@click.option(
    "--jwks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_key_set,
    help="File of its public keys (a JSON Web Key Set), for private_key_jwt and for encrypted answers.",
)
@click.option("--jwks-uri", callback=_uris(is_list=False), help="Where its public keys are published, instead.")
@click.option(
    "--resource-server",
    "is_resource_server",
    is_flag=True,
    help="It serves data to other applications: it may ask whether their access tokens are good for its scopes.",
)
@click.option("--resource", "resources", multiple=True, help="Address of its data (RFC 8707); may be repeated.")
@click.option(
    "--reads-access-tokens",
    is_flag=True,
    help="It verifies access tokens by itself: those for one of its addresses are signed JWTs (RFC 9068).",
)
@click.option(
    "--introspection-encryption-alg",
    type=click.Choice(ENCRYPTION),
    help="Encrypt what it is told of tokens, as django-lasuite's resource servers need.",
)
@protocol_options
@security_options
@click.option("--trusted", is_flag=True, help="Do not ask people before sharing their data.")
@click.option("--sandbox", "is_sandbox", is_flag=True, help="On trial: fictional people only.")
@click.option("--url", default="", help="Where the launcher leads; by default, the site of the first redirect URI.")
@click.option("--public", "is_public", is_flag=True, help="Put it on the public list, which needs no sign-in.")
@click.option("--owner", default="", help="Address on the site of the group that looks after it.")
@click.option("--description-fr", default="", help="What it is for, in French.")
@click.option("--description-en", default="", help="What it is for, in English.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(*, as_json: bool, **options: Any) -> None:
    """Register an application, and print its client_id and client_secret: the secret is shown this once."""
    refuse_unprepared()
    with explained():
        application, secret = _create(**options)
    _print(_described(application) | {"client_secret": secret}, as_json=as_json)


def _create(
    *,
    name: str,
    name_en: str,
    client_type: str,
    url: str,
    is_public: bool,
    owner: str,
    trusted: bool,
    description_fr: str,
    description_en: str,
    grant_types: tuple[str, ...],
    **settings: Any,
) -> tuple["Application", str]:
    from django.conf import settings as site

    from parvis.suite.actions.sign_in import register_application
    from parvis.suite.models import Application

    grants = _grant_types(grant_types, signs_in=bool(settings["redirect_uris"]))
    card = Application(
        name_fr=name,
        name_en=name_en or name,
        description_fr=description_fr,
        description_en=description_en,
        url=url or _site_of(next(iter(settings["redirect_uris"]), site.ISSUER)),
        # What nobody signs in to is not for everybody's launcher.
        audience="network" if settings["redirect_uris"] or DEVICES in grant_types else "chosen",
        is_public=is_public,
        owner=_group(owner),
    )
    card.full_clean(exclude=["slug"])
    given = {name: value for name, value in usual_for_profile(settings).items() if value not in (None, "")}
    given |= {"type": client_type, "is_trusted": trusted, "grant_types": grants}
    made = register_application(by=None, application=card, settings=given)
    return made.application, made.secret


def _grant_types(given: tuple[str, ...], *, signs_in: bool) -> list[str]:
    """Return what an application may exchange for tokens: with redirect URIs, what people's sign-in needs as well."""
    usual = ["authorization_code", "refresh_token"] if signs_in else []
    if not usual and not {"client_credentials", DEVICES} & set(given):
        raise click.MissingParameter(param_hint="'--redirect-uri'", param_type="option")
    named = [f"urn:ietf:params:oauth:grant-type:{name}" if name == DEVICES else name for name in given]
    return list(dict.fromkeys([*usual, *named]))


def _site_of(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}/"


def _group(slug: str) -> Any:
    from parvis.directory.models import Group

    if not slug:
        return None
    if group := Group.objects.open().filter(slug=slug).first():
        return group
    raise click.BadParameter(f"no group has the address {slug}.", param_hint="--owner")


@app_group.command()
@click.argument("application")
@click.option("--redirect-uri", "redirect_uris", multiple=True, callback=_uris(is_list=True), help="In place of all.")
@click.option(
    "--post-logout-redirect-uri",
    "post_logout_redirect_uris",
    multiple=True,
    callback=_uris(is_list=True),
    help="In place of all.",
)
@click.option("--backchannel-logout-uri", help="Where to tell that a session ended; empty to take it away.")
@click.option("--frontchannel-logout-uri", help="What to open in the browser then; empty to take it away.")
@click.option("--organization", callback=_organization, help="Only for people who act for it; empty for everyone.")
@click.option(
    "--jwks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_key_set,
    help="File of its public keys (a JSON Web Key Set), in place of all.",
)
@click.option("--id-token-alg", type=click.Choice(_ALGORITHMS), help="Signature of ID tokens.")
@click.option(
    "--auth-method",
    "token_endpoint_auth_method",
    type=click.Choice(["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"]),
    help="How it proves itself.",
)
@protocol_options
@security_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def edit(application: str, *, as_json: bool, **options: Any) -> None:
    """Change where APPLICATION (its client_id, or its address on the site) is reached, for whom, and how safely."""
    from parvis.oidc.actions.clients import update_client

    refuse_unprepared()
    found = _find(application)
    if found.client is None:
        raise click.ClickException("People do not sign in to this application here.")
    changes = {name: value for name, value in usual_for_profile(options).items() if value not in (None, [], {})}
    if "organization" in changes:
        changes["organization"] = changes["organization"] or None
    with explained():
        found.client = update_client(client=found.client, by=None, **changes)
    _print(_described(found), as_json=as_json)


@app_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_applications(*, as_json: bool) -> None:
    """List the applications; secrets are not kept, so none is shown."""
    from parvis.suite.models import Application

    refuse_unprepared()
    found = [_described(one) for one in Application.objects.select_related("client__organization", "owner")]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one['slug']:<30} {one['client_id'] or '(link only)':<38} {one['url']}")


@app_group.command("rotate-secret")
@click.argument("application")
@click.option("--now", is_flag=True, help="End the former secrets at once, instead of in a week.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(application: str, *, now: bool, as_json: bool) -> None:
    """Make a new secret for APPLICATION (its client_id, or its address on the site), and print it once."""
    from parvis.oidc.actions.clients import revoke_former_secrets
    from parvis.suite.actions.sign_in import rotate_application_secret

    refuse_unprepared()
    found = _find(application)
    with explained():
        secret = rotate_application_secret(by=None, application=found)
        if now and found.client:
            revoke_former_secrets(client=found.client, by=None)
    _print(_described(found) | {"client_secret": secret}, as_json=as_json)


@app_group.command()
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
    chosen, client = recipes.find(name), _find(application).client
    if chosen is None:
        raise click.ClickException(f"Unknown recipe. Known: {known}.")
    if client is None or not chosen.suits(client):
        raise click.ClickException("This application does not sign people in that way.")
    secret = sys.stdin.readline().strip() if secret_stdin else ""
    click.echo(chosen.text(client, secret), nl=False)


def _find(name: str) -> "Application":
    from django.db.models import Q

    from parvis.suite.models import Application

    rows = Application.objects.select_related("client__organization", "owner")
    if found := rows.filter(Q(client__client_id=name) | Q(slug=name)).first():
        return found
    raise click.ClickException(f"No application has the client_id or the address {name}. See `parvis app list`.")


def _described(application: "Application") -> dict[str, Any]:
    """Return what is told of an application; these names are read by other programs."""
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


def _print(values: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    for name in ("name", "client_id", "client_secret", "issuer", "url"):
        if name in values:
            click.echo(f"{name}: {values[name]}")
    if values.get("client_secret"):
        click.echo("The secret is not shown again.", err=True)


app_group.add_command(registration_token)
commands: list[click.Command] = [app_group]
