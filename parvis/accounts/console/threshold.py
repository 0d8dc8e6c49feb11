"""Whether the operator console is open in a session: opened by a button, closed by itself when it is not used."""

import time

from django.contrib.sessions.backends.base import SessionBase

SEEN_AT = "console_seen_at"
"""Session key: when the console was last used in this session."""
IDLE = 900
"""Seconds without use after which the console closes; opening it again takes a fresh confirmation."""
NOTED_EVERY = 60


def is_open(session: SessionBase) -> bool:
    """Say whether the console is open, and note that it is in use."""
    now = time.time()
    idle = now - session.get(SEEN_AT, 0)
    if idle > IDLE:
        return False
    if idle > NOTED_EVERY:
        session[SEEN_AT] = now
    return True


def open_in(session: SessionBase) -> None:
    """Open the console in a session."""
    session[SEEN_AT] = time.time()


def close_in(session: SessionBase) -> None:
    """Close the console in a session, which goes on."""
    session.pop(SEEN_AT, None)
