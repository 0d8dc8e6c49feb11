"""The outbox's Django configuration."""

from django.apps import AppConfig

from parvis.lib import periodic

SECONDS = 1
HOURS = 3600


class MailConfig(AppConfig):
    """Mails written in the transaction of what they tell, delivered afterwards."""

    name = "parvis.mail"

    def ready(self) -> None:
        """Deliver every few seconds; forget old mails."""
        from parvis.mail import tasks

        periodic.register("mail: deliver", tasks.deliver_due, every=3 * SECONDS)
        periodic.register("mail: forget", tasks.purge_old, every=6 * HOURS)
