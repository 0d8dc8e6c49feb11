"""The journal's Django configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only journal of every change that matters."""

    name = "parvis.audit"
