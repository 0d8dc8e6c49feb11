"""Incubators: where products are born, looked after and judged."""

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Group, Organization
from parvis.directory.models.search import Searchable, SearchableQuerySet
from parvis.lib.ids import uuid7
from parvis.lib.text import fold, one_line
from parvis.portfolio import policies
from parvis.portfolio.models.base import WebAddressField
from parvis.portfolio.models.keys import MAX_LENGTH, validate_key
from parvis.portfolio.policies import Viewer


class IncubatorQuerySet(SearchableQuerySet["Incubator"]):
    """Sets of incubators."""

    def visible_to(self, viewer: Viewer) -> "IncubatorQuerySet":
        """Return the incubators whose page and name the viewer may read (see `policies.can_see_incubator`)."""
        return policies.visible_incubators(self, viewer)

    def managed_by(self, user: Viewer) -> "IncubatorQuerySet":
        """Return the incubators that the person looks after (see `policies.can_manage_incubator`)."""
        return policies.managed_incubators(self, user)

    def with_key(self, key: str) -> Self:
        """Return the incubator of that key."""
        return self.filter(key=key)


class Incubator(Searchable):
    """A place that starts and grows products. Its people are a group of the directory, above its products' teams."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(_("address on the site"), max_length=MAX_LENGTH, unique=True, validators=[validate_key])
    name = models.CharField(_("name"), max_length=250)
    group = models.OneToOneField(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="incubator", verbose_name=_("group")
    )
    owner = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="incubators",
        verbose_name=_("organisation it belongs to"),
    )
    owner_raw = models.CharField(max_length=200, blank=True, editable=False)
    contact = models.CharField(_("shared mailbox"), max_length=254, blank=True)
    website = WebAddressField(_("website"))
    github = WebAddressField(_("code"))
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    logo = models.CharField(_("picture of the source"), max_length=500, blank=True, editable=False)
    short_description = models.TextField(_("in one sentence"), blank=True, max_length=2000)
    description = models.TextField(_("description"), blank=True, max_length=50_000)
    is_hidden = models.BooleanField(
        _("hidden"), default=False, help_text=_("It has no page and is named nowhere; its products stay public.")
    )
    highlighted = models.JSONField(_("products put forward"), default=list, blank=True)
    redirect_from = models.JSONField(default=list, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = IncubatorQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="portfolio_incubator_sort")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(key=""), name="portfolio_incubator_has_key"),
        ]
        verbose_name = _("incubator")
        verbose_name_plural = _("incubators")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put the name on one line."""
        self.name = one_line(self.name)

    def searchable_text(self) -> str:
        """Return the name, and the key for those who know it by that."""
        return f"{self.name} {self.key} {self.short_description}"

    def sorting_text(self) -> str:
        """Return the folded name."""
        return fold(self.name)

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("portfolio:incubator-detail", args=[self.key])
