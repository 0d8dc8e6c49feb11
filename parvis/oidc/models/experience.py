"""How signing in goes for an application: what its developers read when something does not work."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7
from parvis.oidc.models.client import Client


class Mishap(models.Model):
    """A request of an application that was refused: what came, and why it was refused.

    Nothing of the person is in it, and no code, token or secret: only what the application itself wrote.
    """

    MOST_KEPT = 100

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="mishaps")
    at = models.DateTimeField(default=timezone.now)
    endpoint = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    description = models.CharField(max_length=300)
    received = models.JSONField(default=dict, help_text=_("Parameters of the request that explain the refusal."))

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["client", "-id"], name="oidc_mishap_recent")]
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")

    def __str__(self) -> str:
        return f"{self.endpoint} {self.code}"


class ClientDay(models.Model):
    """How many people's sign-ins an application had on a day, and how many of its requests were refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    sign_ins = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "day"], name="oidc_clientday_once"),
        ]
        verbose_name = _("day of an application")
        verbose_name_plural = _("days of applications")

    def __str__(self) -> str:
        return f"{self.client_id} {self.day}"
