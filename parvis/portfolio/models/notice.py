"""Reminders: what was told already, so that it is told once, and what people do not wish to be told."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import User
from parvis.portfolio.models.base import Row


class Mute(Row):
    """A kind of mail that a person does not wish to receive."""

    class Kind(models.TextChoices):
        """The kinds of mails that the portfolio sends."""

        COMMITTEES = "committees", _("Committees that come near")
        DEPARTURES = "departures", _("People of my teams who leave soon")
        STALE_PAGES = "stale-pages", _("Pages of my products that were not confirmed for a year")
        REVIEWS = "reviews", _("Changes that wait for an answer, and answers")
        DECISIONS = "decisions", _("Proposals and decisions about my products")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="muted_notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "kind"], name="portfolio_mute_once")]
        verbose_name = _("muted notice")
        verbose_name_plural = _("muted notices")

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Notice(Row):
    """A reminder that was given: the same one is never given again. `key` names what it is about and its occasion."""

    key = models.CharField(max_length=200, unique=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["given_at"], name="portfolio_notice_given")]
        verbose_name = _("reminder given")
        verbose_name_plural = _("reminders given")

    def __str__(self) -> str:
        return self.key
