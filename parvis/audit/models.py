"""The append-only journal. Identifiers are kept without foreign keys: an event outlives what it is about."""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.tags import tag_choices
from parvis.lib.ids import uuid7


class JournalIsAppendOnlyError(RuntimeError):
    """Something tried to change a recorded event."""


class EventQuerySet(models.QuerySet["Event"]):
    """Sets of events, newest first."""

    def about(self, person_id: UUID) -> Self:
        """Return what happened to a person."""
        return self.filter(person_id=person_id)

    def within(self, organization_id: UUID) -> Self:
        """Return what happened in an organisation."""
        return self.filter(organization_id=organization_id)

    def on(self, target: models.Model) -> Self:
        """Return what happened to one object."""
        return self.filter(target_kind=target._meta.label_lower, target_id=target.pk)

    def update(self, **_kwargs: Any) -> int:
        """Refuse: events are never changed."""
        raise JournalIsAppendOnlyError


class Event(models.Model):
    """One thing that happened: who did what, to what, about whom, in which organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    tag = models.CharField(_("what"), max_length=40, choices=tag_choices)
    by_id = models.UUIDField(_("by"), null=True, help_text=_("The person who acted; empty for the system."))
    person_id = models.UUIDField(_("about"), null=True, help_text=_("The person whom the event is about."))
    organization_id = models.UUIDField(_("in"), null=True)
    target_kind = models.CharField(max_length=60, blank=True)
    target_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict, help_text=_("Facts that help to understand; never a secret."))
    request_id = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "-id"], name="audit_event_person"),
            models.Index(fields=["organization_id", "-id"], name="audit_event_organization"),
            models.Index(fields=["target_id", "-id"], name="audit_event_target"),
            models.Index(fields=["by_id", "-id"], name="audit_event_by"),
        ]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.tag}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the event. Raises JournalIsAppendOnlyError for one already recorded."""
        if not self._state.adding:
            raise JournalIsAppendOnlyError
        super().save(*args, **kwargs)
