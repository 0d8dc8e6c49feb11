"""Hand-off: leaving the network well. "Transferred" is no label here but dated items, each with its evidence."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Organization, User
from parvis.portfolio.models.base import Row, WebAddressField


class HandOff(Row):
    """The way of one product to whoever will run it: by one of three paths, item after item."""

    class Path(models.TextChoices):
        """The three ways that the programme knows."""

        INTEGRATED = "integrated", _("The team joins the administration that takes over")
        MAINTENANCE = "maintenance", _("The service is only maintained")
        LEGAL_BODY = "legal-body", _("The service gets a legal body of its own")

    product = models.OneToOneField("portfolio.Product", on_delete=models.CASCADE, related_name="hand_off")
    path = models.CharField(_("path"), max_length=11, choices=Path.choices)
    operator = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="hand_offs",
        verbose_name=_("organisation that will take over"),
    )
    started_on = models.DateField(_("prepared since"), default=timezone.localdate)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    transferred_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.TextField(_("remark"), blank=True, max_length=5000)

    class Meta:
        ordering: ClassVar = ["started_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(transferred_on__isnull=True) | models.Q(transferred_on__gte=models.F("started_on")),
                name="portfolio_handoff_ends_after_start",
                violation_error_message=_("The hand-off cannot be done before it is prepared."),
            ),
        ]
        verbose_name = _("hand-off")
        verbose_name_plural = _("hand-offs")

    def __str__(self) -> str:
        return f"{self.product_id} {self.path}"


class HandOffItem(Row):
    """One thing that must be true before a product leaves: when it became so, by what evidence, and who sees to it."""

    class Item(models.TextChoices):
        """What the programme asks for."""

        IMPACT = "impact", _("The impact is shown and published")
        STANDARDS = "standards", _("The standards of quality are reached")
        SPONSOR_LETTER = "sponsor-letter", _("The sponsor has signed a letter")
        COMMITTEE = "committee", _("A committee has decided")
        PRODUCT_LEAD = "product-lead", _("A product lead is available there")
        ORGANIZATION = "organization", _("The organisation that takes over is named")
        GOVERNANCE = "governance", _("The governance is agreed")
        FUNDING = "funding", _("The funding is found")
        OPEN_CODE = "open-code", _("The code is open")
        RIGHTS = "rights", _("Rights and licences are transferred")
        DOMAINS = "domains", _("Domain names are transferred")
        HOSTING = "hosting", _("Hosting is transferred")
        SECRETS = "secrets", _("Keys and passwords are changed")
        CONTRACTS = "contracts", _("Contracts are transferred")
        LEAVERS = "leavers", _("Those who leave have handed over their work")

    hand_off = models.ForeignKey(HandOff, on_delete=models.CASCADE, related_name="items")
    item = models.CharField(_("item"), max_length=14, choices=Item.choices)
    is_needed = models.BooleanField(_("needed on this path"), default=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True, max_length=2000)
    evidence_url = WebAddressField(_("address of the evidence"))
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who sees to it")
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hand_off", "item"], name="portfolio_handoffitem_once"),
        ]
        verbose_name = _("item of a hand-off")
        verbose_name_plural = _("items of hand-offs")

    def __str__(self) -> str:
        return self.item


class HandOffSignal(Row):
    """What is seen in the two years after a transfer: whether the service goes on living."""

    class Kind(models.TextChoices):
        """The signs that the programme follows."""

        INDICATORS = "indicators", _("A named person follows the indicators")
        USER_TESTS = "user-tests", _("Users are met at least every four months")
        RELEASES = "releases", _("New versions go on")
        OPEN_CODE = "open-code", _("The code is still open")

    class Value(models.TextChoices):
        """What was seen."""

        YES = "yes", _("Yes")
        PARTLY = "partly", _("In part")
        NO = "no", _("No")

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="hand_off_signals")
    kind = models.CharField(_("sign"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("day"))
    value = models.CharField(_("what was seen"), max_length=6, choices=Value.choices)
    note = models.CharField(_("remark"), max_length=500, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "kind", "on"], name="portfolio_handoffsignal_once"),
        ]
        verbose_name = _("sign after a hand-off")
        verbose_name_plural = _("signs after hand-offs")

    def __str__(self) -> str:
        return f"{self.kind} {self.on}: {self.value}"


class Operator(Row):
    """The organisation that runs a product, from a day on: the same before and after a transfer, or another."""

    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, related_name="operators")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="operated", verbose_name=_("organisation")
    )
    from_on = models.DateField(_("since"))
    to_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["from_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "organization", "from_on"], name="portfolio_operator_once"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="portfolio_operator_ends_after_start",
                violation_error_message=_("The end cannot come before the start."),
            ),
        ]
        verbose_name = _("operator")
        verbose_name_plural = _("operators")

    def __str__(self) -> str:
        return f"{self.product_id} · {self.organization_id}"
