"""What only all services together can tell: which words are common, which sentences and headings are boilerplate."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from parvis.similar.engine import sections
from parvis.similar.engine.records import Record
from parvis.similar.engine.words import LANGUAGES, language, plain, sentences, stems

COMMON_LABEL = 4
"""Services that must use a heading or label for it to be boilerplate."""
REPEATED = 2
"""Services that must hold a sentence for it to be boilerplate: nobody writes the same sentence twice by chance."""
FAMILY = 5
"""Names that must begin with a word for it to be a family name ("API …"), which says nothing of the need."""
_SHORTEST = 4


@dataclass(slots=True)
class Lexicon:
    """Counts over all services; kept as JSON beside the index, so that one service can be added to it later."""

    documents: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, 0))
    frequencies: dict[str, dict[str, int]] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    relations: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many services were counted."""
        return sum(self.documents.values())

    def rarity(self, term: str) -> float:
        """Return how much a term tells: the fewer services have it, the more."""
        seen = sum(self.frequencies.get(term, {}).values())
        return math.log1p((self.size - seen + 0.5) / (seen + 0.5))

    def is_bridge(self, term: str) -> bool:
        """Say whether services of both languages use the term, so that it can be met from the other side."""
        return len(self.frequencies.get(term, ())) > 1

    def count(self, language: str, terms: Iterable[str]) -> None:
        """Count one service."""
        self.documents[language] += 1
        for term in terms:
            by_language = self.frequencies.setdefault(term, {})
            by_language[language] = by_language.get(language, 0) + 1

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return {
            "documents": self.documents,
            "frequencies": self.frequencies,
            "labels": sorted(self.labels),
            "repeated": sorted(self.repeated),
            "families": sorted(self.families),
            "relations": self.relations,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Lexicon":
        """Return the lexicon that `as_json` wrote."""
        return cls(
            value["documents"],
            value["frequencies"],
            frozenset(value["labels"]),
            frozenset(value["repeated"]),
            frozenset(value["families"]),
            {term: [(other, strength) for other, strength in near] for term, near in value["relations"].items()},
        )


def learn(records: Iterable[Record]) -> Lexicon:
    """Return a lexicon that knows the boilerplate of these services; their terms are still to be counted."""
    labels, lines, firsts = Counter[str](), Counter[str](), Counter[str]()
    for record in records:
        found_labels, found_lines = _marks(record)
        labels.update(found_labels)
        lines.update(found_lines)
        firsts.update(term for term, _ in stems(record.name, record.language or language(record.pitch))[:1])
    return Lexicon(
        labels=frozenset(label for label, number in labels.items() if number >= COMMON_LABEL),
        repeated=frozenset(line for line, number in lines.items() if number >= REPEATED),
        families=frozenset(term for term, number in firsts.items() if number >= FAMILY),
    )


def mark(sentence: str) -> str:
    """Return a short mark that is the same for sentences that differ in digits, accents or punctuation only."""
    key = sections.key_of(sentence)
    if key.count(" ") + 1 < _SHORTEST:
        return ""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _marks(record: Record) -> tuple[set[str], set[str]]:
    labels, lines = set[str](), set[str]()
    texts = [record.pitch, record.problem, record.solution]
    for section in sections.split(record.body):
        labels.add(sections.key_of(section.heading))
        texts.append(section.text)
    for text in texts:
        for sentence in sentences(plain(text)):
            labels.add(sections.label_of(sentence))
            lines.add(mark(sentence))
    return labels - {""}, lines - {""}
