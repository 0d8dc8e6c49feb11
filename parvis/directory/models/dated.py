"""Belonging with a start and an end: it begins and ends by itself, by its dates."""

from datetime import date
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7

ENDING = models.Q(is_end_recorded=False, ends_on__isnull=False)
"""What the daily job looks through: memberships with an end that the journal does not tell yet."""

WARNINGS = (7, 30)
"""How many days before its end a membership is told, the nearest first."""


def warning_already_given(ends_on: date | None) -> int | None:
    """Return the warning that a new end date makes useless: who sets an end three days away knows it."""
    if ends_on is None:
        return None
    left = (ends_on - timezone.localdate()).days
    return next((days for days in WARNINGS if left <= days), None)


_Membership = TypeVar("_Membership", bound="DatedMembership")


class DatedQuerySet(models.QuerySet[_Membership]):
    """Memberships seen at a date; both ends are included."""

    def current(self, on: date | None = None) -> Self:
        """Return those that hold on a day (today by default)."""
        return self.filter(DatedMembership.holds_on(on))

    def past(self, on: date | None = None) -> Self:
        """Return those that ended before a day (today by default)."""
        return self.filter(ends_on__lt=on or timezone.localdate())

    def upcoming(self, on: date | None = None) -> Self:
        """Return those that start after a day (today by default)."""
        return self.filter(starts_on__gt=on or timezone.localdate())


class DatedMembership(models.Model):
    """A person's belonging, from a day to a day, both included; without an end it lasts."""

    class Role(models.TextChoices):
        """What a member may do."""

        MEMBER = "member", _("Member")
        MANAGER = "manager", _("Manager")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    starts_on = models.DateField(_("start"), default=timezone.localdate)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    warned_at_days = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text=_("The last warning sent, in days before the end.")
    )
    is_end_recorded = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end cannot come before the start."),
            ),
        ]

    @staticmethod
    def holds_on(on: date | None = None, prefix: str = "") -> models.Q:
        """Return the condition "holds on that day"; `prefix` is the path to the membership, such as `memberships__`."""
        day = on or timezone.localdate()
        started = models.Q(**{f"{prefix}starts_on__lte": day})
        return started & (models.Q(**{f"{prefix}ends_on__isnull": True}) | models.Q(**{f"{prefix}ends_on__gte": day}))

    @property
    def is_current(self) -> bool:
        """Say whether it holds today."""
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def is_past(self) -> bool:
        """Say whether it is over."""
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def is_upcoming(self) -> bool:
        """Say whether it has not begun."""
        return self.starts_on > timezone.localdate()

    @property
    def is_manager(self) -> bool:
        """Say whether the role is to look after the others."""
        return self.role == self.Role.MANAGER
