"""How an application signs people in: the catalogue's side of its OpenID Connect client."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.directory.models import User
from parvis.oidc.actions.clients import OVERLAP, create_client, rotate_secret, update_client
from parvis.oidc.models import Client
from parvis.suite.actions.cards import create_application
from parvis.suite.exceptions import NoSignInError
from parvis.suite.models import Application


@dataclass(frozen=True, slots=True)
class Registered:
    """A new application; the secret is known here and nowhere else."""

    application: Application
    secret: str = ""


@transaction.atomic
def register_application(
    *, by: User | None, application: Application, settings: dict[str, Any], logo: bytes | None = None
) -> Registered:
    """Add an application to the catalogue, with a client when people sign in to it or it acts for itself."""
    create_application(by=by, application=application, logo=logo)
    if not settings.get("redirect_uris") and not settings.get("grant_types"):
        return Registered(application)
    return Registered(application, add_sign_in(by=by, application=application, settings=settings))


@transaction.atomic
def add_sign_in(*, by: User | None, application: Application, settings: dict[str, Any]) -> str:
    """Give an application a client, and return its secret."""
    names = {"name_fr": application.name_fr, "name_en": application.name_en}
    client, secret = create_client(by=by, **names, **settings)
    application.client = client
    application.save(update_fields=["client", "updated_at"])
    return secret


@transaction.atomic
def edit_sign_in(*, by: User | None, application: Application, settings: dict[str, Any]) -> None:
    """Change the settings of the client; what a form did not offer stays as it is."""
    update_client(by=by, client=_client_of(application), **settings)


@transaction.atomic
def rotate_application_secret(*, by: User | None, application: Application, overlap: timedelta = OVERLAP) -> str:
    """Make a new secret, and return it; the former ones work for the overlap."""
    client = _client_of(application)
    if not client.has_secrets:
        raise NoSignInError(_("This application has no secret."))
    return rotate_secret(by=by, client=client, overlap=overlap)


def _client_of(application: Application) -> Client:
    if application.client is None:
        raise NoSignInError(_("This application does not sign people in here."))
    return application.client
