"""A description to its parts: the problem, the solution, what says neither, and what is only management."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.similar.engine.words import fold, plain

# Lines come from strangers: no two repeats that can share their characters follow each other without a bound.
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}(?P<hashes>.+)|(?:\*\*|__)(?P<bold>[^*_]{2,80})(?:\*\*|__)\s{0,3}:?)")
_LABEL = re.compile(r"^\s*(?:[-*]\s+)?(?:\*\*)?(?P<label>[^\W\d_][^:*\n]{1,50}?)\s{0,3}(?:\*\*)?\s{0,3}:\s*(?:\*\*)?")
_NOT_LETTERS = re.compile(r"[\W\d_]+")

PROBLEM, SOLUTION, CONTEXT, REST = "problem", "solution", "context", "rest"
_KINDS = {
    PROBLEM: "problem probleme problematique constat enjeu irritant difficulte why pourquoi need besoin challenge",
    SOLUTION: "solution produit service reponse propos outil fonctionnalite product feature answer how comment",
    REST: """strategie objectif impact budget equipe calendrier chronologie deploiement territoire resultat prochaine
    etape investigation hypothese indicateur abandon conclusion bilan apprentissage partenaire contact lien stat kpi
    construction acceleration perennisation transfert financement gouvernance team roadmap next result timeline step
    mesure ambition post mortem documentation evenement presse actualite revue contributeur contributrice""",
    CONTEXT: "contexte context introduction historique background presentation",
}
_ORDER = (REST, PROBLEM, SOLUTION, CONTEXT)
_WORDS = {kind: tuple(names.split()) for kind, names in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a description under one heading, as plain text; `heading` is what was written above it."""

    kind: str
    heading: str
    text: str


def split(body: str) -> list[Section]:
    """Return the sections of a Markdown description in order; text before any heading is context."""
    return [Section(kind_of(heading), heading, text) for heading, text in _parts(body) if text.strip()]


def kind_of(heading: str) -> str:
    """Return what a section is about by its heading; an unknown heading tells nothing, so its text is context."""
    known = key_of(heading).split()
    for kind in _ORDER:
        if any(word.startswith(name) for word in known for name in _WORDS[kind]):
            return kind
    return CONTEXT


def key_of(heading: str) -> str:
    """Return a heading as compared: folded, letters and single blanks only."""
    return _NOT_LETTERS.sub(" ", fold(heading)).strip()


def label_of(line: str) -> str:
    """Return the key of the label that a line begins with ("Territoire : …"), or an empty text."""
    found = _LABEL.match(line)
    return key_of(found["label"]) if found else ""


def without_label(line: str) -> str:
    """Return a line without the label it begins with."""
    return _LABEL.sub("", line, count=1)


def _parts(body: str) -> Iterator[tuple[str, str]]:
    heading, lines = "", list[str]()
    for line in body.splitlines():
        if found := _HEADING.fullmatch(line.rstrip()):
            yield heading, plain("\n".join(lines))
            heading, lines = plain(found["hashes"] or found["bold"]).strip(), []
        else:
            lines.append(line)
    yield heading, plain("\n".join(lines))
