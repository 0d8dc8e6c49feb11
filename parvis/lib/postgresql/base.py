"""The backend that settings name as ENGINE: Django looks for `DatabaseWrapper` in a module called `base`."""

from types import TracebackType
from typing import Any, Self

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as DjangoSchemaEditor


class DatabaseSchemaEditor(DjangoSchemaEditor):
    """Sends changes of tables as plain text: some are two commands in one, which PostgreSQL cannot prepare."""

    def __enter__(self) -> Self:
        """Stop preparing."""
        self.connection.ensure_connection()
        self._threshold = self.connection.connection.prepare_threshold
        self.connection.connection.prepare_threshold = None
        return super().__enter__()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Prepare again."""
        try:
            super().__exit__(exc_type, exc_value, traceback)
        finally:
            if self.connection.connection is not None:
                self.connection.connection.prepare_threshold = self._threshold


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for how tables are changed."""

    SchemaEditorClass: Any = DatabaseSchemaEditor
