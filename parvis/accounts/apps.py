"""The accounts app's Django configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in journeys, sessions, second factors, profile."""

    name = "parvis.accounts"
