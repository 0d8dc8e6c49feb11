"""Django configuration of the app."""

from django.apps import AppConfig


class SuiteConfig(AppConfig):
    """The app."""

    name = "parvis.suite"
