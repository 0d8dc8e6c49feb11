"""What raw statements return, in the types of Python whatever the database."""

import json
from datetime import UTC, datetime
from uuid import UUID


def as_uuid(value: UUID | str) -> UUID:
    """Return an identifier: SQLite gives its hexadecimal digits."""
    return value if isinstance(value, UUID) else UUID(value)


def as_moment(value: datetime | str) -> datetime:
    """Return a moment: SQLite gives it in UTC without saying so, sometimes as ISO text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def as_list(value: list[str] | str) -> list[str]:
    """Return a JSON list: SQLite and psycopg's raw cursor give its text."""
    return json.loads(value) if isinstance(value, str) else value
