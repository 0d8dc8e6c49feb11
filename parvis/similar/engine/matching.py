"""Two services compared: whole with whole, problem with problem, solution with solution, and what they share."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from parvis.similar.engine.glossary import MARK
from parvis.similar.engine.profiles import PROBLEM, SOLUTION, WHOLE
from parvis.similar.engine.weights import Weighed

_SHARES = {PROBLEM: 0.3, SOLUTION: 0.2}
_SHORT = 4.0
"""Added to the length of each side: a text of a few words must not be near to all that hold them."""
_ALONE = 1.0
"""The larger, the less a pair with few common words is believed."""
_AREA = 0.2
_USER = 0.06


@dataclass(frozen=True, slots=True)
class Match:
    """How near two services are, and the terms that say so, the most telling first."""

    score: float
    terms: tuple[str, ...]
    areas: frozenset[str]
    users: frozenset[str]


def compare(one: Weighed, other: Weighed, most: int = 12) -> Match:
    """Return how near two services are; the order does not matter."""
    told = _products(one, other, WHOLE)
    score = _cosine(one, other, WHOLE, sum(told.values()))
    for aspect, share in _SHARES.items():
        if one.vectors[aspect] and other.vectors[aspect]:
            part = _cosine(one, other, aspect, sum(_products(one, other, aspect).values()))
            score += share * (part - score)
    score *= _breadth(told)
    areas, users = one.profile.areas & other.profile.areas, one.profile.users & other.profile.users
    score *= 1 + _AREA * _overlap(one.profile.areas, other.profile.areas)
    score *= 1 + _USER * _overlap(one.profile.users, other.profile.users)
    terms = sorted(told, key=lambda term: (-told[term], term))[:most]
    return Match(score, tuple(terms), areas, users)


def _breadth(told: dict[str, float]) -> float:
    """Return how much to believe a pair: one that a single word holds together is chance more often than not.

    The number of words is the effective one: a word that brings nearly all counts nearly alone.
    """
    squares = sum(product * product for product in told.values())
    number = sum(told.values()) ** 2 / squares if squares else 0.0
    return number / (number + _ALONE)


def _products(one: Weighed, other: Weighed, aspect: str) -> dict[str, float]:
    first, second = one.vectors[aspect], other.vectors[aspect]
    if len(second) < len(first):
        first, second = second, first
    # "API …" and "API …" bear one family name: that they share it says nothing of what they do.
    family = one.family & other.family
    return {
        term: weight * second[term]
        for term, weight in first.items()
        if term in second and term.lstrip(MARK) not in family
    }


def _cosine(one: Weighed, other: Weighed, aspect: str, product: float) -> float:
    # Between languages, words that the other cannot have must not count against a pair.
    kind = 0 if one.profile.language == other.profile.language else 1
    lengths = (item.lengths[aspect][kind] for item in (one, other))
    return product / math.prod(math.hypot(length, _SHORT) for length in lengths)


def _overlap(one: Iterable[str], other: Iterable[str]) -> float:
    mine, theirs = set(one), set(other)
    return len(mine & theirs) / len(mine | theirs) if mine & theirs else 0.0
