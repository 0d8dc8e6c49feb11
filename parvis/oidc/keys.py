"""The key ring of a process: which key signs now, and which ones applications are shown."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import deserialize_compact, extract_compact

from parvis.oidc import algorithms
from parvis.oidc.algorithms import REGISTRY, KeyPair
from parvis.oidc.memory import Memory
from parvis.oidc.models import Revision, SigningKey
from parvis.oidc.signatures import Signer

_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FOREVER = datetime.max.replace(tzinfo=UTC)


class NoSigningKeyError(RuntimeError):
    """No key signs with this algorithm now: `parvis setup` makes the first ones, an application's wish the others."""


@dataclass(frozen=True, slots=True)
class LoadedKey:
    """A key ready to sign, with the dates that decide whether it does."""

    kid: str
    alg: str
    pair: KeyPair
    signer: Signer
    signs_from: datetime
    retires_at: datetime
    removed_at: datetime

    def signs_at(self, now: datetime) -> bool:
        """Say whether it signs."""
        return self.signs_from <= now < self.retires_at

    def is_published_at(self, now: datetime) -> bool:
        """Say whether applications are shown it."""
        return now < self.removed_at


class KeyRing:
    """The keys that this process has loaded; loading an RSA key costs milliseconds, so each is loaded once."""

    def __init__(self, keys: list[LoadedKey]) -> None:
        self.keys = keys
        self._until = datetime.min.replace(tzinfo=UTC)
        self._signers: dict[str, LoadedKey] = {}
        self._jwks = b""

    def _refresh(self, now: datetime) -> None:
        """Work out who signs and who is shown, until the next date that changes it."""
        if now < self._until:
            return
        in_order = sorted(self.keys, key=lambda key: key.signs_from)
        # When the clock was put back, the first key signs: a wrong clock must not stop every sign-in.
        first = {key.alg: key for key in reversed(in_order)}
        self._signers = first | {key.alg: key for key in in_order if key.signs_at(now)}
        shown = [key.pair.as_dict(private=False) for key in self.keys if key.is_published_at(now)]
        self._jwks = json.dumps({"keys": shown}, separators=(",", ":")).encode()
        dates = [date for key in self.keys for date in (key.signs_from, key.retires_at, key.removed_at)]
        self._until = min((date for date in dates if date > now), default=_FOREVER)

    def signing_key(self, alg: str) -> LoadedKey:
        """Return the key that signs with this algorithm now, the newest when there are two."""
        self._refresh(datetime.now(UTC))
        try:
            return self._signers[alg]
        except KeyError:
            raise NoSigningKeyError(alg) from None

    def shown(self, kid: str) -> LoadedKey | None:
        """Return a key that applications are shown, by its identifier."""
        now = datetime.now(UTC)
        return next((key for key in self.keys if key.kid == kid and key.is_published_at(now)), None)

    def jwks(self) -> bytes:
        """Return the public keys as a JSON Web Key Set (RFC 7517, section 5)."""
        self._refresh(datetime.now(UTC))
        return self._jwks


_loaded: dict[str, KeyPair] = {}
_memory = Memory(Revision.KEYS, lambda: KeyRing([_load(row) for row in SigningKey.objects.published()]))


def ring() -> KeyRing:
    """Return the key ring, read again when a key was added or changed."""
    return _memory.current()


def forget() -> None:
    """Drop what this process remembers of dates; loaded keys stay, by their kid."""
    _memory.forget()


def _load(row: SigningKey) -> LoadedKey:
    pair = _pair(row)
    return LoadedKey(
        kid=row.kid,
        alg=row.alg,
        pair=pair,
        signer=Signer(row.alg, row.kid, pair.private_key),
        signs_from=row.signs_from,
        retires_at=row.retires_at or _FOREVER,
        removed_at=row.removed_at or _FOREVER,
    )


def _pair(row: SigningKey) -> KeyPair:
    """Return the key pair, loaded once."""
    if row.kid not in _loaded:
        _loaded[row.kid] = algorithms.load(row.alg, row.kid, row.pem)
    return _loaded[row.kid]


def sign(alg: str, payload: dict[str, object], *, typ: str = "JWT") -> str:
    """Return a JWT, signed by the key that signs with this algorithm now. Raises NoSigningKeyError."""
    return ring().signing_key(alg).signer.jwt(payload, typ)


def verify_live(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the header and claims of a JWT that one of the shown keys signed; None for anything else. Reads no row."""
    try:
        found = extract_compact(token.encode("ascii"))
        key = ring().shown(str(found.headers().get("kid", "")))
        if key is None or found.headers().get("alg") != key.alg:
            return None
        claims = json.loads(deserialize_compact(token, key.pair, registry=REGISTRY).payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
    return (found.headers(), claims) if isinstance(claims, dict) else None


def read_id_token(token: str) -> dict[str, Any] | None:
    """Return the claims of an ID token of ours, expired or not; None for anything else.

    Keys that were removed are known here for as long as their row lives: an application may sign a person out with an
    ID token of last week. Whatever else the keys sign (signed answers, userinfo, logout tokens, access tokens) is no
    proof of a sign-in: it has a type of its own, or does not say when anybody signed in (RFC 8725, section 3.12).
    """
    try:
        header = extract_compact(token.encode("ascii")).headers()
        kid = str(header.get("kid", ""))
        # A thumbprint (RFC 7638) is 43 characters of base64url; JSON can also write a NUL, which PostgreSQL refuses.
        row = SigningKey.objects.filter(kid=kid).first() if _KID.fullmatch(kid) else None
        if row is None or row.is_distrusted or header.get("alg") != row.alg or header.get("typ") != "JWT":
            return None
        claims = json.loads(deserialize_compact(token, _pair(row), registry=REGISTRY).payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
    return claims if isinstance(claims, dict) and {"sub", "auth_time"} <= claims.keys() else None
