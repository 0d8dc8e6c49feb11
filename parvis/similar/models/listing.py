"""Services that other directories and countries describe."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7


class ListingPhase(models.TextChoices):
    """Where a service of another directory stands, by the network's phases: theirs are fewer than ours."""

    INVESTIGATION = "investigation", _("Investigation")
    CONSTRUCTION = "construction", _("Construction")
    ACCELERATION = "acceleration", _("Acceleration")
    OPERATION = "operation", _("In operation")
    STOPPED = "stopped", _("Stopped")


class ListingQuerySet(models.QuerySet["Listing"]):
    """Sets of services."""

    def listed(self) -> Self:
        """Return the services that their source still holds: all of them are public there, so they are here."""
        return self.filter(is_gone=False)


class Listing(models.Model):
    """One record of another directory, as its source describes it. `raw` keeps what no column holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(_("directory"), max_length=40)
    key = models.CharField(_("identifier"), max_length=300)
    name = models.CharField(_("name"), max_length=300)
    synonyms = models.JSONField(_("other names"), default=list)
    country = models.CharField(_("country"), max_length=2, blank=True)  # ISO 3166-1, capital letters.
    organization = models.CharField(_("organisation"), max_length=500, blank=True)
    phase = models.CharField(_("phase"), max_length=13, choices=ListingPhase.choices, blank=True)
    raw_phase = models.CharField(_("phase, as written"), max_length=60, blank=True)
    pitches = models.JSONField(_("in one sentence"), default=dict)  # By language.
    descriptions = models.JSONField(_("description"), default=dict)  # By language.
    problem = models.TextField(_("the problem"), blank=True)
    solution = models.TextField(_("the solution"), blank=True)
    url = models.URLField(_("website"), max_length=500, blank=True)
    code_url = models.URLField(_("source code"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    areas = models.JSONField(_("policy areas"), default=list)
    users = models.JSONField(_("kinds of users"), default=list)
    themes = models.JSONField(_("themes, as written"), default=list)
    timeline = models.JSONField(_("dates"), default=list)
    raw = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    is_gone = models.BooleanField(_("left its source"), default=False)
    imported_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["source", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="similar_service_once"),
            models.CheckConstraint(condition=~models.Q(key="") & ~models.Q(source=""), name="similar_service_named"),
        ]
        indexes: ClassVar = [models.Index(fields=["updated_at", "id"], name="similar_service_updated")]
        verbose_name = _("service of another directory")
        verbose_name_plural = _("services of other directories")

    def __str__(self) -> str:
        return self.name

    @property
    def pitch(self) -> str:
        """Return the sentence in the reader's language, else in English, else in any."""
        return self._told(self.pitches) or self._told(self.descriptions)

    @property
    def address(self) -> str:
        """Return where a person reads more: the service itself, else its code."""
        return self.url or self.code_url

    @property
    def is_stopped(self) -> bool:
        """Say whether it ended."""
        return self.phase == ListingPhase.STOPPED

    def _told(self, texts: dict[str, str]) -> str:
        own = (get_language() or "en").split("-")[0]
        return next((texts[code] for code in (own, "en", "fr") if texts.get(code)), next(iter(texts.values()), ""))
