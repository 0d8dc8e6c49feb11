"""The directory's Django configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _prepare_search(*, using: str, plan: list[Any], **_others: object) -> None:
    """Make the search indexes after a migration of this app; a run that migrated nothing leaves them."""
    from parvis.directory.models import Group, Organization, User  # noqa: PLC0415 - models load after this module
    from parvis.directory.models.search import prepare_search_indexes  # noqa: PLC0415 - models load after this module

    if any(migration.app_label == "directory" for migration, _backwards in plan):
        prepare_search_indexes(using, [User, Organization, Group])


class DirectoryConfig(AppConfig):
    """Who exists: people, organisations, groups."""

    name = "parvis.directory"

    def ready(self) -> None:
        """Keep the search indexes after migrations: a matter of schema, not of business flow."""
        post_migrate.connect(_prepare_search, sender=self, dispatch_uid="parvis.directory.search")
