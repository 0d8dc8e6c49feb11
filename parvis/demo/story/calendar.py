"""Days and moments of the story, counted from today."""

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns the story's numbers of days into dates."""

    today: date

    def day(self, offset: int) -> date:
        """Return the day so many days from today."""
        return self.today + timedelta(days=offset)

    def day_or_none(self, offset: int | None) -> date | None:
        """Return the day, if there is one."""
        return None if offset is None else self.day(offset)

    def moment(self, offset: int, name: str) -> datetime:
        """Return a moment of office hours on that day, always the same for a name, and never in the future."""
        minutes = zlib.crc32(name.encode()) % 540
        return datetime.combine(self.day(min(offset, -1)), time(7, 30), UTC) + timedelta(minutes=minutes)
