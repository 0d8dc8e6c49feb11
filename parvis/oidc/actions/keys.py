"""The life of signing keys: made, published, signing, retired, removed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.oidc import algorithms, keys
from parvis.oidc.models import SigningKey

LEAD = timedelta(hours=2)
"""A new key is shown this long before it signs: longer than anyone keeps our key set (its answers live 5 minutes)."""
TAIL = timedelta(hours=24)
"""A key is shown this long after it has retired: longer than anything that it signed lives (an hour)."""
AGE = timedelta(days=90)
"""A key that has signed for so long is replaced."""


def create_first_keys() -> str:
    """Make the keys that every installation has; nobody can have kept a key set without them."""
    made = ensure(algorithms.ALWAYS, by=None)
    return f"created for {', '.join(made)}" if made else ""


@transaction.atomic
def ensure(algs: Iterable[str], *, by: User | None) -> list[str]:
    """Make the keys that are missing, signing at once; return their algorithms.

    Keys for the rarer algorithms are made when an application first asks for one: what nobody uses is not published.
    """
    now = timezone.now()
    made = [alg for alg in dict.fromkeys(algs) if not _signing(alg, now)]
    for alg in made:
        _create(alg, now=now, signs_from=now, by=by)
    if made:
        _tell()
    return made


@transaction.atomic
def rotate(*, alg: str, by: User | None, at_once: bool = False) -> SigningKey:
    """Publish a new key that takes over after LEAD; the one before it retires then, and is removed after TAIL.

    `at_once` is for a key that got out: the new one signs now, and the former ones are shown no more.
    """
    now = timezone.now()
    start = now if at_once else now + LEAD
    for former in SigningKey.objects.select_for_update().published(now).filter(alg=alg):
        if former.retires_at is None or former.retires_at > start or at_once:
            former.retires_at = min(former.retires_at or start, start)
        if at_once:
            former.removed_at = now
        elif former.removed_at is None:
            former.removed_at = former.retires_at + TAIL
        former.save()
    key = _create(alg, now=now, signs_from=start, by=by)
    _tell()
    return key


def rotate_due() -> list[SigningKey]:
    """Replace the keys that have signed for long enough: the periodic job."""
    now = timezone.now()
    return [rotate(alg=alg, by=None) for alg in in_use() if _is_due(alg, now)]


def in_use() -> list[str]:
    """Return the algorithms that have keys."""
    there = set(SigningKey.objects.published().values_list("alg", flat=True))
    return [alg for alg in algorithms.OURS if alg in there]


def _is_due(alg: str, now: datetime) -> bool:
    newest = SigningKey.objects.published(now).filter(alg=alg).first()
    return newest is not None and newest.signs_from < now - AGE


def _signing(alg: str, now: datetime) -> bool:
    return any(key.state_at(now) == SigningKey.State.SIGNING for key in SigningKey.objects.filter(alg=alg))


def _create(alg: str, *, now: datetime, signs_from: datetime, by: User | None) -> SigningKey:
    kid, pem = algorithms.generate(alg)
    key = SigningKey(kid=kid, alg=alg, sealed_pem=SigningKey.seal(pem), published_at=now, signs_from=signs_from)
    key.save(force_insert=True)
    tag = Tag.KEY_CREATED if signs_from <= now else Tag.KEY_ROTATED
    journal.record(tag=tag, by=by, target=key, kid=kid, alg=alg)
    return key


def _tell() -> None:
    keys.forget()
    transaction.on_commit(keys.forget)
