"""The bridge between French and English: both sides of a line of `data/glossary.list` are one concept."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from parvis.similar.engine.words import LANGUAGES, stem, words

MARK = "="
"""The first letter of a concept among the terms of a service, which no stem has."""
_FILE = Path(__file__).parent / "data" / "glossary.list"


@dataclass(slots=True)
class Glossary:
    """Concepts by the stems that name them, in each language, and how they are shown."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    phrases: dict[str, dict[tuple[str, ...], list[str]]] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    longest: int = 1

    def concepts(self, found: list[str], code: str) -> list[tuple[str, int, int]]:
        """Return (concept, first, end) for the stems of a text: at each place the longest phrase that names one."""
        phrases, result, at = self.phrases[code], [], 0
        while at < len(found):
            for size in range(min(self.longest, len(found) - at), 0, -1):
                if named := phrases.get(tuple(found[at : at + size])):
                    result += [(concept, at, at + size) for concept in named]
                    at += size - 1
                    break
            at += 1
        return result

    def name(self, concept: str, code: str) -> str:
        """Return how a concept is called in a language."""
        return self.names[concept][code]


@cache
def standard() -> Glossary:
    """Return the glossary that comes with Parvis."""
    return read(_FILE.read_text(encoding="utf-8"))


def read(text: str) -> Glossary:
    """Return the glossary of a text: one concept a line, "French, French = English, English"."""
    result, weight = Glossary(phrases={code: {} for code in LANGUAGES}), 1.0
    for line in text.splitlines():
        if line.startswith("@"):
            weight = float(line[1:])
        if not line.strip() or line[0] in "#@":
            continue
        french, _, english = line.partition(" = ")
        sides = dict(
            zip(LANGUAGES, ([term.strip() for term in side.split(",")] for side in (french, english)), strict=True)
        )
        concept = f"{MARK}{sides['fr'][0]}"
        result.weights[concept] = weight
        result.names[concept] = {code: terms[0] for code, terms in sides.items()}
        for code, terms in sides.items():
            for term in terms:
                _add(result, concept, term, code)
    return result


def _add(result: Glossary, concept: str, term: str, code: str) -> None:
    written = words(term)
    # An acronym is written small in the file, and counts all the same.
    phrase = tuple(found for word in written if (found := stem(word, code) or stem(word.upper(), code)))
    # "sans emploi" without its small word would say the opposite.
    if phrase and (len(phrase) > 1 or len(written) == 1):
        named = result.phrases[code].setdefault(phrase, [])
        if concept not in named:
            named.append(concept)
        result.longest = max(result.longest, len(phrase))
