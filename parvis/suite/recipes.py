"""What to paste into an application so that it signs people in here: exact values, for the libraries that teams use.

The acceptance tests run each recipe as it is rendered, with the library that it is for.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.utils.translation import gettext_lazy as _

from parvis.oidc.models import Client

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_SECRET_PLACE = "…"  # noqa: S105 - what stands in the place of the secret once it cannot be shown again
# django-lasuite and mozilla-django-oidc send each of these names as it is.
_LASUITE_SCOPES = ("openid", "email", "given_name", "usual_name", "uid", "siret", "organization_label", "idp_id")
_USUAL_SCOPES = ("openid", "profile", "email", "groups")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for one library: what it is called, the file they go to, and the scopes that it is used with."""

    slug: str
    name: "StrPromise | str"
    file: str
    scopes: tuple[str, ...] = _USUAL_SCOPES
    for_public: bool = False
    signs_people_in: bool = True

    def suits(self, client: Client) -> bool:
        """Say whether this kind of application can use it."""
        if self.signs_people_in and not client.signs_people_in:
            return False
        return self.for_public or client.has_secrets

    def text(self, client: Client, secret: str = "") -> str:
        """Return what to paste; the secret only when it was just made."""
        return _ENGINE.get_template(f"{self.slug}.txt").render(Context(_values(self, client, secret), autoescape=False))


RECIPES = (
    Recipe("django_lasuite", "La Suite (django-lasuite)", "settings.py", _LASUITE_SCOPES),
    Recipe("mozilla_django_oidc", "mozilla-django-oidc", "settings.py", _LASUITE_SCOPES),
    Recipe("openid_client", "Node.js (openid-client)", "sign-in.mjs", for_public=True),
    Recipe("authlib", "Python (Authlib)", "sign_in.py"),
    Recipe("apache", "Apache (mod_auth_openidc)", "parvis.conf"),
    Recipe("headers", _("Headers, as behind oauth2-proxy"), "parvis-headers.conf"),
    Recipe("environment", _("Variables of the environment"), ".env", for_public=True, signs_people_in=False),
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
    plain = {
        "client_id": client.client_id,
        "secret": secret or _SECRET_PLACE,
        "id_token_alg": client.id_token_alg,
        "userinfo_alg": client.userinfo_alg,
        "userinfo_format": "JSON" if client.userinfo_alg == Client.UserinfoAlg.NONE else "JWT",
        "scopes": " ".join(scope for scope in recipe.scopes if scope in client.scopes),
        "redirect_uri": redirect_uri,
        "post_logout_redirect_uri": next(iter(client.post_logout_redirect_uris), f"{at.scheme}://{at.netloc}/"),
    }
    # A string of JSON is a string of Python and of JavaScript too.
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in plain.items()}
    at_quoted = {name: json.dumps(value) for name, value in endpoints().items()}
    return plain | {
        "at": endpoints(),
        "quoted": quoted | {"at": at_quoted},
        "is_public": client.is_public,
        "is_local": settings.ISSUER.startswith("http://"),
    }
