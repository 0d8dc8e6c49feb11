"""The backend that settings name as ENGINE: Django looks for `DatabaseWrapper` in a module called `base`."""

from datetime import UTC, datetime
from types import TracebackType
from typing import Any, ClassVar, Self

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as DjangoSchemaEditor
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.datetime import TimestamptzLoader


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


class MomentLoader(Loader):
    """Reads moments with the standard library: Django's own reader is in Python, and takes fifteen times as long."""

    timezone: ClassVar[Any] = UTC
    """What Django looks at, to see whether it has to put another one in our place."""

    def load(self, data: Buffer) -> datetime:
        """Return a moment in UTC, whatever zone the server writes it in."""
        try:
            found = datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # Infinity, or a year beyond 9999: the driver says which.
            found = TimestamptzLoader(self.oid, self.connection).load(data)
        return found if found.tzinfo is UTC else found.astimezone(UTC)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for how tables are changed and moments read."""

    SchemaEditorClass: Any = DatabaseSchemaEditor

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a connection of the driver that reads moments our way."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection
