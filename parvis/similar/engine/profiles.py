"""A service to its profile: its weighted terms, as a whole and for its problem and its solution apart."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from parvis.similar.engine import sections
from parvis.similar.engine.glossary import Glossary, standard
from parvis.similar.engine.lexicon import Lexicon, mark
from parvis.similar.engine.records import Record
from parvis.similar.engine.words import language, plain, sentences, stems

NAME, PITCH = "name", "pitch"
WHOLE, PROBLEM, SOLUTION = "whole", sections.PROBLEM, sections.SOLUTION
ASPECTS = (WHOLE, PROBLEM, SOLUTION)

# How much a word counts by where it stands, and how long such a text usually is (BM25F).
_FIELDS = {
    NAME: (1.5, 3),
    PITCH: (3.0, 12),
    sections.PROBLEM: (1.3, 90),
    sections.SOLUTION: (1.4, 90),
    sections.CONTEXT: (0.8, 80),
    sections.REST: (0.35, 120),
}
_LENGTH = 0.7  # How much a longer text thins its words out: BM25's b.
_SATURATION = 1.6  # How soon a word said again adds little: BM25's k1.
_CONCEPT = 1.2  # What a concept counts beside the word that names it.


@dataclass(slots=True)
class Profile:
    """What is compared of a service. `shown` gives each term as the service writes it."""

    key: str
    language: str
    terms: dict[str, dict[str, float]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    name: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()


def profile(record: Record, lexicon: Lexicon, glossary: Glossary | None = None) -> Profile:
    """Return the profile of a service, without the boilerplate that the lexicon knows."""
    fields = dict(_fields(record))
    code = record.language or language(" ".join(" ".join(text) for text in fields.values()))
    counted = {name: _count(text, code, lexicon, glossary or standard()) for name, text in fields.items()}
    shown: dict[str, str] = {}
    for _, surfaces in counted.values():
        shown = surfaces | shown
    weighed = {name: _thin(counts, name) for name, (counts, _) in counted.items()}
    heads = {NAME, PITCH}
    return Profile(
        record.key,
        code,
        {
            WHOLE: _sum(weighed, set(weighed)),
            PROBLEM: _sum(weighed, {sections.PROBLEM}) and _sum(weighed, {PITCH, sections.PROBLEM}),
            SOLUTION: _sum(weighed, {sections.SOLUTION}) and _sum(weighed, heads | {sections.SOLUTION}),
        },
        shown,
        frozenset(found for found, _ in stems(record.name, code)),
        record.areas,
        record.users,
    )


def readable(record: Record, lexicon: Lexicon) -> Iterator[str]:
    """Yield the sentences of a service that are its own."""
    for name, texts in _fields(record):
        if name != NAME:
            for text in texts:
                yield from _own(text, lexicon)


def _fields(record: Record) -> Iterator[tuple[str, list[str]]]:
    parts = defaultdict[str, list[str]](list)
    for section in sections.split(record.body):
        parts[section.kind].append(f"{section.heading}\n{section.text}" if section.heading else section.text)
    for kind, text in ((sections.PROBLEM, record.problem), (sections.SOLUTION, record.solution)):
        if text.strip():
            parts[kind] = [plain(text)]
    yield NAME, [plain(record.name)]
    yield PITCH, [plain(record.pitch)]
    yield from parts.items()


def _own(text: str, lexicon: Lexicon) -> Iterator[str]:
    for sentence in sentences(text):
        if sections.key_of(sentence) in lexicon.labels or mark(sentence) in lexicon.repeated:
            continue
        yield sections.without_label(sentence) if sections.label_of(sentence) in lexicon.labels else sentence


def _count(
    texts: list[str], code: str, lexicon: Lexicon, glossary: Glossary
) -> tuple[dict[str, float], dict[str, str]]:
    counts, shown = defaultdict[str, float](float), dict[str, str]()
    for text in texts:
        for sentence in _own(text, lexicon):
            found = stems(sentence, code)
            for term, surface in found:
                counts[term] += 1
                shown.setdefault(term, surface)
            names = glossary.concepts([term for term, _ in found], code)
            alike = Counter((first, end) for _, first, end in names)
            for concept, first, end in names:
                counts[concept] += _CONCEPT * glossary.weights[concept] / alike[first, end]
                shown.setdefault(concept, " ".join(surface for _, surface in found[first:end]))
    return dict(counts), shown


def _thin(counts: dict[str, float], name: str) -> dict[str, float]:
    weight, usual = _FIELDS[name]
    length = sum(number for term, number in counts.items() if term[0] != "=")
    thinned = weight / (1 - _LENGTH + _LENGTH * max(length / usual, 0.5))
    return {term: number * thinned for term, number in counts.items()}


def _sum(weighed: dict[str, dict[str, float]], names: set[str]) -> dict[str, float]:
    total = defaultdict[str, float](float)
    for name in names & set(weighed):
        for term, weight in weighed[name].items():
            total[term] += weight
    return {term: weight / (weight + _SATURATION) for term, weight in total.items()}
