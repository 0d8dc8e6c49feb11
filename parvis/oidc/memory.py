"""What each process keeps in memory, and how soon it learns of a change.

Reading clients and loading keys at each request is what makes other providers slow (33 ms to load one RSA key). So each
process keeps them, and asks at most once a second, with one small statement, whether they have changed.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

FRESH_FOR = 1.0
"""Seconds during which a process trusts its memory."""
_LONG_AGO = float("-inf")
Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Something that a process keeps, made anew when its row of `oidc_revision` changes."""

    def __init__(self, name: str, make: Callable[[], Kept]) -> None:
        self._name = name
        self._make = make
        self._kept: Kept | None = None
        self._revision = ""
        self._checked_at = _LONG_AGO
        self._lock = threading.Lock()

    def current(self) -> Kept:
        """Return what is kept; free of charge within a second of the last look."""
        kept = self._kept
        if kept is not None and time.monotonic() - self._checked_at < FRESH_FOR:
            return kept
        with self._lock:
            return self._looked_at()

    def _looked_at(self) -> Kept:
        """Look whether it changed, unless another thread just did."""
        now = time.monotonic()
        if self._kept is None or now - self._checked_at >= FRESH_FOR:
            revision = self._read()
            if self._kept is None or revision != self._revision:
                self._kept = self._make()
                self._revision = revision
            self._checked_at = now
        return self._kept

    def _read(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM oidc_revision WHERE name = %s", [self._name])
            row = cursor.fetchone()
        return row[0] if row else ""

    def forget(self) -> None:
        """Make it anew at the next question."""
        self._kept, self._checked_at = None, _LONG_AGO
