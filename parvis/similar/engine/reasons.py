"""Why two services are near, so that a person can judge: words both use, in the reader's language, and a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.similar.engine.glossary import MARK, standard
from parvis.similar.engine.matching import Match
from parvis.similar.engine.profiles import Profile
from parvis.similar.engine.words import stem, stems, words

MOST_WORDS = 6
_LONGEST = 320
_SHORTEST = 30


@dataclass(frozen=True, slots=True)
class Reasons:
    """What two services have in common: words as people write them, policy areas, kinds of users."""

    words: tuple[str, ...]
    areas: tuple[str, ...]
    users: tuple[str, ...]


def reasons(match: Match, one: Profile, other: Profile, code: str) -> Reasons:
    """Return what a match is made of, told in a language."""
    shared = (term for term in match.terms if term in one.shown and term in other.shown)
    told = _distinct((_surface(term, one, other, code) for term in shared), code)
    return Reasons(tuple(told), tuple(sorted(match.areas)), tuple(sorted(match.users)))


Told = tuple[str, frozenset[str]]
"""A sentence with the terms that it holds."""


def analysed(sentences: Iterable[str], code: str) -> list[Told]:
    """Return sentences worth reading with their terms, to be compared with many."""
    result = []
    for text in sentences:
        found = [term for term, _ in stems(text, code)]
        named = (concept for concept, _, _ in standard().concepts(found, code))
        if len(text) >= _SHORTEST:
            result.append((text, frozenset([*found, *named])))
    return result


def sentence(candidates: Iterable[Told], terms: Iterable[str]) -> str:
    """Return the sentence that holds most of the shared terms, the first ones counting more."""
    weights = {term: 1 / (place + 2) for place, term in enumerate(terms)}
    best, most = "", 0.0
    for text, held in candidates:
        score = sum(weight for term, weight in weights.items() if term in held)
        if score > most:
            best, most = text, score
    return best


def short(text: str) -> str:
    """Return a sentence cut at a word when it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]}…"


def _surface(term: str, one: Profile, other: Profile, code: str) -> str:
    for side in (one, other):
        if side.language == code:
            return side.shown[term].casefold() if not side.shown[term].isupper() else side.shown[term]
    return standard().name(term, code) if term[0] == MARK else one.shown[term].casefold()


def _distinct(surfaces: Iterable[str], code: str) -> list[str]:
    """Return surfaces that do not repeat one another's words: "logement" beside "logements" tells nothing."""
    told, known = list[str](), set[str]()
    for surface in surfaces:
        found = {stem(word, code) or word for word in words(surface)}
        if not found <= known:
            told.append(surface)
            known |= found
        if len(told) == MOST_WORDS:
            break
    return told
