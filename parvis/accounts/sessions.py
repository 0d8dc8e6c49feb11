"""The session engine: the cookie holds a random key, the table only its digest, and each rise of privilege changes it.

What names the session outside (`sid`) and what proves the person (`auth_time`, `amr`) are columns of the row, so that
the OpenID provider reads all that it needs with one statement of its own (`parvis.oidc.store.sql.SESSION`). A session
lasts a fixed time from its sign-in; using it does not make it last longer.
"""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from parvis.accounts import assurance, registry
from parvis.accounts.models import Session
from parvis.directory.models import User

ANONYMOUS_AGE = timedelta(hours=1)
"""How long a visitor who has not signed in yet keeps the code they asked for, and the like, from their last step."""
PROOFS = "proofs"
"""Session key: when each method was last used in this session, as {method: Unix time}."""
_BATCH = 200
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_KEY = re.compile(r"[a-z0-9]{32}")


def digest(session_key: str) -> str:
    """Return what the table keeps of a session key: its SHA-256, in 64 hexadecimal characters."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def is_well_formed(session_key: object) -> bool:
    """Say whether this can be one of our keys; a forged cookie that cannot costs no query."""
    return isinstance(session_key, str) and _KEY.fullmatch(session_key) is not None


class SessionStore(SessionBase):
    """The session of a request. `row` is what the table says; `person` is who is signed in."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None

    def _validate_session_key(self, key: object) -> bool:
        return is_well_formed(key)

    # --- What the session says ----------------------------------------------------------------------------------------
    @property
    def person(self) -> User | None:
        """Return the active person who is signed in, read by the same statement as the session itself."""
        self.get(SESSION_KEY)
        user = self.row.user if self.row is not None else None
        return user if user is not None and user.is_active else None

    @property
    def sid(self) -> UUID | None:
        """Return the session's name outside; a visitor's has none."""
        return self.row.sid if self.person is not None and self.row is not None else None

    @property
    def proofs(self) -> dict[str, float]:
        """Return when each method was last used in this session, as Unix times."""
        return cast("dict[str, float]", self.get(PROOFS) or {})

    # --- Reading and writing ------------------------------------------------------------------------------------------
    def load(self) -> dict[str, Any]:
        """Read the row and its person with one statement; an unknown or expired key is forgotten."""
        self.row = Session.objects.live().select_related("user").filter(pk=digest(str(self.session_key))).first()
        if self.row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = json.loads(self.row.session_data)
        return data

    def exists(self, session_key: str) -> bool:
        """Say whether a key is in use."""
        return Session.objects.filter(pk=digest(session_key)).exists()

    def create(self) -> None:
        """Insert an empty session under a new key; 165 random bits do not meet, so none is looked for."""
        self._session_key = get_random_string(32, _ALPHABET)
        self._session_cache: dict[str, Any] = {}
        self.row = None
        self._insert({})
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        """Write the session. Raises UpdateError when it was ended meanwhile: it must not come back to life."""
        data = dict(self.items())
        if self.session_key is None or must_create:
            self._session_key = self.session_key or get_random_string(32, _ALPHABET)
            self._insert(data)
            return
        row = self._row_for(data)
        changed = Session.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in _WRITTEN})
        if not changed:
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row of this key, of this session by default."""
        if key := session_key or self.session_key:
            Session.objects.filter(pk=digest(key)).delete()

    def flush(self) -> None:
        """End the session, and forget it here."""
        self.end()

    def end(self) -> bool:
        """End the session and say whether this did: of several requests at once, one.

        Those who registered are told in the same transaction; the key is worth nothing more.
        """
        self.get(SESSION_KEY)
        row, key = self.row, self.session_key
        with transaction.atomic():
            ended = key is not None and bool(Session.objects.filter(pk=digest(key)).delete()[0])
            if ended and row is not None and row.user_id is not None:
                registry.tell_session_end([registry.EndedSession(row.sid, row.user_id)])
        self.clear()
        self._session_key = None
        self.row = None
        return ended

    def cycle_key(self) -> None:
        """Give the session a new key at once; the row, its `sid` and its content stay."""
        data = dict(self.items())
        old = self.session_key
        self._session_key = get_random_string(32, _ALPHABET)
        if self.row is None or old is None:
            self._insert(data)
        else:
            self.row.pk = digest(str(self.session_key))
            if not Session.objects.filter(pk=digest(old)).update(session_key=self.row.pk):
                raise UpdateError
        self.modified = True

    @classmethod
    def clear_expired(cls) -> None:
        """End the sessions that have reached their end, as Django's own command would."""
        cls.end_expired()

    @classmethod
    def end_expired(cls) -> int:
        """End the sessions that have reached their end, and tell those who registered; return how many ended.

        A few at a time, so that no lock is held for long; two processes at once do not find the same ones.
        """
        number = 0
        while ended := cls._end_some():
            number += ended
        return number

    @classmethod
    @transaction.atomic
    def _end_some(cls) -> int:
        over = Session.objects.select_for_update().filter(expire_date__lte=timezone.now()).order_by("pk")
        rows = list(over.only("pk", "sid", "user_id")[:_BATCH])
        Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
        registry.tell_session_end(
            registry.EndedSession(row.sid, row.user_id) for row in rows if row.user_id is not None
        )
        return len(rows)

    # --- Its length ---------------------------------------------------------------------------------------------------
    def get_expiry_date(self, **_kwargs: Any) -> datetime:
        """Return when the row expires: counted from the sign-in, whatever was done since."""
        return self.row.expire_date if self.row is not None else timezone.now() + ANONYMOUS_AGE

    def get_expiry_age(self, **_kwargs: Any) -> int:
        """Return how many seconds the cookie has to live."""
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    # --- Rising -------------------------------------------------------------------------------------------------------
    def sign_in(self, user: User, proofs: dict[str, float], *, ip_address: str, user_agent: str) -> None:
        """Make this the session of a person, under a new key and with nothing of what a visitor had put in it.

        The same person proving anew who they are keeps their session and its `sid`; somebody else's ends first.
        """
        if self.person is not None and self.person.pk != user.pk:
            self.flush()
        is_new = self.person is None
        self.cycle_key()
        if is_new:
            self.clear()
        self[SESSION_KEY] = str(user.pk)
        self[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        self[HASH_SESSION_KEY] = user.get_session_auth_hash()
        self[PROOFS] = proofs
        row = self._row_for(dict(self.items()))
        row.user, row.ip_address, row.user_agent = user, ip_address or None, user_agent[:300]
        row.expire_date = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        self.save()

    def prove(self, methods: dict[str, float]) -> None:
        """Add proofs to a signed-in session, under a new key."""
        self.cycle_key()
        self[PROOFS] = self.proofs | methods
        self.save()

    def act_for(self, organization_id: UUID) -> None:
        """Remember for which organisation the person acts, under a new key."""
        self.cycle_key()
        row = self._row_for(dict(self.items()))
        row.organization_id = organization_id
        self.save()

    # --- Columns ------------------------------------------------------------------------------------------------------
    def _insert(self, data: dict[str, Any]) -> None:
        row = self._row_for(data)
        row.save(force_insert=True)

    def _row_for(self, data: dict[str, Any]) -> Session:
        """Return the row with its columns derived from the session's content."""
        row = self.row = self.row or Session(expire_date=timezone.now() + ANONYMOUS_AGE)
        row.pk = digest(str(self.session_key))
        user_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        if user_id is None:
            row.expire_date = timezone.now() + ANONYMOUS_AGE
        else:
            # Whoever signs in by Django's own function has proven a mailbox, as far as we know.
            proofs = data.setdefault(PROOFS, {assurance.MAIL: timezone.now().timestamp()})
            row.auth_time = datetime.fromtimestamp(max(proofs.values()), UTC)
            row.amr = assurance.amr(proofs)
            if row.user_id != user_id:
                row.expire_date = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
                row.created_at = row.last_seen_at = timezone.now()
        if row.user_id != user_id:
            row.user_id = user_id
        row.session_data = json.dumps(data, separators=(",", ":"))
        return row


_WRITTEN = (
    "session_data",
    "expire_date",
    "user_id",
    "organization_id",
    "auth_time",
    "amr",
    "user_agent",
    "ip_address",
    "created_at",
    "last_seen_at",
)
