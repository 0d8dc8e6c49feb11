"""The nearest services of one among many: an inverted index finds who shares telling words, then each is compared."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from heapq import nlargest
from typing import TypeVar

from parvis.similar.engine import relations
from parvis.similar.engine.lexicon import Lexicon, learn
from parvis.similar.engine.matching import Match, compare
from parvis.similar.engine.profiles import WHOLE, Profile, profile
from parvis.similar.engine.records import Record
from parvis.similar.engine.weights import Trust, Weighed, slim, strongest, weigh

ASKED = 60
"""The most telling terms of a service that are looked up."""
KEPT = 50
"""How many candidates are compared in full."""
CROWDED = 1500
"""A term that more services hold is not looked up: it tells little and costs most. It still counts when two compare."""
FLOOR = 0.005
"""Below this, two services have nothing to say to each other."""

Key = TypeVar("Key", int, str)
Found = list[tuple[str, Match]]


def telling(weighed: Weighed, most: int = ASKED) -> list[tuple[str, float]]:
    """Return the terms that tell most about a service, with their weights."""
    return strongest(weighed.vectors[WHOLE], most)


class Index:
    """All services in memory: for the rebuild, the bench and the tests."""

    def __init__(self, records: Iterable[Record], trust: Trust | None = None) -> None:
        kept = list(records)
        self.lexicon: Lexicon = learn(kept)
        profiles = [profile(record, self.lexicon) for record in kept]
        for item in profiles:
            self.lexicon.count(item.language, item.terms[WHOLE])
        self.trust: Trust = trust or {}
        # Words are not widened by their relations while these are learnt.
        told = ([term for term, _ in telling(self.weigh(item), relations.TOLD)] for item in profiles)
        self.lexicon.relations = relations.learn(told)
        self.weighed: dict[str, Weighed] = {item.key: slim(self.weigh(item)) for item in profiles}
        self.postings: dict[str, list[tuple[str, float]]] = postings(self.weighed)

    def weigh(self, item: Profile) -> Weighed:
        """Return a profile's vectors among these services."""
        return weigh(item, self.lexicon, self.trust)

    def nearest(self, one: Weighed, most: int = 20) -> Found:
        """Return the nearest services, nearest first; never the service itself."""
        asked = telling(one)
        candidates = gather(asked, self._holders, skip=one.profile.key)
        return rank(one, {key: self.weighed[key] for key in candidates}, most)

    def _holders(self, term: str) -> list[tuple[str, float]]:
        found = self.postings.get(term, [])
        return found if len(found) <= CROWDED else []


def postings(weighed: Mapping[str, Weighed]) -> dict[str, list[tuple[str, float]]]:
    """Return, for each term, the services that hold it, with what it weighs of them."""
    result = defaultdict[str, list[tuple[str, float]]](list)
    for key, item in weighed.items():
        for term, weight in posted(item):
            result[term].append((key, weight))
    return result


def posted(item: Weighed) -> list[tuple[str, float]]:
    """Return the terms under which a service is found, with what each weighs of it."""
    length = max(item.lengths[WHOLE][1], 1e-9)
    return [(term, weight / length) for term, weight in item.vectors[WHOLE].items()]


def gather(
    asked: Iterable[tuple[str, float]],
    holders: Callable[[str], Iterable[tuple[Key, float]]],
    skip: Key | None = None,
    most: int = KEPT,
) -> list[Key]:
    """Return the keys of the services that share the most telling terms."""
    scores = defaultdict[Key, float](float)
    for term, weight in asked:
        for key, held in holders(term):
            scores[key] += weight * held
    if skip is not None:
        scores.pop(skip, None)
    return [key for _, key in nlargest(most, ((score, key) for key, score in scores.items()))]


def rank(one: Weighed, candidates: Mapping[str, Weighed], most: int) -> Found:
    """Return the nearest of the candidates, nearest first."""
    matches = [(key, compare(one, other)) for key, other in candidates.items()]
    near = [(key, match) for key, match in matches if match.score >= FLOOR]
    return nlargest(most, near, key=lambda item: (item[1].score, item[0]))
