"""The keys that sign ID tokens and userinfo answers."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib import derived_keys
from parvis.lib.ids import uuid7
from parvis.oidc.models.revision import Remembered, Revision


class WrongSecretError(RuntimeError):
    """The private keys were sealed under another secret than the one in the environment now."""

    def __init__(self) -> None:
        super().__init__(
            "The signing keys cannot be read: PARVIS_KEY_SECRET (or PARVIS_SECRET_KEY) is not the one they were sealed "
            "under. Put the former value back, or make new keys with `parvis keys rotate --now`."
        )


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Sets of keys."""

    def published(self, now: datetime | None = None) -> Self:
        """Return the keys that applications may meet, the newest first."""
        moment = now or timezone.now()
        still_there = models.Q(removed_at__isnull=True) | models.Q(removed_at__gt=moment)
        return self.filter(still_there).order_by("-signs_from", "-id")


class SigningKey(Remembered):
    """A key pair, whose state follows from its dates: published, then signing, then retired, then removed.

    A key is published some time before it signs, so that applications that keep our key set have seen it, and it stays
    published after it has retired, as long as what it signed may still be checked.
    """

    class Alg(models.TextChoices):
        """What it signs with (RFC 7518, section 3.1)."""

        RS256 = "RS256", "RS256"
        PS256 = "PS256", "PS256"
        ES256 = "ES256", "ES256"
        EDDSA = "EdDSA", "EdDSA"

    class State(models.TextChoices):
        """Where a key stands at a moment."""

        PUBLISHED = "published", _("Published, not signing yet")
        SIGNING = "signing", _("Signing")
        RETIRED = "retired", _("Retired, still published")
        REMOVED = "removed", _("Removed")

    SEALED_FOR = "oidc.signing-keys"

    revision_name = Revision.KEYS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kid = models.CharField(max_length=64, unique=True, editable=False)
    alg = models.CharField(_("algorithm"), max_length=8, choices=Alg.choices, editable=False)
    sealed_pem = models.TextField(editable=False)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    signs_from = models.DateTimeField(_("signs from"), default=timezone.now)
    retires_at = models.DateTimeField(_("retires"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["alg", "-signs_from", "-id"]
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return f"{self.alg} {self.kid}"

    @classmethod
    def seal(cls, pem: bytes) -> str:
        """Return a private key as the table keeps it."""
        return derived_keys.seal(cls.SEALED_FOR, pem.decode("ascii"), secret=settings.KEY_SECRET)

    @property
    def pem(self) -> bytes:
        """Return the private key. Raises WrongSecretError."""
        try:
            return derived_keys.unseal(self.SEALED_FOR, self.sealed_pem, secret=settings.KEY_SECRET).encode("ascii")
        except derived_keys.UnreadableError as error:
            raise WrongSecretError from error

    def state_at(self, now: datetime) -> State:
        """Return where the key stands at a moment."""
        if self.removed_at and self.removed_at <= now:
            return self.State.REMOVED
        if self.retires_at and self.retires_at <= now:
            return self.State.RETIRED
        return self.State.SIGNING if self.signs_from <= now else self.State.PUBLISHED

    @property
    def is_distrusted(self) -> bool:
        """Say whether it was taken away at once because it got out: then nothing that it signed proves anything."""
        return bool(self.removed_at and self.retires_at and self.removed_at <= self.retires_at)

    @property
    def state(self) -> State:
        """Return where the key stands now."""
        return self.state_at(timezone.now())
