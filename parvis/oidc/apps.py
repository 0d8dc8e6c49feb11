"""Django configuration of the app."""

from django.apps import AppConfig


class OidcConfig(AppConfig):
    """The app."""

    name = "parvis.oidc"
