"""Bringing logout tokens to applications: several at a time, none waiting for another's silence.

The threads only speak HTTP. Rows are taken, tokens signed and answers noted by whoever calls, so that the database sees
one process with one connection, and a test sees what it wrote. A worker that dies between an application's answer and
its note leaves the row to be taken again: delivered at least once, which the specification expects (`jti`).
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from parvis.lib import outbox, safe_fetch
from parvis.oidc import clients
from parvis.oidc.errors import ProtocolError
from parvis.oidc.logout_tokens import logout_token
from parvis.oidc.models import LogoutDelivery

logger = logging.getLogger("parvis.oidc")

THREADS = 16
EACH = 2
"""How many an application receives at once; the next ones follow its answers."""
SECONDS = 5.0
"""How long an application may take to answer."""
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an application said: a status, or 0 and why there is none."""

    status: int
    error: str = ""


def send(uri: str, token: str) -> Answer:
    """Post one logout token (section 2.5); redirects are not followed, and only public addresses are called."""
    try:
        fields = {"logout_token": token}
        return Answer(safe_fetch.post(uri, fields, may_be_loopback=settings.IS_DEVELOPMENT, seconds=SECONDS))
    except safe_fetch.FetchError as error:
        return Answer(0, str(error))
    except Exception as error:
        logger.exception("logout token not sent")
        return Answer(0, type(error).__name__)


class Postman:
    """Delivers what is due, in short turns that leave what is slow under way."""

    def __init__(self, send: Callable[[str, str], Answer] = send, *, threads: int = THREADS) -> None:
        self._send = send
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: dict[Future[Answer], LogoutDelivery] = {}

    def turn(self, seconds: float = 0.3) -> int:
        """Note what was answered and send what is due, for a moment; return how many were confirmed."""
        until = time.monotonic() + seconds
        confirmed = self._note_answers()
        while (self._send_due() or self._under_way) and (left := until - time.monotonic()) > 0:
            wait(self._under_way, timeout=left, return_when=FIRST_COMPLETED)
            confirmed += self._note_answers()
        return confirmed

    def deliver(self) -> int:
        """Send everything that is due and wait for every answer; return how many were confirmed."""
        confirmed = self.turn()
        while self._under_way:
            wait(self._under_way, return_when=FIRST_COMPLETED)
            confirmed += self.turn()
        return confirmed

    def _send_due(self) -> int:
        """Take what is due, as far as threads are free; return how many were sent."""
        free = self._threads - len(self._under_way)
        due = LogoutDelivery.objects.due(each=EACH, busy={row.client_id for row in self._under_way.values()})
        if not free or not due.exists():
            return 0
        rows = outbox.take(due, free, lease=LEASE)
        for row in rows:
            self._send_one(row)
        return len(rows)

    def _send_one(self, row: LogoutDelivery) -> None:
        client = clients.find_by_pk(row.client_id)
        if client is None or not client.backchannel_logout_uri:
            _note(row, Answer(501, "It no longer has an address for this."))
            return
        try:
            token = logout_token(client, user_id=row.user_id, sid=row.sid)
        except ProtocolError as error:
            _note(row, Answer(0, error.description))
            return
        self._pool = self._pool or ThreadPoolExecutor(self._threads, thread_name_prefix="parvis-logout")
        self._under_way[self._pool.submit(self._send, client.backchannel_logout_uri, token)] = row

    def _note_answers(self) -> int:
        """Write what applications have answered meanwhile; return how many confirmed."""
        done = [future for future in self._under_way if future.done()]
        return sum(_note(self._under_way.pop(future), future.result()) for future in done)


def _note(row: LogoutDelivery, answer: Answer) -> bool:
    """Write an answer, unless the person has signed in and out again meanwhile: that is another message."""
    changes = row.after(answer.status, answer.error)
    LogoutDelivery.objects.filter(pk=row.pk, created_at=row.created_at).update(**changes)
    if "confirmed_at" in changes:
        return True
    if not answer.status:
        _let_others_wait(row, changes)
    logger.warning(
        "logout not delivered",
        extra={"client": str(row.client_id), "attempts": changes["attempts"], "error": changes["last_error"]},
    )
    return False


def _let_others_wait(row: LogoutDelivery, changes: dict[str, object]) -> None:
    """Spare the threads: what else is due for an application that does not answer waits as long."""
    waiting = LogoutDelivery.objects.waiting().filter(client_id=row.client_id, next_attempt_at__lte=timezone.now())
    waiting.update(next_attempt_at=changes["next_attempt_at"])


postman = Postman()
"""The one of this process; the worker calls its turns."""
