"""What applications must be told when a session ends."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7
from parvis.oidc.models.client import Client


class LogoutDeliveryQuerySet(models.QuerySet["LogoutDelivery"]):
    """Sets of deliveries."""

    def waiting(self) -> Self:
        """Return those that the application has not confirmed, while we still try."""
        return self.filter(confirmed_at__isnull=True, given_up_at__isnull=True)


class LogoutDelivery(models.Model):
    """A logout token that an application must receive, sent until it confirms (Back-Channel Logout 1.0, section 2.5).

    The token itself is signed at each attempt: it is short-lived, and nothing of it is worth keeping.
    """

    LIFETIME = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sid = models.UUIDField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = LogoutDeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                name="oidc_logout_waiting",
                condition=models.Q(confirmed_at__isnull=True, given_up_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "sid"], name="oidc_logout_once"),
        ]
        verbose_name = _("logout to deliver")
        verbose_name_plural = _("logouts to deliver")

    def __str__(self) -> str:
        return f"{self.client_id} {self.sid}"
