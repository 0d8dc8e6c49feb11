"""The portfolio's Django configuration."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

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
        _declare_import()
        _declare_jobs()


def _declare_pages() -> None:
    from parvis.web import registry

    registry.style_sheets.append("portfolio/products.css")
    registry.main_menu.add(_("Products"), "portfolio:explore", icon="sparkle", order=10)


def _declare_import() -> None:
    from parvis.directory import registry
    from parvis.portfolio.importers.betagouv.follow import follow

    registry.after_import.append(follow)


def _declare_jobs() -> None:
    from parvis.lib import periodic
    from parvis.portfolio import tasks

    periodic.register("portfolio: current phases", tasks.refresh_current_phases, every=HOUR)
