"""What an import read: kept whole, so that a later feature finds the fields that this one did not need."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.directory.models.group import Group
from parvis.directory.models.organization import Organization
from parvis.directory.models.user import User
from parvis.lib.ids import uuid7


class SourceRecord(models.Model):
    """One record of an outside source: its raw fields, a digest that tells whether it changed, and what it became."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=40)
    collection = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    applied = models.JSONField(default=dict)  # What the last import asked for: the base of the next comparison.
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="source_records")
    organization = models.ForeignKey(Organization, on_delete=models.SET_NULL, null=True, related_name="source_records")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="source_records")
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["source", "collection", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "collection", "key"], name="directory_sourcerecord_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.collection}/{self.key}"
