"""The life of a product: its phases, the events on the way, and money won.

A source's dates are kept as it wrote them. What is trusted is only when a phase starts: ends are missing on most phases
and contradict the next start on many others, so nothing here ever reads `end_on` to know where a product stands.
"""

from datetime import date
from typing import ClassVar, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.portfolio.models.base import ListedRow


class PhaseName(models.TextChoices):
    """The eight phases of the method, in the order that settles two starts on one day."""

    INVESTIGATION = "investigation", _("Investigation")
    CONSTRUCTION = "construction", _("Construction")
    ACCELERATION = "acceleration", _("Acceleration")
    CONSOLIDATION = "consolidation", _("Consolidation")
    OPERATED = "opere", _("Operated within the network")
    TRANSFERRED = "transfere", _("Transferred")
    INVESTIGATION_STOPPED = "abandon-investigation", _("Investigation not conclusive")
    STOPPED = "abandon", _("Service stopped")

    @property
    def rank(self) -> int:
        """Return the place in the method, from 1 to 8."""
        return RANK[self]


RANK: Final[dict[str, int]] = {name.value: rank for rank, name in enumerate(PhaseName, start=1)}
ACTIVE: Final = frozenset(PhaseName.values[:5])
"""The product is alive within the network."""
STOPPED: Final = frozenset(PhaseName.values[6:])
"""The product ended, after an investigation or later. A transferred one is neither active nor stopped."""
NOT_STARTED: Final = "not-started"
"""What statistics call a product whose timeline is empty."""


_P = PhaseName
ALLOWED: Final[dict[str, frozenset[str]]] = {
    "": frozenset({_P.INVESTIGATION, _P.CONSTRUCTION}),
    _P.INVESTIGATION: frozenset({_P.CONSTRUCTION, _P.INVESTIGATION_STOPPED}),
    _P.CONSTRUCTION: frozenset({
        _P.INVESTIGATION, _P.ACCELERATION, _P.CONSOLIDATION, _P.OPERATED, _P.TRANSFERRED, _P.STOPPED,
    }),
    _P.ACCELERATION: frozenset({_P.CONSTRUCTION, _P.CONSOLIDATION, _P.OPERATED, _P.TRANSFERRED, _P.STOPPED}),
    _P.CONSOLIDATION: frozenset({_P.ACCELERATION, _P.OPERATED, _P.TRANSFERRED, _P.STOPPED}),
    _P.OPERATED: frozenset({_P.ACCELERATION, _P.CONSOLIDATION, _P.TRANSFERRED, _P.STOPPED}),
    _P.TRANSFERRED: frozenset({_P.ACCELERATION, _P.OPERATED, _P.STOPPED}),
    _P.INVESTIGATION_STOPPED: frozenset({_P.INVESTIGATION}),
    _P.STOPPED: frozenset({_P.INVESTIGATION, _P.CONSTRUCTION}),
}  # fmt: skip
"""Where a decision may lead from each phase: onwards, one step back, out, or back to life. Files may hold any step."""


class PhaseQuerySet(models.QuerySet["Phase"]):
    """Sets of phases."""

    def valid(self) -> Self:
        """Return the phases that can be placed in a life: a known name and a start."""
        return self.filter(rank__gt=0, start_on__isnull=False)

    def timeline(self, on: date) -> Self:
        """Return, product by product, the phases begun by a day, in order of start then rank. Ends are never read."""
        return self.valid().filter(start_on__lte=on).order_by("product_id", "start_on", "rank", "position")

    def full(self) -> Self:
        """Return the same with the phases that have not begun."""
        return self.valid().order_by("product_id", "start_on", "rank", "position")


class Phase(ListedRow):
    """A period of a product's life. `position` is the source's order, which is not always that of time."""

    product = models.ForeignKey(
        "portfolio.Product", on_delete=models.CASCADE, related_name="phases", verbose_name=_("product")
    )
    name = models.CharField(_("phase"), max_length=21, choices=PhaseName.choices, blank=True)
    rank = models.PositiveSmallIntegerField(editable=False, default=0)
    start_on = models.DateField(_("start"), null=True)
    end_on = models.DateField(_("end as announced"), null=True, blank=True)
    comment = models.TextField(_("remark"), blank=True, max_length=5000)
    raw_name = models.CharField(max_length=100, blank=True, editable=False)
    decision = models.ForeignKey(
        "portfolio.Decision", on_delete=models.SET_NULL, null=True, blank=True, related_name="phases"
    )

    objects = PhaseQuerySet.as_manager()

    class Meta(ListedRow.Meta):
        abstract = False
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(name="", rank=0)
                | models.Q(*[("name__in", PhaseName.values), ("rank__gte", 1), ("rank__lte", 8)]),
                name="portfolio_phase_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "start_on", "rank"], name="portfolio_phase_timeline"),
            models.Index(fields=["start_on"], name="portfolio_phase_start"),
        ]
        verbose_name = _("phase")
        verbose_name_plural = _("phases")

    def __str__(self) -> str:
        return f"{self.name or self.raw_name} {self.start_on or '?'}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the rank true to the name; bulk writers set it themselves."""
        self.rank = RANK.get(self.name, 0)
        super().save(*args, **kwargs)  # type: ignore[arg-type] # passed through

    @property
    def is_active(self) -> bool:
        """Say whether a product in this phase is alive within the network."""
        return self.name in ACTIVE

    @property
    def is_stop(self) -> bool:
        """Say whether the phase is an end."""
        return self.name in STOPPED


class Event(ListedRow):
    """Something worth a dot on the timeline: a committee, a launch, money won, national reach..."""

    class Kind(models.TextChoices):
        """The kinds that have words; a source's other kinds are shown as written."""

        COMMITTEE = "committee", _("Committee")
        LAUNCH = "product_launch", _("Launch")
        NATIONAL_IMPACT = "national_impact", _("National impact")
        FAST = "fast", _("Acceleration fund")
        EIG = "eig", _("Public-interest entrepreneurs")
        END = "end", _("End")
        OTHER = "other", _("Other")

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=60, default=Kind.OTHER)
    on = models.DateField(_("day"), null=True)
    comment = models.TextField(_("remark"), blank=True, max_length=5000)

    class Meta(ListedRow.Meta):
        abstract = False
        ordering: ClassVar = ["on", "position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["product", "on"], name="portfolio_event_product"),
            models.Index(fields=["kind", "on"], name="portfolio_event_kind"),
        ]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.kind} {self.on or '?'}"

    @property
    def label(self) -> str:
        """Return the kind as people read it."""
        return str(self.Kind(self.kind).label) if self.kind in self.Kind.values else self.kind


class Funding(ListedRow):
    """Money won in a programme of the network."""

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="fundings")
    programme = models.CharField(_("programme"), max_length=40, default="fast")
    promotion = models.CharField(_("promotion"), max_length=40, blank=True)
    amount = models.DecimalField(_("amount in euros"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(ListedRow.Meta):
        abstract = False
        indexes: ClassVar = [models.Index(fields=["programme", "promotion"], name="portfolio_funding_programme")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0), name="portfolio_funding_positive"
            ),
        ]
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")

    def __str__(self) -> str:
        return f"{self.programme} {self.promotion}"
