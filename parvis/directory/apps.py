"""The directory's Django configuration."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from parvis.lib import periodic

HOUR = 3600


def _prepare_search(*, using: str, plan: Sequence[Any] = (), **_others: object) -> None:
    """Make the search indexes after a migration of this app; what migrated nothing (`flush` too) leaves them."""
    from parvis.directory.models import Group, Organization, User
    from parvis.directory.models.search import prepare_search_indexes

    if any(migration.app_label == "directory" for migration, _backwards in plan):
        prepare_search_indexes(using, [User, Organization, Group])


class DirectoryConfig(AppConfig):
    """Who exists: people, organisations, groups."""

    name = "parvis.directory"

    def ready(self) -> None:
        """Declare what other parts show or run for the directory."""
        # The search indexes are a matter of schema, not of business flow.
        post_migrate.connect(_prepare_search, sender=self, dispatch_uid="parvis.directory.search")
        _declare_menus()
        _declare_names()
        _declare_jobs()


def _declare_menus() -> None:
    from parvis.web import registry

    registry.main_menu.add(_("People"), "directory:person-list", icon="people", order=20, shown_to=registry.signed_in)
    registry.main_menu.add(_("Organisations"), "directory:organization-list", icon="building", order=30)
    registry.main_menu.add(_("Groups"), "directory:group-list", icon="group", order=40)
    registry.account_menu.add(_("My card"), "directory:my-card", icon="person", order=10, shown_to=registry.signed_in)
    registry.account_menu.add(_("My data"), "directory:my-data", icon="download", order=60, shown_to=registry.signed_in)


def _declare_names() -> None:
    from parvis.audit import registry
    from parvis.directory import names

    registry.resolvers |= {
        "directory.user": names.people,
        "directory.organization": names.organizations,
        "directory.group": names.groups,
    }


def _declare_jobs() -> None:
    from parvis.directory import tasks

    periodic.register("directory: memberships", tasks.end_and_warn_memberships, every=HOUR)
    periodic.register("directory: invitations", tasks.purge_expired_invitations, every=24 * HOUR)
