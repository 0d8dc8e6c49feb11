"""Products: the public services of the network, from the first question to the last user."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self, cast
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Group, GroupMembership, Organization, User
from parvis.directory.models.search import Searchable, SearchableQuerySet
from parvis.directory.models.user import UserQuerySet
from parvis.lib.ids import uuid7
from parvis.lib.text import fold, one_line
from parvis.portfolio import policies
from parvis.portfolio.models.base import ListedRow, WebAddressField
from parvis.portfolio.models.incubator import Incubator
from parvis.portfolio.models.keys import MAX_LENGTH, validate_key
from parvis.portfolio.models.mission import Mission
from parvis.portfolio.models.phase import ACTIVE, STOPPED, Phase, PhaseName, PhaseQuerySet
from parvis.portfolio.policies import Viewer


class ProductQuerySet(SearchableQuerySet["Product"]):
    """Sets of products."""

    def listed(self) -> Self:
        """Return the products of the portfolio: not what is only proposed, nor what was declined."""
        return self.filter(state=Product.State.LISTED)

    def visible_to(self, viewer: Viewer) -> "ProductQuerySet":
        """Return the products whose page the viewer may open (see `policies.can_see_product`)."""
        return policies.visible_products(self, viewer)

    def editable_by(self, user: Viewer) -> "ProductQuerySet":
        """Return the products whose page the person may change (see `policies.can_edit_product`)."""
        return policies.editable_products(self, user)

    def reviewable_by(self, user: Viewer) -> "ProductQuerySet":
        """Return the products that the person's incubators answer for (see `policies.can_review_product`)."""
        return policies.reviewable_products(self, user)

    def active(self, on: date | None = None) -> Self:
        """Return the products in one of the five active phases, today or on a day."""
        return self.in_phases(ACTIVE, on)

    def stopped(self, on: date | None = None) -> Self:
        """Return the products that ended, today or by a day."""
        return self.in_phases(STOPPED, on)

    def in_phases(self, names: Iterable[str], on: date | None = None) -> Self:
        """Return the products whose current phase is one of these; today's are read from their own column."""
        if on is None or on == timezone.localdate():
            return self.filter(current_phase__in=list(names))
        dated: Any = self.with_phase_on(on)  # django-stubs does not see what the method annotates
        return cast("Self", dated.filter(phase_on__in=list(names)))

    def with_phase_on(self, on: date) -> Self:
        """Annotate `phase_on` and `phase_on_since`: the last phase of each timeline cut at a day, if any."""
        last = Phase.objects.valid().filter(product=models.OuterRef("pk"), start_on__lte=on)
        last = last.order_by("-start_on", "-rank", "-position")
        since = models.Subquery(last.values("start_on")[:1])
        return self.annotate(phase_on=models.Subquery(last.values("name")[:1]), phase_on_since=since)

    def refresh_phases(self, on: date | None = None) -> int:
        """Set the current phase of each product to what its timeline says; return how many changed.

        Two statements for a whole network. Whoever writes phases calls it for the products concerned, and a daily job
        for all of them, since a phase may begin by itself.
        """
        day = on or timezone.localdate()
        dated: Any = self.with_phase_on(day)  # django-stubs does not see what the method annotates
        started = dated.filter(phase_on__isnull=False)
        same = models.Q(current_phase=models.F("phase_on"), current_since=models.F("phase_on_since"))
        changed = [
            Product(pk=pk, current_phase=phase, current_since=since)
            for pk, phase, since in started.exclude(same).values_list("pk", "phase_on", "phase_on_since")
        ]
        Product.objects.bulk_update(changed, ["current_phase", "current_since"], batch_size=200)
        empty = dated.filter(phase_on__isnull=True).exclude(current_phase="", current_since=None)
        ids = list(empty.values_list("pk", flat=True))
        if ids:
            Product.objects.filter(pk__in=ids).update(current_phase="", current_since=None)
        return len(changed) + len(ids)


class Product(Searchable):
    """A public service, or the investigation of a problem that did not become one.

    `current_phase` and `current_since` repeat what the timeline says today, so that lists filter and count by a column;
    the timeline itself stays the truth (`refresh_phases` follows it).
    """

    class State(models.TextChoices):
        """Whether it is a part of the portfolio."""

        PROPOSED = "proposed", _("Proposed")
        LISTED = "listed", _("In the portfolio")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    TRANSITIONS: ClassVar = {
        State.PROPOSED: {State.LISTED, State.DECLINED, State.WITHDRAWN},
        State.DECLINED: {State.PROPOSED},
        State.WITHDRAWN: {State.PROPOSED},
        State.LISTED: set(),
    }

    class Accessibility(models.TextChoices):
        """What the service declares about accessibility, in the words of the French rules."""

        NONE = "non conforme", _("Not compliant")
        PARTIAL = "partiellement conforme", _("Partially compliant")
        FULL = "totalement conforme", _("Fully compliant")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(_("address on the site"), max_length=MAX_LENGTH, unique=True, validators=[validate_key])
    name = models.CharField(_("name"), max_length=250)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.LISTED, editable=False)
    mission = models.TextField(_("mission in one sentence"), blank=True, max_length=1000)
    description = models.TextField(_("description"), blank=True, max_length=100_000)
    group = models.OneToOneField(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="product", verbose_name=_("team")
    )
    incubators: "models.ManyToManyField[Incubator, ProductIncubator]" = models.ManyToManyField(
        Incubator, through="ProductIncubator", related_name="products", verbose_name=_("incubators")
    )
    sponsors: "models.ManyToManyField[Organization, Sponsorship]" = models.ManyToManyField(
        Organization, through="Sponsorship", related_name="sponsored_products", verbose_name=_("sponsors")
    )
    contact = models.CharField(_("shared mailbox"), max_length=254, blank=True)
    contact_dinum = models.CharField(_("contact at DINUM"), max_length=200, blank=True)
    contact_incubator = models.CharField(_("contact at the incubator"), max_length=200, blank=True)

    website = WebAddressField(_("website"))
    repository = WebAddressField(_("source code"))
    has_stats = models.BooleanField(_("publishes statistics"), null=True, blank=True)
    stats_url = WebAddressField(_("statistics page"))
    budget_url = WebAddressField(_("budget page"))
    impact_url = WebAddressField(_("impact page"))
    dashlord_url = WebAddressField(_("technical quality board"))
    accessibility_status = models.CharField(_("accessibility"), max_length=60, blank=True)
    has_risk_analysis = models.BooleanField(_("has a risk analysis"), null=True, blank=True)
    risk_analysis_url = WebAddressField(_("risk analysis"))
    uses_mon_service_securise = models.BooleanField(_("follows MonServiceSécurisé"), null=True, blank=True)

    problem_original = models.TextField(_("the problem"), blank=True, max_length=5000)
    problem_en = models.TextField(_("the problem, in English"), blank=True, max_length=5000)
    solution_original = models.TextField(_("the solution"), blank=True, max_length=5000)
    solution_en = models.TextField(_("the solution, in English"), blank=True, max_length=5000)
    lessons = models.TextField(_("what was learnt"), blank=True, max_length=20_000)
    lessons_en = models.TextField(_("what was learnt, in English"), blank=True, max_length=20_000)
    original_language = models.CharField(_("language of these texts"), max_length=5, default="fr")

    current_phase = models.CharField(max_length=21, choices=PhaseName.choices, blank=True, editable=False)
    current_since = models.DateField(null=True, editable=False)
    redirect_from = models.JSONField(default=list, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)  # The team said that its page is still true.

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [
            models.Index(fields=["sort_key", "id"], name="portfolio_product_sort"),
            models.Index(fields=["state", "current_phase", "sort_key", "id"], name="portfolio_product_phase"),
            models.Index(fields=["current_since", "id"], name="portfolio_product_since"),
            models.Index(fields=["updated_at", "id"], name="portfolio_product_updated"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(key=""), name="portfolio_product_has_key"),
            models.CheckConstraint(
                condition=models.Q(current_phase="", current_since__isnull=True)
                | (models.Q(current_phase__in=PhaseName.values, current_since__isnull=False)),
                name="portfolio_product_phase_has_start",
            ),
        ]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put the name and the mission on one line."""
        self.name, self.mission = one_line(self.name), one_line(self.mission)

    def searchable_text(self) -> str:
        """Return all that says what the product is about."""
        parts = [self.name, self.key, self.mission, self.problem_original, self.problem_en, self.solution_original]
        return " ".join([*parts, self.solution_en, self.lessons, self.lessons_en, self.description])

    def sorting_text(self) -> str:
        """Return the folded name."""
        return fold(self.name)

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("portfolio:product-detail", args=[self.key])

    @property
    def is_active(self) -> bool:
        """Say whether it is alive within the network today."""
        return self.current_phase in ACTIVE

    @property
    def is_stopped(self) -> bool:
        """Say whether it ended."""
        return self.current_phase in STOPPED

    def problem(self) -> str:
        """Return the problem in the reader's language when it is written in it, else in the other."""
        return self._in_language(self.problem_original, self.problem_en)

    def solution(self) -> str:
        """Return the solution in the reader's language when it is written in it, else in the other."""
        return self._in_language(self.solution_original, self.solution_en)

    def lesson(self) -> str:
        """Return what was learnt, in the reader's language when it is written in it, else in the other."""
        return self._in_language(self.lessons, self.lessons_en)

    def _in_language(self, original: str, english: str) -> str:
        reads_original = (get_language() or "").startswith(self.original_language)
        return (original or english) if reads_original else (english or original)

    def timeline(self, on: date | None = None) -> PhaseQuerySet:
        """Return the phases begun by a day (today by default), in order of start then rank."""
        return self.phases.timeline(on or timezone.localdate())

    def team(self, on: date | None = None) -> UserQuerySet:
        """Return the people of the team on a day: by a mission that names the product, or by a place in its group."""
        day = on or timezone.localdate()
        by_mission = Mission.objects.active(day).filter(links__product=self).values("user_id")
        by_group = GroupMembership.objects.current(day).filter(group=self.group_id).values("user_id")
        people: UserQuerySet = User.objects.filter(models.Q(pk__in=by_mission) | models.Q(pk__in=by_group))
        return people


class ProductIncubator(ListedRow):
    """A product's place in an incubator: one is the main one, under whose group the team is.

    A source lists them in any order, main one included, and that order is kept. `raw_key` is what it named, kept when
    no such incubator exists.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="incubator_links")
    incubator = models.ForeignKey(Incubator, on_delete=models.SET_NULL, null=True, related_name="product_links")
    raw_key = models.CharField(max_length=200, blank=True, editable=False)
    is_main = models.BooleanField(_("main incubator"), default=False)

    class Meta(ListedRow.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "incubator"], name="portfolio_productincubator_once"),
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(is_main=True), name="portfolio_productincubator_one_main"
            ),
        ]
        verbose_name = _("incubator of a product")
        verbose_name_plural = _("incubators of products")

    def __str__(self) -> str:
        return f"{self.product_id} · {self.raw_key or self.incubator_id}"


class Sponsorship(ListedRow):
    """An organisation that backs a product. `raw_key` is what the source named, twice when it named it twice."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sponsorships")
    organization = models.ForeignKey(Organization, on_delete=models.SET_NULL, null=True, related_name="sponsorships")
    raw_key = models.CharField(max_length=200, blank=True, editable=False)

    class Meta(ListedRow.Meta):
        abstract = False
        indexes: ClassVar = [models.Index(fields=["organization", "product"], name="portfolio_sponsorship_by")]
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")

    def __str__(self) -> str:
        return f"{self.product_id} · {self.raw_key or self.organization_id}"


def product_ids(keys: Iterable[str]) -> dict[str, UUID]:
    """Return the identifier of each product by key, with one query."""
    return dict(Product.objects.filter(key__in=keys).values_list("key", "pk"))
