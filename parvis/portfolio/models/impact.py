"""What a product changes and what it costs: indicators with targets and series, and budgets by year."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Organization, User
from parvis.portfolio.models.base import Row, WebAddressField


class Indicator(Row):
    """A measure of impact on users. A target without a day, or a day without a target, would promise nothing."""

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up", _("More is better")
        DOWN = "down", _("Less is better")

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField(_("what is measured"), max_length=200)
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("Such as people, days, % or €."))
    direction = models.CharField(
        _("which way is better"), max_length=4, choices=Direction.choices, default=Direction.UP
    )
    target_value = models.DecimalField(_("target"), max_digits=20, decimal_places=4, null=True, blank=True)
    target_on = models.DateField(_("to reach by"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "name"], name="portfolio_indicator_once"),
            models.CheckConstraint(
                condition=models.Q(target_value__isnull=True, target_on__isnull=True)
                | models.Q(target_value__isnull=False, target_on__isnull=False),
                name="portfolio_indicator_whole_target",
                violation_error_message=_("Give the target and the day to reach it, or neither."),
            ),
        ]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.name


class Measure(Row):
    """The value of an indicator on a day."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measures")
    on = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    source_url = WebAddressField(_("where this is published"))
    note = models.CharField(_("remark"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "on"],
                name="portfolio_measure_once",
                violation_error_message=_("There is already a value for that day."),
            ),
        ]
        verbose_name = _("value")
        verbose_name_plural = _("values")

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"


class BudgetLine(Row):
    """What one funder gave a product for one year."""

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="budget_lines")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2200)])
    funder = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="budget_lines",
        verbose_name=_("funder"),
    )
    funder_name = models.CharField(_("funder, when it is not in the list"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount in euros"), max_digits=14, decimal_places=2)
    source_url = WebAddressField(_("where this is published"))
    note = models.CharField(_("remark"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        ordering: ClassVar = ["-year", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0),
                name="portfolio_budgetline_positive",
                violation_error_message=_("The amount cannot be negative."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["product", "year"], name="portfolio_budgetline_year")]
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"

    @property
    def funder_label(self) -> str:
        """Return who gave, as people read it."""
        return self.funder.name if self.funder else self.funder_name
