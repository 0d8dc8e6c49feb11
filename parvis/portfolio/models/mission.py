"""Missions: who worked where, for which products, from a day to a day; and what a source says of a person.

Missions are kept as the source wrote them, overlaps, holes and placeholder ends included, because contracts are like
that. The directory's memberships are derived from them, merged and cut; statistics and team timelines read these rows.
"""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import User
from parvis.lib.ids import uuid7
from parvis.portfolio import policies
from parvis.portfolio.models.base import ListedRow, WebAddressField
from parvis.portfolio.policies import Viewer

if TYPE_CHECKING:
    from parvis.portfolio.models.product import Product


class MissionQuerySet(models.QuerySet["Mission"]):
    """Sets of missions."""

    def active(self, on: date | None = None) -> Self:
        """Return the missions that hold on a day (today by default), both ends included."""
        return self.filter(Mission.holds_on(on or timezone.localdate()))


class Mission(ListedRow):
    """A person's work from a day to a day. One person may have several at once: two part-times, say."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="missions", verbose_name=_("person"))
    start_on = models.DateField(_("start"), null=True)
    end_on = models.DateField(_("end"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=40, blank=True)
    employer = models.TextField(_("employer"), blank=True)
    products: "models.ManyToManyField[Product, MissionProduct]" = models.ManyToManyField(
        "portfolio.Product", through="MissionProduct", related_name="missions"
    )

    objects = MissionQuerySet.as_manager()

    class Meta(ListedRow.Meta):
        abstract = False
        indexes: ClassVar = [
            models.Index(fields=["user", "start_on"], name="portfolio_mission_user"),
            models.Index(fields=["end_on", "start_on"], name="portfolio_mission_days"),
        ]
        verbose_name = _("mission")
        verbose_name_plural = _("missions")

    def __str__(self) -> str:
        return f"{self.user_id} {self.start_on} – {self.end_on or '…'}"

    @staticmethod
    def holds_on(day: date, prefix: str = "") -> models.Q:
        """Return the condition "holds on that day"; `prefix` is the path to the mission, such as `mission__`."""
        return models.Q(**{f"{prefix}start_on__lte": day}) & (
            models.Q(**{f"{prefix}end_on__isnull": True}) | models.Q(**{f"{prefix}end_on__gte": day})
        )


class MissionProduct(ListedRow):
    """A product that a mission names. `raw_key` is what the source wrote, kept when no such product exists."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="links")
    product = models.ForeignKey("portfolio.Product", on_delete=models.CASCADE, null=True, related_name="mission_links")
    raw_key = models.CharField(max_length=200, blank=True, editable=False)

    class Meta(ListedRow.Meta):
        abstract = False
        indexes: ClassVar = [models.Index(fields=["product", "mission"], name="portfolio_missionproduct_by")]
        verbose_name = _("product of a mission")
        verbose_name_plural = _("products of missions")

    def __str__(self) -> str:
        return f"{self.mission_id} · {self.raw_key or self.product_id}"


class PersonCardQuerySet(models.QuerySet["PersonCard"]):
    """Sets of people's cards."""

    def visible_to(self, viewer: Viewer) -> "PersonCardQuerySet":
        """Return the cards of the people whom the viewer may see in a team (see `policies.can_see_in_team`)."""
        return policies.visible_cards(self, viewer)


class PersonCard(models.Model):
    """What the network publishes about a person beside their name: trade, skills, past work.

    Only people who have a card may be named on public pages, and `hide_from_public` takes them off those at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="card", verbose_name=_("person"))
    key = models.CharField(max_length=200, blank=True, editable=False)
    domain = models.CharField(_("trade"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=300, blank=True)
    skills = models.JSONField(_("skills"), default=list, blank=True)
    member_type = models.CharField(_("kind of member"), max_length=60, blank=True)
    previously = models.JSONField(default=list, blank=True, editable=False)
    startups_old = models.JSONField(default=list, blank=True, editable=False)
    link = WebAddressField(_("website"))
    github = models.CharField(_("GitHub account"), max_length=100, blank=True)
    bio = models.TextField(_("about me"), blank=True, max_length=20_000)
    avatar = models.CharField(max_length=500, blank=True, editable=False)
    hide_from_public = models.BooleanField(
        _("do not name me on public pages"),
        default=False,
        help_text=_("People who are signed in still see you in the teams you belong to."),
    )
    extra = models.JSONField(default=dict, blank=True, editable=False)
    source = models.CharField(max_length=40, blank=True, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonCardQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["domain"], name="portfolio_card_domain"),
            models.Index(fields=["key"], name="portfolio_card_key"),
            models.Index(fields=["updated_at"], name="portfolio_card_updated"),
        ]
        verbose_name = _("card of a person")
        verbose_name_plural = _("cards of people")

    def __str__(self) -> str:
        return f"{self.user_id} {self.domain}"
