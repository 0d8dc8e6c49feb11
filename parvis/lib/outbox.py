"""Rows that wait to be sent: taken by one worker at a time, and tried again after longer and longer pauses.

Mails and sign-outs to tell applications are such rows. A row is written in the transaction of what it tells; a worker
takes it for a while by moving `next_attempt_at`; whatever happens to that worker, the row is due again after that.
"""

import random
from datetime import timedelta
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def take(due: "models.QuerySet[Row]", number: int, *, lease: timedelta) -> list[Row]:
    """Take some due rows for this worker, which has them for the time of the lease.

    PostgreSQL skips the rows that another worker holds. SQLite ignores the row locks, but its transactions start with
    the write lock (`transaction_mode`), so that no two workers read before one of them has written the lease.
    """
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:number])
    everything = due.model._default_manager  # noqa: SLF001 - the documented way to a model's rows
    everything.filter(pk__in=[row.pk for row in rows]).update(next_attempt_at=timezone.now() + lease)
    return rows


def pause(attempts: int, *, first: timedelta, longest: timedelta, jitter: float = 0.0) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, give or take a share at random."""
    seconds = min(first.total_seconds() * 2 ** min(attempts - 1, 30), longest.total_seconds())
    return timedelta(seconds=seconds * random.uniform(1 - jitter, 1 + jitter))  # noqa: S311 - not a secret
