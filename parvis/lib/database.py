"""What the database holds, compared with what this version needs."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_migrated: set[str] = set()
"""Databases once seen fully migrated by this process: its code does not change, so the answer stays true."""


def pending_migrations() -> list[str]:
    """Return the names of the migrations that the database lacks. Raises DatabaseError when it does not answer."""
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        _migrated.add(name)
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
