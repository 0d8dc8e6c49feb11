"""The portfolio's Django configuration."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.audit.registry import Named
from parvis.audit.tags import Tag

HOUR = 3600


def _prepare_search(*, using: str, plan: Sequence[Any] = (), **_others: object) -> None:
    """Make the search indexes after a migration of this app; what migrated nothing (`flush` too) leaves them."""
    from parvis.directory.models.search import prepare_search_indexes
    from parvis.portfolio.models import Incubator, Product

    if any(migration.app_label == "portfolio" for migration, _backwards in plan):
        prepare_search_indexes(using, [Product, Incubator])


class PortfolioConfig(AppConfig):
    """The network's incubators and products: what they are for, who makes them, where they stand, what they change."""

    name = "parvis.portfolio"

    def ready(self) -> None:
        """Declare what other parts show or run for the portfolio."""
        # The search indexes are a matter of schema, not of business flow.
        post_migrate.connect(_prepare_search, sender=self, dispatch_uid="parvis.portfolio.search")
        _declare_pages()
        _declare_words()
        _declare_people()
        _declare_import()
        _declare_jobs()
        _declare_setup()


def _declare_pages() -> None:
    from parvis.web import registry

    registry.style_sheets.append("portfolio/products.css")
    registry.main_menu.add(_("Portfolio"), "portfolio:network", icon="sparkle", order=10)


def _named(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name products for the journal."""
    from parvis.portfolio.models import Product

    found = Product.objects.filter(pk__in=list(ids)).only("key", "name", "sort_key")
    return {one.pk: Named(one.name, one.get_absolute_url()) for one in found}


def _named_committees(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name committees for the journal."""
    from parvis.portfolio.models import Committee

    found = Committee.objects.filter(pk__in=list(ids))
    return {one.pk: Named(one.title, reverse("portfolio:committee-detail", args=[one.pk])) for one in found}


def _declare_words() -> None:
    from parvis.audit import registry

    registry.resolvers |= {"portfolio.product": _named, "portfolio.committee": _named_committees}
    registry.sentences |= {
        Tag.PRODUCT_PROPOSED: _("{by} proposed to investigate {target}"),
        Tag.PRODUCT_EDITED: _("{by} changed the page of {target}"),
        Tag.DECISION_RECORDED: _("{by} recorded a decision about {target}"),
        Tag.DECISION_CORRECTED: _("{by} corrected a decision about {target}"),
        Tag.REVIEW_ASKED: _("{by} asked for a review of {target}"),
        Tag.REVIEW_ANSWERED: _("{by} answered a request about {target}"),
        Tag.COMMITTEE_SAVED: _("{by} announced or changed the committee {target}"),
        Tag.COMMITTEE_REMOVED: _("{by} cancelled the committee {target}"),
        Tag.PAPER_ADDED: _("{by} added a paper about {target}"),
        Tag.PAPER_REMOVED: _("{by} removed a paper about {target}"),
        Tag.PUBLIC_NAME_CHANGED: _("{by} chose whether public pages name {person}"),
    }


def _declare_people() -> None:
    from parvis.directory import registry
    from parvis.portfolio import personal_data
    from parvis.portfolio.views import people

    registry.person_panels.append(people.draw_products)
    registry.account_erased.append(personal_data.erase)
    registry.export_sections["portfolio"] = personal_data.export


def _declare_import() -> None:
    from parvis.directory import registry
    from parvis.portfolio.importers.betagouv.follow import follow

    registry.after_import.append(follow)


def _declare_jobs() -> None:
    from parvis.lib import periodic
    from parvis.portfolio import tasks

    periodic.register("portfolio: current phases", tasks.refresh_current_phases, every=HOUR)
    periodic.register("portfolio: links", tasks.check_links, every=HOUR / 12)
    periodic.register("portfolio: reminders", tasks.give_reminders, every=6 * HOUR)


def _declare_setup() -> None:
    from parvis.lib import setup_steps

    setup_steps.register("portfolio: registers", _fill_registers)


def _fill_registers() -> str:
    from parvis.portfolio.territories import ensure_territories
    from parvis.portfolio.vocabulary import ensure_standard_terms

    made = ensure_territories() + ensure_standard_terms()
    return f"{made} territories and words of the official lists" if made else ""
