"""Where a service is used: territories by their official codes, and the days of each deployment."""

from datetime import date
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import User
from parvis.portfolio.models.base import Row, WebAddressField
from parvis.web.language import reads_french


class Territory(Row):
    """A country, a region, a department... named by a public code, so that counts and maps need no spelling.

    Codes of several registers live side by side: ISO 3166-1 (`FR`), ISO 3166-2 (`DE-BE`), NUTS (`FRK2`), and the French
    departments (`FR-75`) and regions (`FR-IDF`), which have the form of ISO 3166-2. `geocode` is what files of the
    French administration write for these two: `75`, `11`.
    """

    class Scheme(models.TextChoices):
        """The register that gave the code."""

        COUNTRY = "iso3166-1", _("Country (ISO 3166-1)")
        SUBDIVISION = "iso3166-2", _("Subdivision (ISO 3166-2)")
        NUTS = "nuts", _("European region (NUTS)")
        REGION = "fr-reg", _("French region")
        DEPARTMENT = "fr-dep", _("French department")

    code = models.CharField(
        _("code"), max_length=20, unique=True, validators=[RegexValidator(r"^[A-Z]{2}(-?[A-Z0-9]{1,3}){0,3}$")]
    )
    scheme = models.CharField(_("register"), max_length=9, choices=Scheme.choices)
    geocode = models.CharField(max_length=10, blank=True)
    name_fr = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["scheme", "code"]
        indexes: ClassVar = [models.Index(fields=["scheme", "geocode"], name="portfolio_territory_geocode")]
        verbose_name = _("territory")
        verbose_name_plural = _("territories")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the reader's language, else in French."""
        return self.name_fr if reads_french() else self.name_en or self.name_fr


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    """Sets of deployments."""

    def current(self, on: date | None = None) -> Self:
        """Return the deployments that hold on a day (today by default), both ends included."""
        day = on or timezone.localdate()
        return self.filter(models.Q(to_on__isnull=True) | models.Q(to_on__gte=day), from_on__lte=day)


class Deployment(Row):
    """A territory where a product is used, from a day on, with where that is known from."""

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="deployments")
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="deployments", verbose_name=_("territory")
    )
    from_on = models.DateField(_("since"))
    to_on = models.DateField(_("until"), null=True, blank=True)
    source_url = WebAddressField(_("where this is published"))
    note = models.CharField(_("remark"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["from_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "territory", "from_on"],
                name="portfolio_deployment_once",
                violation_error_message=_("This territory is already there from that day."),
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="portfolio_deployment_ends_after_start",
                violation_error_message=_("The end cannot come before the start."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["territory", "from_on"], name="portfolio_deployment_where")]
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")

    def __str__(self) -> str:
        return f"{self.territory_id} {self.from_on}"
