"""The mail app's Django configuration."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Messages from templates, and the outbox that delivers them."""

    name = "parvis.mail"
