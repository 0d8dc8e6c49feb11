"""Identifiers that sort by time of creation: UUID version 7."""

import os
import time
import uuid
from datetime import datetime

_MILLISECOND = 1_000_000


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, 12 of the millisecond's fraction, then 62 random bits.

    The fraction (RFC 9562, section 6.2, method 3) keeps what one process makes within a millisecond in order, so that
    the journal tells a group's creation before its first member.
    """
    milliseconds, rest = divmod(time.time_ns(), _MILLISECOND)
    fraction = (rest << 12) // _MILLISECOND
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=(milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)


def first_of(moment: datetime) -> uuid.UUID:
    """Return the lowest UUIDv7 of a moment: a primary key ordered by time needs no index beside it."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
