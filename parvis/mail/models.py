"""The outbox: a mail is a row written in the transaction of what it tells, and delivered afterwards."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib import outbox
from parvis.lib.ids import uuid7

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)


class MessageQuerySet(models.QuerySet["Message"]):
    """Sets of messages."""

    def due(self) -> Self:
        """Return what should be delivered now, oldest first."""
        return self.filter(state=Message.State.PENDING, next_attempt_at__lte=timezone.now()).order_by("next_attempt_at")


class Message(models.Model):
    """One mail to one address, with its delivery state. Bodies are emptied once delivered."""

    class State(models.TextChoices):
        """Where a message stands."""

        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")
        KEPT = "kept", _("Kept for reading (development)")

    MAX_ATTEMPTS = 10

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.EmailField(_("to"))
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=8)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(state="pending"), name="mail_message_due"),
        ]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")

    def __str__(self) -> str:
        return self.subject

    def mark_sent(self) -> None:
        """Note the delivery and forget the content, which may hold a code."""
        self.state, self.sent_at, self.text, self.html, self.last_error = self.State.SENT, timezone.now(), "", "", ""

    def mark_failed(self, error: str) -> None:
        """Note a failed attempt and when to try again: 30 s, then twice as long each time."""
        self.attempts += 1
        self.last_error = error[:200]
        self.next_attempt_at = timezone.now() + outbox.pause(self.attempts, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        if self.attempts >= self.MAX_ATTEMPTS:
            self.state, self.text, self.html = self.State.FAILED, "", ""

    @staticmethod
    def initial_state() -> str:
        """Return `kept` in a development installation without a mail server, else `pending`."""
        return Message.State.KEPT if settings.MAIL_IS_KEPT else Message.State.PENDING
