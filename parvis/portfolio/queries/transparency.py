"""What a product publishes about itself: nine things that anyone may check.

Each item is said once here, as a condition of the database and as a reading of one product; a test holds them equal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.portfolio.models import Product


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a public service shows, or does not. `url_field` is where; an item without one has no page."""

    key: str
    label: str | Promise
    missing_label: str | Promise
    is_published: Q
    reads: Callable[[Product], bool]
    url_field: str = ""

    def url(self, product: Product) -> str:
        """Return the address where the item can be read, if there is one."""
        return str(getattr(product, self.url_field)) if self.url_field else ""


def _field(name: str) -> tuple[Q, Callable[[Product], bool]]:
    return ~Q(**{name: ""}), lambda product: bool(getattr(product, name))


def _flag(name: str) -> tuple[Q, Callable[[Product], bool]]:
    return Q(**{name: True}), lambda product: getattr(product, name) is True


_WEBSITE, _CODE, _BUDGET, _IMPACT, _QUALITY, _ACCESSIBILITY = map(
    _field, ("website", "repository", "budget_url", "impact_url", "dashlord_url", "accessibility_status")
)
_RISKS, _SECURITY = map(_flag, ("has_risk_analysis", "uses_mon_service_securise"))
_STATS = (~Q(stats_url="") | Q(has_stats=True), lambda product: bool(product.stats_url or product.has_stats))

ITEMS: Final = (
    Item("website", _("Website"), _("No website"), *_WEBSITE, "website"),
    Item("code", _("Source code"), _("No source code"), *_CODE, "repository"),
    Item("statistics", _("Statistics"), _("No statistics"), *_STATS, "stats_url"),
    Item("budget", _("Budget"), _("No budget"), *_BUDGET, "budget_url"),
    Item("impact", _("Impact"), _("No impact page"), *_IMPACT, "impact_url"),
    Item("accessibility", _("Accessibility"), _("No accessibility statement"), *_ACCESSIBILITY),
    Item("quality", _("Technical quality"), _("No technical quality board"), *_QUALITY, "dashlord_url"),
    Item("risks", _("Risk analysis"), _("No risk analysis"), *_RISKS, "risk_analysis_url"),
    Item("security", _("Security follow-up"), _("No security follow-up"), *_SECURITY),
)
BY_KEY: Final = {item.key: item for item in ITEMS}
