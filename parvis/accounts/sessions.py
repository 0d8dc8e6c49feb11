"""The session engine: Django's database sessions, with only the digest of the key in the table."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from parvis.accounts.models import Session


def digest(session_key: str) -> str:
    """Return what the table keeps of a session key: its SHA-256, in 64 hexadecimal characters."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(DatabaseSessionStore):
    """Sessions in the table `accounts_session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the rows."""
        return Session
