"""What to paste into an application so that it signs people in here: exact values, for the libraries that teams use.

The acceptance tests run each recipe as it is rendered, with the library that it is for.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.utils.translation import gettext_lazy as _

from parvis.oidc.models import Client
from parvis.oidc.scopes import OFFLINE_ACCESS, SCOPES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_SECRET_PLACE = "…"  # noqa: S105 - what stands in the place of the secret once it cannot be shown again
_Grant = Client.GrantType
Suits = Callable[[Client], bool]


def _keeps_a_secret(client: Client) -> bool:
    return client.signs_people_in and client.has_secrets


def _has_a_secret_or_needs_none(client: Client) -> bool:
    return client.signs_people_in and (client.is_public or client.has_secrets)


def _is_in_the_browser(client: Client) -> bool:
    return client.signs_people_in and client.is_public


def _is_a_device(client: Client) -> bool:
    return client.is_public and _Grant.DEVICE_CODE in client.grant_types


def _acts_for_itself(client: Client) -> bool:
    return client.has_secrets and _Grant.CLIENT_CREDENTIALS in client.grant_types


def _any(_client: Client) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for one library: what it is called, the file they go to, and which applications can use them."""

    slug: str
    name: "StrPromise | str"
    file: str
    suits: Suits = _keeps_a_secret
    callback: str = ""
    """How the address ends at which people come back, when the library itself chooses it."""
    farewell: str = ""
    """How the address ends to which they come back once they have signed out, likewise."""

    def text(self, client: Client, secret: str = "") -> str:
        """Return what to paste; the secret only when it was just made."""
        values = Context(_values(self, client, secret), autoescape=False)
        # A plain text: what a template renders passes for HTML, and a page would show it without escaping it.
        return "".join([_ENGINE.get_template(f"{self.slug}.txt").render(values)])


RECIPES = (
    Recipe(
        "django_lasuite",
        "La Suite (django-lasuite)",
        "settings.py",
        callback="/callback/",
        farewell="/logout-callback/",
    ),
    Recipe("mozilla_django_oidc", "mozilla-django-oidc", "settings.py", callback="/oidc/callback/"),
    Recipe("openid_client", "Node.js (openid-client)", "sign-in.mjs", _has_a_secret_or_needs_none),
    Recipe("authlib", "Python (Authlib)", "sign_in.py"),
    Recipe("browser", _("In the browser alone (oidc-client-ts)"), "sign-in.js", _is_in_the_browser),
    Recipe("apache", "Apache (mod_auth_openidc)", "parvis.conf"),
    Recipe("headers", _("Headers, as behind oauth2-proxy"), "parvis-headers.conf"),
    Recipe("device", _("A device or a terminal (Python)"), "device.py", _is_a_device),
    Recipe("machine", _("A program that acts for itself (curl)"), "token.sh", _acts_for_itself),
    Recipe("environment", _("Variables of the environment"), ".env", _any),
)
_ENGINE = Engine(dirs=[str(Path(__file__).parent / "recipes_text")])


def find(slug: str) -> Recipe | None:
    """Return the recipe with this name."""
    return next((recipe for recipe in RECIPES if recipe.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Integration:
    """Everything to paste for one application."""

    client_id: str
    values: list[tuple[str, str]]
    recipes: list[tuple[Recipe, str]]


def integration(client: Client, secret: str = "") -> Integration:
    """Return the exact values, and the recipes that this application can use."""
    suited = [(recipe, recipe.text(client, secret)) for recipe in RECIPES if recipe.suits(client)]
    return Integration(client.client_id, list(endpoints().items()), suited)


def endpoints() -> dict[str, str]:
    """Return the addresses that libraries without discovery ask for."""
    issuer = settings.ISSUER
    return {
        "issuer": issuer,
        "discovery": f"{issuer}/.well-known/openid-configuration",
        "authorization_endpoint": f"{issuer}/oidc/authorize",
        "token_endpoint": f"{issuer}/oidc/token",
        "pushed_authorization_request_endpoint": f"{issuer}/oidc/par",
        "device_authorization_endpoint": f"{issuer}/oidc/device_authorization",
        "userinfo_endpoint": f"{issuer}/oidc/userinfo",
        "jwks_uri": f"{issuer}/oidc/jwks",
        "introspection_endpoint": f"{issuer}/oidc/introspect",
        "revocation_endpoint": f"{issuer}/oidc/revoke",
        "end_session_endpoint": f"{issuer}/oidc/logout",
    }


def _values(recipe: Recipe, client: Client, secret: str) -> dict[str, Any]:
    redirect_uri = next(iter(client.redirect_uris), "")
    at = urlsplit(redirect_uri)
    after_sign_out = f"{at.scheme}://{at.netloc}/"
    plain = {
        "client_id": client.client_id,
        "secret": secret or _SECRET_PLACE,
        "id_token_alg": client.id_token_alg,
        "userinfo_alg": client.userinfo_alg,
        "userinfo_format": "JSON" if client.userinfo_alg == Client.UserinfoAlg.NONE else "JWT",
        "scopes": " ".join(name for name in SCOPES if name in client.scopes and name != OFFLINE_ACCESS),
        "redirect_uri": redirect_uri,
        "post_logout_redirect_uri": next(iter(client.post_logout_redirect_uris), after_sign_out),
    }
    # A string of JSON is a string of Python and of JavaScript too.
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in plain.items()}
    at_quoted = {name: json.dumps(value) for name, value in endpoints().items()}
    return plain | {
        "at": endpoints(),
        "quoted": quoted | {"at": at_quoted},
        "is_public": client.is_public,
        "has_secret": client.has_secrets,
        "is_local": settings.ISSUER.startswith("http://"),
        "to_register": _to_register(recipe, client, after_sign_out),
    }


def _to_register(recipe: Recipe, client: Client, site: str) -> dict[str, str]:
    """Return the addresses that the library uses and that nobody has registered: without them it would not work."""
    back = any(uri.endswith(recipe.callback) for uri in client.redirect_uris)
    farewell = any(uri.endswith(recipe.farewell) for uri in client.post_logout_redirect_uris)
    return {
        "redirect_uri": "" if back else f"{site.rstrip('/')}{recipe.callback}",
        "post_logout_redirect_uri": "" if farewell else f"{site.rstrip('/')}{recipe.farewell or '/'}",
    }
