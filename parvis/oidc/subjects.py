"""Under which identifier an application knows a person (OpenID Connect Core 1.0, section 8).

Most know everybody by the identifier of their account. Those of a sector, with pairwise identifiers, know another one
that no other sector can connect with it: the account's identifier as one block of AES-256, under a key that is the
sector's alone (section 8.1 names this way). Nothing is stored, two people never share an identifier, and it can be read
back when an application hands it to us.

The key comes from the installation's secret. It must not change with it: applications would take everybody for somebody
new. So PARVIS_SUBJECT_SECRET holds the former secret when the other one has to be replaced.
"""

from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from django.conf import settings

from parvis.lib import derived_keys
from parvis.oidc.clients import RegisteredClient


def subject_of(client: RegisteredClient, user_id: UUID) -> str:
    """Return the `sub` of a person for an application."""
    return str(UUID(bytes=_permuted(_cipher(_people(client)), user_id.bytes)) if client.sector else user_id)


def person_of(client: RegisteredClient, subject: str) -> UUID | None:
    """Return whose `sub` this would be; None when it can be nobody's."""
    given = _uuid(subject)
    if given is None or not client.sector:
        return given
    return UUID(bytes=_permuted(_cipher(_people(client)), given.bytes, is_back=True))


def sid_of(client: RegisteredClient, sid: UUID) -> str:
    """Return the name of a browser's session for an application: one that two sectors knew would connect them."""
    return str(UUID(bytes=_permuted(_cipher(_sessions(client)), sid.bytes)) if client.sector else sid)


def session_of(client: RegisteredClient, named: str) -> UUID | None:
    """Return the session that an application names so; None when it can be none."""
    given = _uuid(named)
    if given is None or not client.sector:
        return given
    return UUID(bytes=_permuted(_cipher(_sessions(client)), given.bytes, is_back=True))


def _people(client: RegisteredClient) -> str:
    return f"people {client.sector}"


def _sessions(client: RegisteredClient) -> str:
    """Sessions are named anew for each application: `sid` is unique for one party only (Back-Channel Logout, 2.1)."""
    return f"sessions {client.pk}"


def _uuid(given: str) -> UUID | None:
    try:
        found = UUID(given)
    except ValueError:
        return None
    return found if str(found) == given else None


def _permuted(cipher: Cipher[ECB], block: bytes, *, is_back: bool = False) -> bytes:
    worker = cipher.decryptor() if is_back else cipher.encryptor()
    return worker.update(block) + worker.finalize()


def _cipher(purpose: str) -> Cipher[ECB]:
    return _derived(settings.SUBJECT_SECRET or settings.KEY_SECRET or settings.SECRET_KEY, purpose)


@lru_cache(maxsize=5_000)
def _derived(secret: str, purpose: str) -> Cipher[ECB]:
    key = derived_keys.derive(f"oidc.subjects {purpose}", secret=secret)
    # One block, a key for each sector: a permutation of identifiers. ECB's weakness, equal blocks, is the purpose here.
    return Cipher(AES256(key), ECB())  # noqa: S305 - see above
