"""What an application was allowed: the grant owns its code and every token, and ends them all at once."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7
from parvis.oidc.models.client import Client


class GrantQuerySet(models.QuerySet["Grant"]):
    """Sets of grants."""

    def live(self) -> Self:
        """Return those under which tokens still work."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


class Grant(models.Model):
    """One sign-in of a person to an application: what was asked, how the person had proven who they are, and its code.

    A grant has exactly one authorization code, so the code lives in its row: redeeming it is one statement, and there
    is no second table to keep in step.
    """

    LIFETIME = timedelta(hours=12)
    CODE_LIFETIME = timedelta(seconds=120)
    """Long enough that a clock put forward by a minute, on one of several servers, refuses nothing that is valid."""
    FAPI_CODE_LIFETIME = timedelta(seconds=60)
    """The most that the profile allows (FAPI 2.0 Security Profile, section 5.3.2.1)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Each index costs a page at each sign-in: looking up by client is rare, and what ends a session knows the person.
    # And a constraint on the client would make all its sign-ins lock the same row (PostgreSQL: FOR KEY SHARE).
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="grants", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="oidc_grants")
    sid = models.UUIDField(help_text=_("The browser session it was made in."))
    organization_id = models.UUIDField(null=True, help_text=_("The organisation the person acted for."))
    scope = models.CharField(max_length=1000)
    claims = models.TextField(blank=True, help_text=_("The claims parameter, as JSON."))
    nonce = models.CharField(max_length=600, blank=True)
    acr = models.CharField(max_length=100)
    amr = models.CharField(max_length=100, blank=True)
    auth_time = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    resources = models.TextField(
        blank=True, db_default="", help_text=_("The resource servers it was asked for (RFC 8707).")
    )
    dpop_jkt = models.CharField(
        max_length=43, blank=True, db_default="", help_text=_("The key its code is bound to (RFC 9449).")
    )
    redirect_uri = models.CharField(max_length=2000, blank=True)
    code_challenge = models.CharField(max_length=43, blank=True)
    code_digest = models.BinaryField(max_length=32, unique=True)
    code_expires_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in to an application")
        verbose_name_plural = _("sign-ins to applications")

    def __str__(self) -> str:
        return f"{self.user_id} {self.client_id}"


class Token(models.Model):
    """One answer of the token endpoint: an access token and the refresh token that renews it, as digests."""

    ACCESS_LIFETIME = timedelta(hours=1)

    access_digest = models.BinaryField(max_length=32, primary_key=True)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="tokens")
    scope = models.CharField(max_length=1000)
    audience = models.TextField(blank=True, db_default="", help_text=_("The resource servers it is for; empty: ours."))
    dpop_jkt = models.CharField(
        max_length=43, blank=True, db_default="", help_text=_("The key whose holder may use it (RFC 9449).")
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    refresh_digest = models.BinaryField(max_length=32, unique=True, null=True)
    refreshed_at = models.DateTimeField(null=True, help_text=_("When the refresh token was used: it works once."))

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.grant_id} {self.created_at:%Y-%m-%d %H:%M}"


class Consent(models.Model):
    """What a person agreed to share with an application that the operator does not vouch for. Asked once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="oidc_consents")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    scope = models.CharField(max_length=1000)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "client"], name="oidc_consent_once"),
        ]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.user_id} {self.client_id}"
