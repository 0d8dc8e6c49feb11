"""Authorization requests that applications sent beforehand."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7
from parvis.oidc.models.client import Client


class PushedRequest(models.Model):
    """An authorization request that an application sent to us directly, before its person's browser (RFC 9126).

    Only a digest of its `request_uri` is kept: the reference is as good as a password while it lives.
    """

    LIFETIME = timedelta(seconds=90)

    digest = models.BinaryField(max_length=32, primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    parameters = models.JSONField(help_text=_("As sent, without what authenticated the application."))
    dpop_jkt = models.CharField(max_length=43, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request sent beforehand")
        verbose_name_plural = _("requests sent beforehand")

    def __str__(self) -> str:
        return f"{self.client_id} {self.created_at:%Y-%m-%d %H:%M}"


class DeviceRequest(models.Model):
    """A device without a keyboard that waits for its person to allow it from another one (RFC 8628).

    When the person allows it, a grant is made whose code is the device code: from there on it is redeemed like any
    other.
    """

    LIFETIME = timedelta(minutes=10)
    INTERVAL = 5

    class State(models.TextChoices):
        """What the person answered."""

        WAITING = "waiting", _("Waiting")
        ALLOWED = "allowed", _("Allowed")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device_digest = models.BinaryField(max_length=32, unique=True)
    user_code_digest = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    scope = models.CharField(max_length=1000)
    resources = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    interval = models.PositiveSmallIntegerField(default=INTERVAL, help_text=_("Seconds between two questions."))
    polled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("device waiting to be allowed")
        verbose_name_plural = _("devices waiting to be allowed")

    def __str__(self) -> str:
        return f"{self.client_id} {self.state}"
