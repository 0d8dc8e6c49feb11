"""Delivering the outbox, and forgetting old mails. Safe to run in several processes at once."""

import logging
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from parvis.lib import outbox
from parvis.mail.models import Message

logger = logging.getLogger("parvis.mail")

LEASE = timedelta(minutes=5)
"""How long a claimed message belongs to the worker that claimed it; one that dies leaves it to the next after that."""
BATCH = 20
KEPT_FOR = timedelta(days=30)


def deliver_due(limit: int = 500) -> int:
    """Deliver what is due, in batches with one connection each; return how many were accepted by the server."""
    delivered = 0
    while limit > 0 and (messages := outbox.take(Message.objects.due(), min(BATCH, limit), lease=LEASE)):
        limit -= len(messages)
        delivered += _deliver(messages)
    return delivered


def _deliver(messages: list[Message]) -> int:
    connection = get_connection()
    delivered = 0
    try:
        connection.open()
    except OSError as error:
        logger.warning("mail server unreachable", extra={"error": type(error).__name__})
        for message in messages:
            _note_failure(message, error)
        return 0
    try:
        for message in messages:
            delivered += _send(message, connection)
    finally:
        connection.close()
    return delivered


def _send(message: Message, connection: BaseEmailBackend) -> bool:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated", "Content-Language": message.language},  # RFC 3834, section 5
    )
    mail.attach_alternative(message.html, "text/html")
    try:
        mail.send()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one message is noted and tried again
        _note_failure(message, error)
        return False
    message.mark_sent()
    message.save(update_fields=["state", "sent_at", "text", "html", "last_error"])
    return True


def _note_failure(message: Message, error: Exception) -> None:
    message.mark_failed(f"{type(error).__name__}: {error}")
    message.save(update_fields=["state", "attempts", "last_error", "next_attempt_at", "text", "html"])
    logger.warning(
        "mail not delivered",
        extra={"mail": str(message.pk), "attempts": message.attempts, "error": type(error).__name__},
    )


def purge_old() -> int:
    """Delete mails that were delivered, given up or kept a month ago."""
    old = Message.objects.exclude(state=Message.State.PENDING).filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def retry_failed() -> int:
    """Give another chance to what waits for its next attempt; content given up is gone and cannot be sent again."""
    return Message.objects.filter(state=Message.State.PENDING).update(next_attempt_at=timezone.now())
