"""What proves who a person is, and the sessions that remember it. Every secret value is kept as a digest, or sealed."""

from datetime import timedelta
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib import derived_keys
from parvis.lib.ids import uuid7


class SessionManager(BaseSessionManager["Session"]):
    """Fetching sessions."""

    def live(self) -> models.QuerySet["Session"]:
        """Return sessions that have not expired."""
        return self.filter(expire_date__gt=timezone.now())

    def of(self, user_id: UUID) -> models.QuerySet["Session"]:
        """Return a person's live sessions, the latest used first."""
        return self.live().filter(user_id=user_id).order_by("-last_seen_at")


class Session(AbstractBaseSession):
    """A browser's session. The cookie holds a random key, the row its digest, so that a stolen table opens nothing.

    `sid` names the session outside (OpenID Connect `sid` claim, session list) and survives the change of key at each
    rise of privilege.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    sid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions", verbose_name=_("person")
    )
    organization_id = models.UUIDField(null=True, help_text=_("The organisation the person acts for in this session."))
    auth_time = models.DateTimeField(
        _("confirmed"), null=True, help_text=_("When the person last proved who they are.")
    )
    amr = models.JSONField(default=list, help_text=_("How: RFC 8176 method references."))
    user_agent = models.CharField(max_length=300, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(_("signed in"), default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(_("last used"), default=timezone.now)

    objects: ClassVar = SessionManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "expire_date"], name="accounts_session_user")]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the engine that reads and writes these rows."""
        from parvis.accounts.sessions import SessionStore

        return SessionStore


class Passkey(models.Model):
    """A WebAuthn credential of a person (W3C Web Authentication, Level 3)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=100)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    transports = models.JSONField(default=list)
    can_sync = models.BooleanField(default=False, help_text=_("The credential may live on several devices (flag BE)."))
    is_backed_up = models.BooleanField(default=False, help_text=_("It does, as last seen (flag BS)."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["created_at"]
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")

    def __str__(self) -> str:
        return self.name


class Totp(models.Model):
    """An authenticator app of a person (RFC 6238). The secret is encrypted under the installation's key."""

    SEALED_FOR = "accounts.totp"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="totp"
    )
    sealed_secret = models.TextField()
    last_step = models.BigIntegerField(default=0, help_text=_("The last time step accepted: each code works once."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self) -> str:
        return str(_("Authenticator app"))

    @classmethod
    def seal(cls, secret: str) -> str:
        """Return a secret as the table keeps it."""
        return derived_keys.seal(cls.SEALED_FOR, secret)

    @property
    def secret(self) -> str:
        """Return the secret that the app holds too. Raises UnreadableError: the person has to add the app again."""
        return derived_keys.unseal(self.SEALED_FOR, self.sealed_secret)


class RecoveryCode(models.Model):
    """A single-use code for the day a person has lost their other factors."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="accounts_recoverycode_unique"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EmailChallengeQuerySet(models.QuerySet["EmailChallenge"]):
    """Sets of challenges."""

    def open(self) -> Self:
        """Return those that can still be answered."""
        return self.filter(expires_at__gt=timezone.now(), used_at__isnull=True, tries__lt=EmailChallenge.MAX_TRIES)


class EmailChallenge(models.Model):
    """A code sent to an address, to be typed in the browser that asked for it: the browser's session holds the id."""

    LIFETIME = timedelta(minutes=10)
    MAX_TRIES = 5

    class Purpose(models.TextChoices):
        """What answering the challenge allows; a code for one purpose is worth nothing for another."""

        SIGN_IN = "sign-in", _("Sign in")
        STEP_UP = "step-up", _("Confirm identity")
        VERIFY = "verify", _("Confirm an address")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    address = models.EmailField()
    canonical = models.CharField(max_length=254)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = EmailChallengeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="accounts_challenge_expiry")]

    def __str__(self) -> str:
        return str(self.pk)


class KnownDevice(models.Model):
    """A browser where a person has signed in before: a long-lived cookie whose digest is kept."""

    LIFETIME = timedelta(days=180)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="accounts_knowndevice_unique"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RateCounter(models.Model):
    """How often something happened in a window of time; the key is a digest, so that no address is kept."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    resets_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
