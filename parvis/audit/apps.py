"""The journal's Django configuration."""

from django.apps import AppConfig

from parvis.lib import periodic

DAY = 24 * 3600


class AuditConfig(AppConfig):
    """Append-only journal of every change that matters."""

    name = "parvis.audit"

    def ready(self) -> None:
        """Forget old events once a day."""
        from parvis.audit.tasks import purge_old

        periodic.register("audit: forget", purge_old, every=DAY)
