"""How often something may be tried: counters in the database, raised by one statement, so parallel tries all count.

Who is slowed down is chosen so that nobody can lock someone else out: a browser where the person has signed in before
has counters of its own, and passkeys ask for no counter of an address at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import RateCounter
from parvis.lib.columns import as_moment
from parvis.lib.derived_keys import keyed_digest
from parvis.web.exceptions import TooManyRequestsError


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in a window that starts with the first."""

    name: str
    times: int
    window: timedelta


CODES_BY_CLIENT = Limit("codes-client", 100, timedelta(minutes=10))  # A whole office may share one address.
CODES_BY_ADDRESS_AND_CLIENT = Limit("codes-address-client", 6, timedelta(minutes=15))
CODES_BY_ADDRESS = Limit("codes-address", 15, timedelta(hours=1))
CODES_BY_DEVICE = Limit("codes-device", 10, timedelta(minutes=15))
CODES_BY_USER = Limit("codes-user", 10, timedelta(minutes=15))
TRIES_BY_CLIENT = Limit("tries-client", 300, timedelta(minutes=10))
FACTOR_TRIES = Limit("factor", 10, timedelta(minutes=15))
FACTOR_TRIES_A_DAY = Limit("factor-day", 40, timedelta(days=1))
PASSKEYS_BY_CLIENT = Limit("passkeys-client", 600, timedelta(minutes=10))

_RAISE = """
INSERT INTO accounts_ratecounter (key, count, resets_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN accounts_ratecounter.resets_at <= %s THEN 1 ELSE accounts_ratecounter.count + 1 END,
  resets_at = CASE WHEN accounts_ratecounter.resets_at <= %s THEN %s ELSE accounts_ratecounter.resets_at END
RETURNING count, resets_at
"""


def spend(counters: Sequence[tuple[Limit, Sequence[object]]]) -> None:
    """Count one try in each counter, in order; stop at the first that is used up. Raises TooManyRequestsError.

    Call it outside a transaction: a try counts even if what follows fails. The narrowest counters come first, so that
    who is refused by their own does not use up the one of a whole address.
    """
    for limit, parts in counters:
        count, resets_at = hit(limit, *parts)
        if count > limit.times:
            raise _refusal(resets_at)


def hit(limit: Limit, *parts: object) -> tuple[int, datetime]:
    """Raise one counter; return how often it was raised in this window, and when the window ends."""
    now = timezone.now()
    adapt = connection.ops.adapt_datetimefield_value
    present, end = adapt(now), adapt(now + limit.window)
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [_key(limit, parts), end, present, present, end])
        count, resets_at = cursor.fetchone()
    return count, as_moment(resets_at)


def forget(limit: Limit, *parts: object) -> None:
    """Start a counter again, after a success."""
    RateCounter.objects.filter(pk=_key(limit, parts)).delete()


def _key(limit: Limit, parts: Sequence[object]) -> str:
    return keyed_digest("accounts.rates", limit.name, *parts)


def _refusal(resets_at: datetime) -> TooManyRequestsError:
    wait = max(1, int((resets_at - timezone.now()).total_seconds()) + 1)
    at = timezone.localtime(timezone.now() + timedelta(seconds=wait, minutes=1)).replace(second=0)
    detail = _("To protect accounts, we slow down repeated attempts. You can try again at %(time)s.")
    return TooManyRequestsError(detail % {"time": formats.date_format(at, "TIME_FORMAT")}, retry_after=wait)
