"""What applications must be told when a session ends."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib import outbox
from parvis.lib.ids import uuid7
from parvis.oidc.models.client import Client


class LogoutDeliveryQuerySet(models.QuerySet["LogoutDelivery"]):
    """Sets of deliveries."""

    def waiting(self) -> Self:
        """Return those that the application has not confirmed, while we still try."""
        return self.filter(confirmed_at__isnull=True, given_up_at__isnull=True)

    def due(self, *, each: int, busy: Iterable[UUID] = ()) -> Self:
        """Return what should be sent now, oldest first: a few for each application that is not being told already.

        So one that does not answer, however many sign-outs wait for it, leaves room for the others.
        """
        place = models.Window(RowNumber(), partition_by=[models.F("client_id")], order_by=["next_attempt_at", "pk"])
        due = self.waiting().filter(next_attempt_at__lte=timezone.now()).exclude(client_id__in=list(busy))
        first = due.order_by().annotate(place=place).filter(place__lte=each)
        return self.waiting().filter(pk__in=first.values("pk")).order_by("next_attempt_at")


class LogoutDelivery(models.Model):
    """A logout token that an application must receive, sent until it confirms (Back-Channel Logout 1.0, section 2.5).

    The token itself is signed at each attempt: it is short-lived, and nothing of it is worth keeping.
    """

    LIFETIME = timedelta(hours=24)
    FIRST_PAUSE = timedelta(seconds=5)
    LONGEST_PAUSE = timedelta(hours=1)
    MOST_REFUSALS = 6
    """Attempts after which a "400 Bad Request" is believed: it may come from keys that were read too long ago."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sid = models.UUIDField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = LogoutDeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                name="oidc_logout_waiting",
                condition=models.Q(confirmed_at__isnull=True, given_up_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "sid"], name="oidc_logout_once"),
        ]
        verbose_name = _("logout to deliver")
        verbose_name_plural = _("logouts to deliver")

    def __str__(self) -> str:
        return f"{self.client_id} {self.sid}"

    def after(self, status: int, error: str = "") -> dict[str, Any]:
        """Return what changes with an answer (section 2.8); status 0 stands for no answer, and `error` says why.

        200 confirms, and so does 204, which some frameworks put in the place of an empty 200. 501 says that nothing is
        done with logouts there. Anything else is tried again, for a day.
        """
        now, attempts = timezone.now(), self.attempts + 1
        if status in {200, 204}:
            return {"attempts": attempts, "confirmed_at": now, "last_error": ""}
        pause = outbox.pause(attempts, first=self.FIRST_PAUSE, longest=self.LONGEST_PAUSE, jitter=0.2)
        said = error or f"It answered {status}."
        changes = {"attempts": attempts, "next_attempt_at": now + pause, "last_error": said[:200]}
        refused = status == 501 or (status == 400 and attempts >= self.MOST_REFUSALS)  # noqa: PLR2004 - HTTP's own
        if refused or now + pause > self.created_at + self.LIFETIME:
            changes["given_up_at"] = now
        return changes
