"""Committees as a calendar (RFC 5545): the day and the title, as they are announced to everybody."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from parvis import __version__
from parvis.opendata import addresses
from parvis.portfolio.models import Committee

CONTENT_TYPE = "text/calendar; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
_WIDTH = 75


def calendar(committees: Iterable[Committee], *, name: str) -> str:
    """Return a calendar of whole days; an event keeps its identifier when its day moves."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Parvis//Parvis {__version__}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for committee in committees:
        lines += _event(committee)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(committee: Committee) -> list[str]:
    host = urlsplit(settings.ISSUER).hostname
    return [
        "BEGIN:VEVENT",
        f"UID:{committee.pk}@{host}",
        f"DTSTAMP:{committee.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{committee.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{committee.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{committee.title} – {committee.incubator.name}')}",
        f"URL:{addresses.incubator_page(committee.incubator)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character (section 3.1)."""
    parts: list[str] = []
    current, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _WIDTH:
            parts.append(current)
            current, size = " ", 1
        current, size = current + char, size + width
    return "\r\n".join([*parts, current])
