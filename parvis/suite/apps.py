"""The suite's Django configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def _prepare_search(*, using: str, plan: list[Any], **_others: object) -> None:
    """Make the search index after a migration of this app; a run that migrated nothing leaves it."""
    from parvis.directory.models.search import prepare_search_indexes
    from parvis.suite.models import Application

    if any(migration.app_label == "suite" for migration, _backwards in plan):
        prepare_search_indexes(using, [Application])


class SuiteConfig(AppConfig):
    """The catalogue of applications and the menu that leads to them."""

    name = "parvis.suite"

    def ready(self) -> None:
        """Put the launcher in the header and the catalogue in the menus."""
        from parvis.suite import launcher
        from parvis.web import registry

        registry.style_sheets.append("suite/suite.css")
        registry.header_panels.add("launcher", launcher.draw, order=20)
        registry.main_menu.add(_("Applications"), "suite:application-list", icon="grid", order=40)
        post_migrate.connect(_prepare_search, sender=self, dispatch_uid="parvis.suite.search")
