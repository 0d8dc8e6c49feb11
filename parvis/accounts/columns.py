"""What raw statements return, made the same on both databases."""

from datetime import UTC, datetime
from uuid import UUID


def uuid(value: UUID | str) -> UUID:
    """Return an identifier: SQLite gives its hexadecimal digits."""
    return value if isinstance(value, UUID) else UUID(value)


def moment(value: datetime | str) -> datetime:
    """Return a moment: SQLite gives it in UTC without saying so, sometimes as ISO text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
