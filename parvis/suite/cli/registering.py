"""`parvis app create` and `parvis app edit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from parvis.oidc.algorithms import OURS
from parvis.suite.cli import reading
from parvis.suite.cli.options import ENCRYPTION, finer_settings, usual_for_profile
from parvis.suite.cli.refusals import explained, refuse_unprepared
from parvis.suite.cli.telling import described, find, show

if TYPE_CHECKING:
    from parvis.suite.models import Application

METHODS = ["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"]


@click.command()
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
    callback=reading.uris(is_list=True),
    help="Where people come back after signing in; may be repeated.",
)
@click.option(
    "--grant-type",
    "grant_types",
    multiple=True,
    type=click.Choice(["authorization_code", "refresh_token", "client_credentials", reading.DEVICES]),
    help="Beside what people's sign-in needs: `client_credentials` for an application that acts for itself, "
    "`device_code` for one on devices without a keyboard.",
)
@click.option(
    "--post-logout-redirect-uri",
    "post_logout_redirect_uris",
    multiple=True,
    callback=reading.uris(is_list=True),
    help="Where people come back after signing out; may be repeated.",
)
@click.option(
    "--backchannel-logout-uri", callback=reading.uris(is_list=False), help="Where to tell that a session ended."
)
@click.option(
    "--frontchannel-logout-uri",
    callback=reading.uris(is_list=False),
    help="Opened unseen in the person's browser when their session ends.",
)
@click.option(
    "--organization", callback=reading.organization, help="Only for people who act for it: its address on the site."
)
@click.option(
    "--id-token-alg",
    type=click.Choice(OURS),
    help="Signature of ID tokens: RS256 unless said, ES256 with a profile.",
)
@click.option(
    "--userinfo-alg",
    type=click.Choice([*OURS, "none"]),
    default="none",
    show_default=True,
    help="Signature of the userinfo answer; none is plain JSON.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    callback=reading.scopes,
    help="What it may ask for; may be repeated. By default, the scopes of the ProConnect contract.",
)
@click.option(
    "--auth-method",
    "token_endpoint_auth_method",
    type=click.Choice(METHODS),
    help="How it proves itself; by default its secret, in the header or in the body.",
)
@click.option(
    "--jwks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=reading.key_set,
    help="File of its public keys (a JSON Web Key Set), for private_key_jwt and for encrypted answers.",
)
@click.option("--jwks-uri", callback=reading.uris(is_list=False), help="Where its public keys are published, instead.")
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
@finer_settings
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
    show(described(application) | {"client_secret": secret}, as_json=as_json)


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

    grants = reading.grant_types(grant_types, signs_in=bool(settings["redirect_uris"]))
    card = Application(
        name_fr=name,
        name_en=name_en or name,
        description_fr=description_fr,
        description_en=description_en,
        url=url or _site_of(next(iter(settings["redirect_uris"]), site.ISSUER)),
        # What nobody signs in to is not for everybody's launcher.
        audience="network" if settings["redirect_uris"] or reading.DEVICES in grant_types else "chosen",
        is_public=is_public,
        owner=reading.group(owner),
    )
    card.full_clean(exclude=["slug"])
    given = {name: value for name, value in usual_for_profile(settings).items() if value not in (None, "", [])}
    given |= {"type": client_type, "is_trusted": trusted, "grant_types": grants}
    made = register_application(by=None, application=card, settings=given)
    return made.application, made.secret


def _site_of(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}/"


@click.command()
@click.argument("application")
@click.option(
    "--redirect-uri", "redirect_uris", multiple=True, callback=reading.uris(is_list=True), help="In place of all."
)
@click.option(
    "--post-logout-redirect-uri",
    "post_logout_redirect_uris",
    multiple=True,
    callback=reading.uris(is_list=True),
    help="In place of all.",
)
@click.option("--backchannel-logout-uri", help="Where to tell that a session ended; empty to take it away.")
@click.option("--frontchannel-logout-uri", help="What to open in the browser then; empty to take it away.")
@click.option(
    "--organization", callback=reading.organization, help="Only for people who act for it; empty for everyone."
)
@click.option(
    "--jwks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=reading.key_set,
    help="File of its public keys (a JSON Web Key Set), in place of all.",
)
@click.option("--id-token-alg", type=click.Choice(OURS), help="Signature of ID tokens.")
@click.option(
    "--auth-method",
    "token_endpoint_auth_method",
    type=click.Choice(METHODS),
    help="How it proves itself.",
)
@finer_settings
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def edit(application: str, *, as_json: bool, **options: Any) -> None:
    """Change where APPLICATION (its client_id, or its address on the site) is reached, for whom, and how safely."""
    from parvis.oidc.actions.clients import update_client

    refuse_unprepared()
    found = find(application)
    if found.client is None:
        raise click.ClickException("People do not sign in to this application here.")
    changes = {name: value for name, value in usual_for_profile(options).items() if value not in (None, [], {})}
    if "organization" in changes:
        changes["organization"] = changes["organization"] or None
    with explained():
        found.client = update_client(client=found.client, by=None, **changes)
    show(described(found), as_json=as_json)
