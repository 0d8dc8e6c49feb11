"""Facts about a person's ways to sign in."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from parvis.accounts.models import Passkey, RecoveryCode, Totp
from parvis.directory.models import User


@dataclass(frozen=True, slots=True)
class Factors:
    """Which factors a person has beside their mailbox."""

    has_passkey: bool = False
    has_totp: bool = False
    has_recovery_code: bool = False

    @property
    def is_enrolled(self) -> bool:
        """Say whether a code by e-mail alone is no longer enough."""
        return self.has_passkey or self.has_totp


def factors_of(user: User) -> Factors:
    """Return a person's factors, with one statement."""
    mine = {"user": OuterRef("pk")}
    found = (
        User.objects.filter(pk=user.pk)
        .order_by()
        .values_list(
            Exists(Passkey.objects.filter(**mine)),
            Exists(Totp.objects.filter(**mine)),
            Exists(RecoveryCode.objects.filter(**mine, used_at__isnull=True)),
        )
        .first()
    )
    return Factors(*found) if found else Factors()
