"""Identifiers that sort by time of creation: UUID version 7."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562, section 5.7)."""
    value = int.from_bytes(os.urandom(10), "big")
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (value >> 68 & 0xFFF) << 64 | 0b10 << 62
    return uuid.UUID(int=number | value & 0x3FFF_FFFF_FFFF_FFFF)
