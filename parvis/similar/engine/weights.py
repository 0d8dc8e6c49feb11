"""A profile to vectors: each term by what it tells among all services and by what people said of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest

from parvis.similar.engine.glossary import MARK
from parvis.similar.engine.lexicon import Lexicon
from parvis.similar.engine.profiles import ASPECTS, PROBLEM, SOLUTION, WHOLE, Profile
from parvis.similar.engine.relations import widen

Vector = dict[str, float]
Trust = Mapping[str, float]
"""Terms that brought refused pairs, and the part of their weight that is left (see `trust.py`)."""


MOST = {WHOLE: 180, PROBLEM: 60, SOLUTION: 60}
"""How many terms of each vector are kept: the others weigh too little to change an order."""


@dataclass(slots=True)
class Weighed:
    """A profile with its vectors, each with its length: over all terms, and over those that both languages use.

    `family` holds the words of its name with which many names begin.
    """

    profile: Profile
    vectors: dict[str, Vector]
    bridge: frozenset[str]
    lengths: dict[str, tuple[float, float]]
    family: frozenset[str]


def weigh(profile: Profile, lexicon: Lexicon, trust: Trust) -> Weighed:
    """Return the profile's vectors."""
    vectors = {aspect: _vector(profile.terms.get(aspect, {}), lexicon, trust) for aspect in ASPECTS}
    vectors[WHOLE] = widen(vectors[WHOLE], lexicon.relations)
    vectors = {aspect: dict(strongest(vector, MOST[aspect])) for aspect, vector in vectors.items()}
    bridge = frozenset(term for term in vectors[WHOLE] if term[0] == MARK or lexicon.is_bridge(term))
    return Weighed(profile, vectors, bridge, lengths_of(vectors, bridge), profile.name & lexicon.families)


def slim(weighed: Weighed) -> Weighed:
    """Forget what comparing does not need: thousands of services have to stand in memory at once."""
    item = weighed.profile
    kept = {term for vector in weighed.vectors.values() for term in vector}
    item.terms = {}
    item.shown = {term: surface for term, surface in item.shown.items() if term in kept}
    return weighed


def lengths_of(vectors: Mapping[str, Vector], bridge: frozenset[str]) -> dict[str, tuple[float, float]]:
    """Return the two lengths of each vector."""
    return {name: (_length(vector, None), _length(vector, bridge)) for name, vector in vectors.items()}


def strongest(vector: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    """Return the terms that weigh most, with their weights, heaviest first."""
    return nlargest(most, vector.items(), key=lambda item: (item[1], item[0]))


def _vector(terms: Mapping[str, float], lexicon: Lexicon, trust: Trust) -> Vector:
    return {term: weight * lexicon.rarity(term) * trust.get(term, 1.0) for term, weight in terms.items()}


def _length(vector: Vector, among: frozenset[str] | None) -> float:
    return math.sqrt(sum(weight * weight for term, weight in vector.items() if among is None or term in among))
