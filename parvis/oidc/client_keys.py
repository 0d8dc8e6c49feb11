"""The public keys of applications: given by value, or fetched from their address and kept for some minutes."""

import json
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwe import encrypt_compact
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from parvis.lib import plain_json, safe_fetch
from parvis.oidc.algorithms import is_weak
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError

PublicKey = RSAKey | ECKey | OKPKey
ENCRYPTION = "A256GCM"
MOST_KEYS = 20
FRESH_FOR = 300.0
"""Seconds during which fetched keys are believed."""
RETRY_AFTER = 20.0
"""Seconds before an address is asked again, because a key was not found or nothing good came: nobody can make us hammer
an application's server by signing with unknown keys."""

UNREADABLE = "Encrypted answers are registered"
"""How a refusal begins whose reason is that nothing can be encrypted."""


class NoUsableKeyError(Exception):
    """The application has no key for this; the message is for its developer."""


def parse(given: object) -> list[PublicKey]:
    """Return the keys of a JSON Web Key Set (RFC 7517, section 5). Raises ValueError for anything but public keys."""
    if not isinstance(given, dict) or not isinstance(given.get("keys"), list) or len(given["keys"]) > MOST_KEYS:
        message = "not a JSON Web Key Set"
        raise ValueError(message)
    if any(not isinstance(key, dict) or key.get("kty") not in ("RSA", "EC", "OKP") for key in given["keys"]):
        message = "keys of another kind than RSA, EC and OKP"
        raise ValueError(message)
    if any(map(is_weak, given["keys"])):
        message = "an RSA key of less than 2048 bits"
        raise ValueError(message)
    plain_json.check(given)
    try:
        found = KeySet.import_key_set(given).keys  # type: ignore[arg-type] # its shape was looked at
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        message = "a key cannot be read"
        raise ValueError(message) from error
    if not all(isinstance(key, RSAKey | ECKey | OKPKey) and not key.is_private for key in found):
        message = "public keys only: keep the private ones"
        raise ValueError(message)
    keys = [key for key in found if isinstance(key, RSAKey | ECKey | OKPKey)]
    if not all(map(_is_sound, keys)):
        message = "a key that nothing can be encrypted for"
        raise ValueError(message)
    return keys


def _is_sound(key: PublicKey) -> bool:
    """Say whether a key is one: a modulus that no mathematics knows, or a point that leads nowhere, only looks like it.

    Whoever registered it would be told so when something has to be encrypted: once its code has been used.
    """
    if _only_signs(key):
        return True
    alg = "RSA-OAEP-256" if isinstance(key, RSAKey) else "ECDH-ES"
    told = {name: value for name, value in key.as_dict(private=False).items() if name not in {"use", "alg", "key_ops"}}
    try:
        encrypt_compact({"alg": alg, "enc": ENCRYPTION}, "", type(key).import_key(told), algorithms=[alg, ENCRYPTION])
    except (JoseError, ValueError):
        return False
    return True


def candidates(client: RegisteredClient, kid: str, kinds: tuple[type[PublicKey], ...], use: str) -> list[PublicKey]:
    """Return the keys that may be meant, in their order. Raises NoUsableKeyError."""
    for may_be_old in (True, False):
        found = [key for key in _keys(client, may_be_old=may_be_old) if _fits(key, kid, kinds, use)]
        if found:
            return found
    raise NoUsableKeyError("None of the registered public keys fits.")


def encryption_key(client: RegisteredClient, alg: str) -> PublicKey:
    """Return the key for what is encrypted for an application (RFC 7518, section 4.1): one meant for it goes first.

    Without one, nothing is said in the clear: the application is told what it lacks. Raises ProtocolError.
    """
    kinds: tuple[type[PublicKey], ...] = (ECKey, OKPKey) if alg == "ECDH-ES" else (RSAKey,)
    try:
        found = candidates(client, "", kinds, "enc")
    except NoUsableKeyError as error:
        raise _unreadable(alg, str(error)) from error
    able = [key for key in found if _can_encrypt(key, alg)]
    if not able:
        raise _unreadable(alg, f"None of the registered public keys is for {alg}.")
    return min(able, key=lambda key: key.get("use") != "enc")


def _unreadable(alg: str, reason: str) -> ProtocolError:
    return ProtocolError("invalid_client", f"{UNREADABLE} ({alg}): {reason}"[:200])


def encrypted(client: RegisteredClient, alg: str, text: str, *, is_jwt: bool = True) -> str:
    """Return a text as the application wants it: encrypted when it registered an algorithm for that.

    A JWT is signed first (RFC 7519, section 11.2). Raises ProtocolError.
    """
    if not alg:
        return text
    key = encryption_key(client, alg)
    header: dict[str, Any] = {"alg": alg, "enc": ENCRYPTION}
    header |= ({"cty": "JWT"} if is_jwt else {}) | ({"kid": key.kid} if key.kid else {})
    return encrypt_compact(header, text, key, algorithms=[alg, ENCRYPTION])


def _can_encrypt(key: PublicKey, alg: str) -> bool:
    """Leave out keys of another algorithm, and those that only sign."""
    return key.get("alg") in {None, alg} and not _only_signs(key)


def _only_signs(key: PublicKey) -> bool:
    """Say whether a key is on an Edwards curve (RFC 8037, section 3)."""
    return str(key.get("crv")).startswith("Ed")


def _fits(key: PublicKey, kid: str, kinds: tuple[type[PublicKey], ...], use: str) -> bool:
    declared = key.get("use")
    return isinstance(key, kinds) and declared in (None, use) and (not kid or key.kid in {None, kid})


def _keys(client: RegisteredClient, *, may_be_old: bool) -> list[PublicKey]:
    if client.jwks_uri:
        return _fetched.of(client.jwks_uri, may_be_old=may_be_old)
    return _by_value(client.jwks) if client.jwks else []


@lru_cache(maxsize=1000)
def _by_value(jwks: str) -> list[PublicKey]:
    return parse(json.loads(jwks))


# --- By address -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Answer:
    keys: list[PublicKey]
    at: float


class _Fetched:
    """What the addresses gave, kept per process."""

    def __init__(self) -> None:
        self._answers: dict[str, _Answer] = {}
        self._lock = threading.Lock()

    def of(self, uri: str, *, may_be_old: bool) -> list[PublicKey]:
        """Return the keys at an address, asked at most every RETRY_AFTER seconds, whatever it answers."""
        kept, now = self._answers.get(uri), time.monotonic()
        if kept and now - kept.at < (FRESH_FOR if may_be_old and kept.keys else RETRY_AFTER):
            return kept.keys
        with self._lock:
            if len(self._answers) >= 1000:  # noqa: PLR2004 - as many as by value
                self._answers = {}
            # Set before asking: what takes long or fails is not asked again by everybody meanwhile.
            self._answers[uri] = _Answer(kept.keys if kept else [], now)
        try:
            body = safe_fetch.get(uri, may_be_loopback=settings.IS_DEVELOPMENT)
            found = parse(json.loads(body))
        except (safe_fetch.FetchError, ValueError, RecursionError) as error:
            raise NoUsableKeyError(f"The keys at jwks_uri cannot be had: {error}."[:200]) from error
        self._answers[uri] = _Answer(found, now)
        return found

    def forget(self) -> None:
        """Ask every address anew."""
        self._answers = {}


_fetched = _Fetched()


def forget() -> None:
    """Drop what this process fetched."""
    _fetched.forget()
