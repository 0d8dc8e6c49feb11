"""The backend that settings name as ENGINE: Django looks for `DatabaseWrapper` in a module called `base`."""

from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

KEPT = 1000
"""Statements that a process keeps rewritten; it has a few hundred, and those of bulk writes by their number of rows."""
LONGEST = 10_000
"""Characters of a statement that is kept: bulk writes are longer, and never the same."""


def _rewritten(statement: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", statement)).replace("%%", "%")


_kept = lru_cache(KEPT)(_rewritten)


class Cursor(base.SQLiteCursorWrapper):
    """Django's, with a memory: its regular expression read each statement anew, for a quarter of what userinfo took."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Return the statement with the driver's own placeholders."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))  # type: ignore[misc] # no stub has it
        return _kept(query) if len(query) <= LONGEST else _rewritten(query)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for its cursors."""

    def create_cursor(self, name: str | None = None) -> Cursor:  # noqa: ARG002 - only other databases name cursors
        """Return a cursor of ours."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor
