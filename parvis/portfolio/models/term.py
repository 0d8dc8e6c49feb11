"""Words by which products are found: themes, kinds of users, technologies."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.portfolio.models.base import ListedRow, Row
from parvis.web.language import reads_french


class Term(Row):
    """A word of one of the three vocabularies. What people typed freely is a term too, but not a standard one."""

    class Kind(models.TextChoices):
        """The three vocabularies."""

        THEME = "theme", _("Theme")
        USER_TYPE = "user-type", _("Users")
        TECHNOLOGY = "technology", _("Technology")

    kind = models.CharField(_("vocabulary"), max_length=10, choices=Kind.choices)
    key = models.CharField(_("identifier"), max_length=200)
    label_fr = models.CharField(_("in French"), max_length=300)
    label_en = models.CharField(_("in English"), max_length=300, blank=True)
    is_standard = models.BooleanField(_("in the official list"), default=False)

    class Meta:
        ordering: ClassVar = ["kind", "key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="portfolio_term_once")]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the word in the reader's language, else in French."""
        return self.label_fr if reads_french() else self.label_en or self.label_fr


class ProductTerm(ListedRow):
    """A term that describes a product; `raw` is what the source wrote, letter for letter."""

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="term_links")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="product_links")
    raw = models.TextField(blank=True, editable=False)

    class Meta(ListedRow.Meta):
        abstract = False
        indexes: ClassVar = [models.Index(fields=["term", "product"], name="portfolio_productterm_by")]
        verbose_name = _("term of a product")
        verbose_name_plural = _("terms of products")

    def __str__(self) -> str:
        return f"{self.product_id} · {self.term_id}"
