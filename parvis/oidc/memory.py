"""What each process keeps in memory, and how soon it learns of a change.

Reading clients and loading keys at each request is what makes other providers slow (33 ms to load one RSA key). So each
process keeps them, and asks at most once a second, with one small statement, whether they have changed.
"""

import time

from django.db import connection

FRESH_FOR = 1.0
"""Seconds during which a process trusts its memory."""


class Watch:
    """Follows one row of `oidc_revision`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._value: str | None = None
        self._checked_at = float("-inf")

    def has_changed(self) -> bool:
        """Say whether the thing changed since it was last asked; free of charge within a second of the last look."""
        now = time.monotonic()
        if now - self._checked_at < FRESH_FOR:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM oidc_revision WHERE name = %s", [self._name])
            row = cursor.fetchone()
        value = row[0] if row else ""
        changed = value != self._value
        self._value = value
        self._checked_at = now
        return changed

    def forget(self) -> None:
        """Look again at the next question, and call it a change."""
        self._value, self._checked_at = None, float("-inf")
