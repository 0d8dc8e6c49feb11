"""The index: what was computed of each service, so that a page only has to read it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.portfolio.models import Product
from parvis.similar.models.listing import Listing


class LexiconRecord(models.Model):
    """What all services together told at the last rebuild: one row. Whoever changes the index locks it first."""

    content = models.JSONField(default=dict)
    trust = models.JSONField(default=dict)  # Terms that brought refused pairs, and what is left of their weight.
    built_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="similar_lexicon_single")]

    def __str__(self) -> str:
        return f"{self.built_at}"


class ProfileRecord(models.Model):
    """What is compared of one service. Its number stands for it in postings, which are read by the thousand."""

    id = models.AutoField(primary_key=True)
    product = models.OneToOneField(Product, on_delete=models.CASCADE, null=True, related_name="similar_profile")
    service = models.OneToOneField(Listing, on_delete=models.CASCADE, null=True, related_name="similar_profile")
    content = models.JSONField(default=dict)
    sentences = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) ^ models.Q(service__isnull=True),
                name="similar_profile_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id or self.service_id}"


class Posting(models.Model):
    """The services that hold a term, with what it weighs of them: pairs of a number and a weight, packed."""

    term = models.CharField(primary_key=True, max_length=120)
    holders = models.BinaryField()

    def __str__(self) -> str:
        return self.term


class Neighbour(models.Model):
    """One of the nearest services of a product, and why: read by its page."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="similar_neighbours")
    other = models.ForeignKey(ProfileRecord, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-score", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "other"], name="similar_neighbour_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} · {self.other_id}"
