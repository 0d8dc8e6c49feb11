"""Who may register applications through the protocol."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7


class InitialAccessTokenQuerySet(models.QuerySet["InitialAccessToken"]):
    """Sets of initial access tokens."""

    def live(self, now: datetime | None = None) -> Self:
        """Return those that still open the registration endpoint."""
        return self.filter(expires_at__gt=now or timezone.now(), revoked_at__isnull=True, uses_left__gt=0)


class InitialAccessToken(models.Model):
    """What an operator hands to a developer so that their application registers itself (RFC 7591, section 3)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("for whom"), max_length=120)
    scopes = models.JSONField(_("scopes that its applications may ask for"), default=list)
    uses_left = models.PositiveIntegerField(_("registrations left"), default=1)
    accepts_endpoint_audience = models.BooleanField(_("proofs may be addressed to an endpoint"), default=False)
    is_sandbox = models.BooleanField(_("its applications are on trial"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = InitialAccessTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        verbose_name = _("initial access token")
        verbose_name_plural = _("initial access tokens")

    def __str__(self) -> str:
        return self.name
