"""What people say of two services: the same need, or not."""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import User
from parvis.lib.ids import uuid7
from parvis.portfolio.models import Product
from parvis.similar.models.listing import Listing


class Verdict(models.TextChoices):
    """The two things that a person can say."""

    CONFIRM = "confirm", _("Meets the same need")
    REFUSE = "refuse", _("Does not")


class JudgementQuerySet(models.QuerySet["Judgement"]):
    """Sets of judgements."""

    def about(self, product: Product) -> Self:
        """Return what was said of a product beside others, from either side."""
        return self.filter(models.Q(product=product) | models.Q(other=product))


class Judgement(models.Model):
    """One person's word on a pair. A later word of the same person takes the place of the earlier one.

    `terms` holds what had brought the two together, so that a refusal teaches (see `engine/trust.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="similar_judgements")
    other = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="+")
    service = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True, related_name="judgements")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="similar_judgements")
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict.choices)
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    terms = models.JSONField(default=list, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(other__isnull=True) ^ models.Q(service__isnull=True),
                name="similar_judgement_one_other",
            ),
            models.CheckConstraint(
                condition=models.Q(other__isnull=True) | ~models.Q(other=models.F("product")),
                name="similar_judgement_not_itself",
            ),
            models.UniqueConstraint(fields=["product", "other", "by"], name="similar_judgement_product_once"),
            models.UniqueConstraint(fields=["product", "service", "by"], name="similar_judgement_service_once"),
        ]
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")

    def __str__(self) -> str:
        return f"{self.product_id} · {self.other_id or self.service_id}: {self.verdict}"

    def seen_from(self, product: Product) -> tuple[str, UUID]:
        """Return the kind and id of the other side of the pair, as `Candidate.pair` gives them."""
        if self.service_id:
            return ("service", self.service_id)
        other: Any = self.product_id if self.other_id == product.pk else self.other_id
        return ("product", other)
