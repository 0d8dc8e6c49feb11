"""Profiles and postings as the database keeps them."""

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from parvis.similar.engine.glossary import MARK
from parvis.similar.engine.profiles import Profile
from parvis.similar.engine.ranking import CROWDED
from parvis.similar.engine.weights import Weighed, lengths_of

_PAIR = struct.Struct("<If")


def to_json(weighed: Weighed) -> dict[str, Any]:
    """Return what `from_json` reads; only what comparing and telling need."""
    item = weighed.profile
    kept = {term for vector in weighed.vectors.values() for term in vector}
    return {
        "language": item.language,
        "name": sorted(item.name),
        "areas": sorted(item.areas),
        "users": sorted(item.users),
        "family": sorted(weighed.family),
        "bridge": sorted(term for term in weighed.bridge if term[0] != MARK),
        "shown": {term: surface for term, surface in item.shown.items() if term in kept},
        "vectors": {
            aspect: {term: round(weight, 3) for term, weight in vector.items()}
            for aspect, vector in weighed.vectors.items()
        },
    }


def from_json(key: str, value: dict[str, Any]) -> Weighed:
    """Return what `to_json` wrote."""
    name, areas, users = (frozenset(value[part]) for part in ("name", "areas", "users"))
    item = Profile(key, value["language"], {}, value["shown"], name, areas, users)
    vectors = value["vectors"]
    bridge = frozenset([*value["bridge"], *(term for term in vectors["whole"] if term[0] == MARK)])
    return Weighed(item, vectors, bridge, lengths_of(vectors, bridge), frozenset(value["family"]))


def pack(holders: Iterable[tuple[int, float]]) -> bytes:
    """Return pairs of a number and a weight as bytes."""
    return b"".join(_PAIR.pack(number, weight) for number, weight in holders)


def is_crowded(holders: bytes) -> bool:
    """Say whether a term has more holders than are looked up."""
    return len(holders) > CROWDED * _PAIR.size


def unpack(holders: bytes) -> Iterator[tuple[int, float]]:
    """Yield the pairs of `pack`."""
    return iter(_PAIR.iter_unpack(holders))
