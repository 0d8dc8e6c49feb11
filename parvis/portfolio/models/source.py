"""The memory of imports: what no later reading can tell once texts are repaired, and what the last import asked for."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.portfolio.models.base import Row


class SourceFile(Row):
    """One file of the last import.

    `name` is the file's own (two files of the network lack `.md`), and `defects` names what its raw text held before
    it was repaired. `applied` is what the last import asked of this portfolio: a field that differs from it today was
    changed by people here, and the next import leaves it to them.
    """

    class Defect(models.TextChoices):
        """What statistics count of the raw text."""

        HTML_ENTITY = "html-entity", _("HTML entity in a field")
        UNTRIMMED = "untrimmed", _("title or mission with outer blanks")
        BODY_NOT_NFC = "body-not-nfc", _("description not in Unicode form NFC")

    source = models.CharField(max_length=40)
    collection = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=255)
    has_suffix = models.BooleanField(default=True)
    has_front_matter = models.BooleanField(default=True)
    defects = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    applied = models.JSONField(default=dict)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["source", "collection", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "collection", "name"], name="portfolio_sourcefile_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "collection", "key"], name="portfolio_sourcefile_key")]
        verbose_name = _("file of a source")
        verbose_name_plural = _("files of sources")

    def __str__(self) -> str:
        return f"{self.source}:{self.collection}/{self.name}"
