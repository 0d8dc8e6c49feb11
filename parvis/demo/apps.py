"""Django configuration of the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app."""

    name = "parvis.demo"
