"""The words that products are filed under: the seven kinds of users, the network's themes, and how others are folded.

People typed words freely for years. What is the same word but for case, accents and blanks becomes one term; what is in
no list stays a term of its own, so that nothing is lost and nothing passes for official.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from parvis.lib.text import fold
from parvis.portfolio.models.term import Term

USER_TYPES: Final = {
    "particulier": ("Particuliers", "Individuals"),
    "entreprise": ("Entreprises", "Companies"),
    "association": ("Associations", "Associations"),
    "etat": ("Agents de l’État", "Central government staff"),
    "collectivite-territoriale": ("Collectivités territoriales", "Local authorities"),
    "etablissement-scolaire": ("Établissements scolaires", "Schools"),
    "parlement": ("Parlement", "Parliament"),
}
THEMES: Final = {
    "Administratif": "Public administration",
    "Agriculture": "Agriculture",
    "Collectivités": "Local authorities",
    "Culture": "Culture",
    "Démocratie": "Democracy",
    "Écologie": "Environment",
    "Éducation": "Education",
    "Entreprises": "Business",
    "Formation": "Training",
    "Inclusion numérique": "Digital inclusion",
    "Jeunesse": "Youth",
    "Justice": "Justice",
    "Logement": "Housing",
    "Mer": "Sea",
    "Open-Data": "Open data",
    "Outil technique": "Technical tool",
    "Patrimoine": "Heritage",
    "Santé": "Health",
    "Sécurité informatique": "Computer security",
    "Social": "Social affairs",
    "Sport": "Sport",
    "Territoires": "Regions and territories",
    "Transports": "Transport",
    "Travail / Emploi": "Work and employment",
}
_LONGEST = 180


def term_key(kind: str, written: str) -> str:
    """Return what two spellings of one word have in common.

    For technologies only case and blanks are forgotten, since C, C++ and C# differ by punctuation.
    """
    if kind == Term.Kind.TECHNOLOGY:
        key = " ".join(written.lower().split())
    elif kind == Term.Kind.USER_TYPE:
        key = fold(written).replace(" ", "-")
    else:
        key = fold(written)
    key = key or written.strip()
    if len(key) > _LONGEST:
        key = f"{key[: _LONGEST - 20]} {hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return key


def _standard() -> Mapping[tuple[str, str], tuple[str, str]]:
    user_types = {(Term.Kind.USER_TYPE.value, key): labels for key, labels in USER_TYPES.items()}
    themes = {
        (Term.Kind.THEME.value, term_key(Term.Kind.THEME, french)): (french, english)
        for french, english in THEMES.items()
    }
    return user_types | themes


STANDARD: Final = _standard()
"""Labels in French and English of each term of the official lists, by kind and key."""


def make_term(kind: str, key: str, written: str) -> Term:
    """Return a new term, not saved: with its official labels when it has some, else as it was written."""
    labels = STANDARD.get((kind, key))
    french, english = labels or (" ".join(written.split())[:300], "")
    return Term(kind=kind, key=key, label_fr=french, label_en=english, is_standard=labels is not None)


def ensure_standard_terms() -> int:
    """Make the terms of the official lists that are missing; return how many were."""
    there = set(Term.objects.filter(is_standard=True).values_list("kind", "key"))
    missing = [make_term(kind, key, key) for kind, key in STANDARD if (kind, key) not in there]
    Term.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
