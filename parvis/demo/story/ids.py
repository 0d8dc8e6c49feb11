"""Identifiers that are the same on every machine: UUIDv7 in shape, derived from a name instead of chance."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

_BEGINNING = datetime(2026, 1, 5, 8, tzinfo=UTC)


def named(kind: str, name: str, at: datetime = _BEGINNING) -> UUID:
    """Return the identifier of something of a kind; those of later moments sort later (RFC 9562, section 5.7)."""
    value = int.from_bytes(hashlib.sha256(f"parvis.demo:{kind}:{name}".encode()).digest()[:10], "big")
    milliseconds = int(at.timestamp() * 1000)
    number = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (value >> 68 & 0xFFF) << 64 | 0b10 << 62
    return UUID(int=number | value & 0x3FFF_FFFF_FFFF_FFFF)
