"""Authenticator apps (RFC 6238) and recovery codes."""

import hmac
import secrets
import time

import pyotp
from django.db import transaction
from django.utils import timezone

from parvis.accounts.actions.signing_in import tell
from parvis.accounts.models import Passkey, RecoveryCode, Totp
from parvis.accounts.queries import factors_of
from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.lib.derived_keys import keyed_digest

STEP = 30
"""Seconds that a code of an authenticator app lasts (RFC 6238, section 5.2)."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # Without those that look alike on paper.


def new_totp_secret() -> str:
    """Return a new shared secret of 160 bits, as apps type it."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, label: str, issuer: str) -> str:
    """Return what the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=issuer)


@transaction.atomic
def add_totp(*, user: User, secret: str, code: str) -> bool:
    """Keep an authenticator app in the place of any other, once it has shown a right code; say whether it has."""
    step = _matching_step(secret, code, after=0)
    if step is None:
        return False
    kept = {"sealed_secret": Totp.seal(secret), "last_step": step, "created_at": timezone.now()}
    Totp.objects.update_or_create(user=user, defaults=kept)
    journal.record(tag=Tag.TOTP_ADDED, by=user, person=user)
    tell(user, "accounts/mail/factor-added", what="totp", label="")
    return True


def use_totp(*, user: User, code: str) -> bool:
    """Say whether the code is right, and use it up: each time step is accepted once, whatever happens in parallel.

    The step before and the step after are accepted too, for clocks that differ (RFC 6238, section 5.2).
    Raises UnreadableError when the secret was sealed under another installation's key.
    """
    totp = Totp.objects.filter(user=user).first()
    if totp is None:
        return False
    step = _matching_step(totp.secret, code, after=totp.last_step)
    return step is not None and bool(Totp.objects.filter(user=user, last_step__lt=step).update(last_step=step))


@transaction.atomic
def remove_totp(*, by: User, user: User) -> None:
    """Remove a person's authenticator app."""
    User.objects.select_for_update().get(pk=user.pk)
    if not Totp.objects.filter(user=user).delete()[0]:
        return
    journal.record(tag=Tag.TOTP_REMOVED, by=by, person=user)
    forget_recovery_codes_of_the_factorless(user)
    tell(user, "accounts/mail/factor-removed", what="totp", label="")


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Return new recovery codes, shown this once; those made before no longer work."""
    codes = ["-".join(_word() for _part in range(3)) for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_recovery_digest(user, code)) for code in codes)
    journal.record(tag=Tag.RECOVERY_CODES_MADE, by=user, person=user)
    tell(user, "accounts/mail/recovery-codes-made")
    return codes


@transaction.atomic
def use_recovery_code(*, user: User, code: str) -> bool:
    """Say whether the code is one of the person's, and use it up."""
    mine = RecoveryCode.objects.filter(user=user, used_at__isnull=True)
    if not mine.filter(digest=_recovery_digest(user, code)).update(used_at=timezone.now()):
        return False
    journal.record(tag=Tag.RECOVERY_CODE_USED, by=user, person=user, left=mine.count())
    tell(user, "accounts/mail/recovery-code-used", left=mine.count())
    return True


@transaction.atomic
def reset_factors(*, by: User | None, user: User) -> None:
    """Remove every second factor of a person who has lost them: an operator's act, told to the person and recorded."""
    Passkey.objects.filter(user=user).delete()
    Totp.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    journal.record(tag=Tag.FACTORS_RESET, by=by, person=user)
    tell(user, "accounts/mail/factors-reset")


def forget_recovery_codes_of_the_factorless(user: User) -> None:
    """Delete the recovery codes of a person without any factor left to recover from."""
    if not factors_of(user).is_enrolled:
        RecoveryCode.objects.filter(user=user).delete()


def _matching_step(secret: str, code: str, *, after: int) -> int | None:
    """Return the time step, around now and after the last one used, at which this is the code."""
    now = int(time.time()) // STEP
    totp = pyotp.TOTP(secret)
    matches = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.at(step * STEP), code)]
    return next((step for step in matches if step > after), None)


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _letter in range(4))


def _recovery_digest(user: User, code: str) -> str:
    bare = "".join(char for char in code.lower() if char.isalnum())
    return keyed_digest("accounts.recovery", user.pk, bare)
