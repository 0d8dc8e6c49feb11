"""How a product's life is decided: committees and their papers, decisions with reasons, changes and their review."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import User
from parvis.lib.ids import uuid7
from parvis.portfolio import policies
from parvis.portfolio.models.base import Row
from parvis.portfolio.models.incubator import Incubator
from parvis.portfolio.models.phase import PhaseName
from parvis.portfolio.policies import Viewer


class CommitteeQuerySet(models.QuerySet["Committee"]):
    """Sets of committees."""

    def visible_to(self, viewer: Viewer) -> "CommitteeQuerySet":
        """Return the committees whose date and title the viewer may read (see `policies.can_see_committee`)."""
        return policies.visible_committees(self, viewer)


class Committee(Row):
    """A day on which an incubator and the sponsors look at products together."""

    incubator = models.ForeignKey(
        Incubator, on_delete=models.CASCADE, related_name="committees", verbose_name=_("incubator")
    )
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=300, blank=True)
    note = models.TextField(_("remark"), blank=True, max_length=5000)
    is_public = models.BooleanField(
        _("announced to all"), default=True, help_text=_("The day and the title only: papers are never public.")
    )
    products = models.ManyToManyField(
        "portfolio.Product", related_name="committees", blank=True, verbose_name=_("products on the agenda")
    )
    reminded_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-on", "id"]
        indexes: ClassVar = [models.Index(fields=["on", "incubator"], name="portfolio_committee_day")]
        verbose_name = _("committee")
        verbose_name_plural = _("committees")

    def __str__(self) -> str:
        return f"{self.title} ({self.on})"


def paper_path(_paper: "CommitteePaper", _name: str) -> str:
    """Return where a paper lies: a name that says nothing, in a folder that no web server serves by itself."""
    return f"papers/{uuid7()}"


class CommitteePaperQuerySet(models.QuerySet["CommitteePaper"]):
    """Sets of papers."""

    def visible_to(self, viewer: Viewer) -> "CommitteePaperQuerySet":
        """Return the papers that the viewer may read (see `policies.can_see_papers`)."""
        return policies.visible_papers(self, viewer)


class CommitteePaper(Row):
    """A paper for a committee, about a product or about all. Only those concerned may know that it exists."""

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, null=True, blank=True, related_name="papers")
    product = models.ForeignKey(
        "portfolio.Product", on_delete=models.CASCADE, null=True, blank=True, related_name="papers"
    )
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to=paper_path)
    file_name = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CommitteePaperQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-added_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(committee__isnull=False) | models.Q(product__isnull=False),
                name="portfolio_paper_concerns_something",
            ),
        ]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")

    def __str__(self) -> str:
        return self.title

    def concerned_incubator_group_ids(self) -> set[UUID]:
        """Return the groups of the incubators whose paper this is."""
        own = {self.committee.incubator.group_id} if self.committee else set()
        if self.product_id:
            incubators = Incubator.objects.filter(product_links__product=self.product_id)
            own |= set(incubators.values_list("group_id", flat=True))
        return {pk for pk in own if pk is not None}


class Decision(Row):
    """What was decided about a product, by whom and why. A mistake is not erased: another decision corrects it."""

    class Kind(models.TextChoices):
        """What a decision does."""

        ACCEPT = "accept", _("Accept the investigation")
        DECLINE = "decline", _("Decline the proposal")
        MOVE = "move", _("Move to another phase")
        STAY = "stay", _("Go on in the same phase")
        STOP = "stop", _("Stop")
        CORRECTION = "correction", _("Correct an earlier decision")

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="decisions")
    incubator = models.ForeignKey(Incubator, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    committee = models.ForeignKey(
        Committee,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("committee"),
    )
    kind = models.CharField(_("decision"), max_length=10, choices=Kind.choices)
    from_phase = models.CharField(max_length=21, choices=PhaseName.choices, blank=True)
    to_phase = models.CharField(_("phase from now on"), max_length=21, choices=PhaseName.choices, blank=True)
    on = models.DateField(_("takes effect on"))
    reasons = models.TextField(_("reasons"), max_length=10_000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    correction_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        ordering: ClassVar = ["-on", "-decided_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reasons=""), name="portfolio_decision_says_why"),
            models.CheckConstraint(
                condition=models.Q(correction_of__isnull=True) | ~models.Q(correction_of=models.F("id")),
                name="portfolio_decision_corrects_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["product", "on"], name="portfolio_decision_product")]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind} {self.on}"


class Revision(Row):
    """A change of a product's page: who, when, and each field before and after. Public, like the page."""

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=40, blank=True, editable=False)  # The import that brought it, if any.
    changes = models.JSONField(default=dict)  # {"field": [before, after]}

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["product", "-at"], name="portfolio_revision_product"),
            models.Index(fields=["-at", "id"], name="portfolio_revision_at"),
        ]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.product_id} {self.at:%Y-%m-%d}"


class Review(Row):
    """A change of what matters (phase, sponsors...) that a team asks for and its incubator accepts or refuses."""

    class State(models.TextChoices):
        """Where the request stands."""

        OPEN = "open", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    TRANSITIONS: ClassVar = {
        State.OPEN: {State.ACCEPTED, State.REFUSED, State.WITHDRAWN},
        State.ACCEPTED: set(),
        State.REFUSED: set(),
        State.WITHDRAWN: set(),
    }

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="reviews")
    field = models.CharField(_("what changes"), max_length=40)
    current = models.JSONField(null=True)
    proposed = models.JSONField(null=True)
    reason = models.TextField(_("why"), blank=True, max_length=2000)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "field"], condition=models.Q(state="open"), name="portfolio_review_one_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"], name="portfolio_review_state")]
        verbose_name = _("request for review")
        verbose_name_plural = _("requests for review")

    def __str__(self) -> str:
        return f"{self.product_id} {self.field} {self.state}"


class LinkCheck(Row):
    """What a background task last found behind one of a product's addresses."""

    class Result(models.TextChoices):
        """What was found."""

        FINE = "fine", _("Answers")
        MOVED = "moved", _("Has moved")
        BROKEN = "broken", _("Does not answer")
        REFUSED = "refused", _("Not looked at")

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="link_checks")
    field = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    result = models.CharField(max_length=7, choices=Result.choices)
    status = models.PositiveSmallIntegerField(null=True)
    checked_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["product_id", "field"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "field"], name="portfolio_linkcheck_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["checked_at"], name="portfolio_linkcheck_at")]
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")

    def __str__(self) -> str:
        return f"{self.field} {self.result}"
