"""Words that keep each other's company, learnt from all services: "sécheresse" also says a little of "irrigation".

Two words are related when services hold both among their most telling words more often than chance would have it. It
needs no model: pairs are counted. Measured in `bench/similar.py`, it finds more in French and across languages.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

TOLD = 40
"""The most telling words of a service that are counted together."""
_TOGETHER = 3
"""Services that must hold both words."""
_MOST = 6
_SHARE = 0.05
_LEAST = 0.5

Relations = Mapping[str, list[tuple[str, float]]]


def learn(told: Iterable[list[str]]) -> dict[str, list[tuple[str, float]]]:
    """Return for each word its nearest ones, from the most telling words of every service."""
    services = [sorted(set(terms)) for terms in told]
    seen = Counter(term for terms in services for term in terms)
    together = _count(services, {term for term, number in seen.items() if number >= _TOGETHER})
    result = {}
    for term, others in together.items():
        near = [
            (other, round(value, 3))
            for other, number in others.items()
            if number >= _TOGETHER and (value := _association(number, seen[term], seen[other], len(services))) >= _LEAST
        ]
        if near:
            result[term] = sorted(near, key=lambda item: (-item[1], item[0]))[:_MOST]
    return result


def widen(vector: Mapping[str, float], relations: Relations) -> dict[str, float]:
    """Return a vector that also holds a little of the words related to its own."""
    result = dict(vector)
    for term, weight in vector.items():
        for other, strength in relations.get(term, ()):
            result[other] = result.get(other, 0.0) + _SHARE * strength * weight
    return result


def _count(services: list[list[str]], known: set[str]) -> dict[str, Counter[str]]:
    together = defaultdict[str, Counter[str]](Counter)
    for terms in services:
        kept = [term for term in terms if term in known]
        for term in kept:
            together[term].update(kept)
    for term, others in together.items():
        del others[term]
    return together


def _association(number: int, one: int, other: int, services: int) -> float:
    """Return the pointwise mutual information, less when few services say so."""
    return math.log(number * services / (one * other)) * number / (number + 2)
