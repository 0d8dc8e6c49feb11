"""Codes sent by e-mail: made, sent, answered once."""

import hmac
import re
import secrets
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.accounts.models import EmailChallenge
from parvis.directory.models import User
from parvis.lib import email_address
from parvis.lib.derived_keys import keyed_digest
from parvis.mail import outbox

DIGITS = 8


class CodeError(Exception):
    """A code was not accepted."""


class WrongCodeError(CodeError):
    """It is not the code that was sent."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


class ClosedCodeError(CodeError):
    """No code can be answered any more: used, too old, replaced, or tried too often."""


@transaction.atomic
def send_code(
    *,
    purpose: EmailChallenge.Purpose,
    address: str,
    language: str,
    user: User | None = None,
    replaces: str | None = None,
) -> EmailChallenge:
    """Send a new code to an address; the one that it replaces is worth nothing any more.

    Nothing here depends on whether somebody has this address.
    """
    if replaces:
        EmailChallenge.objects.filter(pk=UUID(replaces)).delete()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    challenge = EmailChallenge(
        purpose=purpose,
        address=address,
        canonical=email_address.canonical(address),
        user=user,
        expires_at=timezone.now() + EmailChallenge.LIFETIME,
    )
    challenge.digest = _digest(challenge, code)
    challenge.save(force_insert=True)
    outbox.enqueue(
        template=f"accounts/mail/{purpose.value}",
        to=address,
        language=language,
        context={"code": f"{code[:4]} {code[4:]}", "minutes": int(EmailChallenge.LIFETIME.total_seconds() // 60)},
    )
    return challenge


def answer_code(*, challenge_id: str | None, purpose: EmailChallenge.Purpose, code: str) -> EmailChallenge:
    """Return the challenge that this code answers, used up from now on. Raises CodeError.

    The try is counted before the code is compared, by one statement: guesses in parallel have no more tries than one
    after the other, and of two right answers at once one wins.
    """
    challenge = EmailChallenge.objects.filter(pk=UUID(challenge_id), purpose=purpose).first() if challenge_id else None
    if challenge is None:
        raise ClosedCodeError
    still_open = EmailChallenge.objects.filter(pk=challenge.pk).open()
    if not still_open.update(tries=F("tries") + 1):
        raise ClosedCodeError
    if not hmac.compare_digest(challenge.digest, _digest(challenge, re.sub(r"\D", "", code))):
        tries = EmailChallenge.objects.values_list("tries", flat=True).get(pk=challenge.pk)
        raise WrongCodeError(max(0, EmailChallenge.MAX_TRIES - tries))
    if not EmailChallenge.objects.filter(pk=challenge.pk, used_at__isnull=True).update(used_at=timezone.now()):
        raise ClosedCodeError
    return challenge


def _digest(challenge: EmailChallenge, code: str) -> str:
    return keyed_digest("accounts.code", challenge.pk, challenge.purpose, challenge.canonical, code)
