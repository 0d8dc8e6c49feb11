"""What directories say in fixed words, made comparable: policy areas, kinds of users, phases.

The areas are the 24 of publiccode.yml's `intendedAudience.scope`: the only list that several countries share.
"""

from collections.abc import Iterable

from parvis.similar.engine.words import fold

AREAS = (
    "agriculture", "culture", "defence", "education", "emergency-services", "employment", "energy", "environment",
    "finance-and-economic-development", "foreign-affairs", "government", "healthcare", "infrastructures", "justice",
    "local-authorities", "manufacturing", "research", "science-and-technology", "security", "society", "sport",
    "tourism", "transportation", "welfare",
)  # fmt: skip

USERS = (
    "particulier", "entreprise", "etablissement-scolaire", "etat", "collectivite-territoriale", "association", "autre"
)  # fmt: skip

PHASES = {
    "investigation": {"concept", "discovery", "ideation"},
    "construction": {"development", "alpha"},
    "acceleration": {"beta", "private beta", "public beta"},
    "operation": {"stable", "live", "production"},
    "stopped": {"obsolete", "retired", "archival"},
}
"""The phases of other directories by the network's; consolidation, operated and transferred are one from outside."""

# Beginnings of themes, French and English, without accents: the longest that fits counts.
_THEMES = {
    "administratif": ["government"],
    "administration": ["government"],
    "agricultur": ["agriculture"],
    "agroecologie": ["agriculture", "environment"],
    "alimentation": ["agriculture"],
    "amenagement": ["local-authorities"],
    "apprentissage": ["education", "employment"],
    "archives": ["culture"],
    "armees": ["defence"],
    "asile": ["society"],
    "benefits": ["welfare"],
    "biodiversite": ["environment"],
    "births, deaths": ["society"],
    "business": ["finance-and-economic-development"],
    "childcare": ["welfare"],
    "cinema": ["culture"],
    "citizenship": ["society"],
    "climat": ["environment"],
    "collectivites": ["local-authorities"],
    "controle frontiere": ["security"],
    "crime": ["justice"],
    "cross-government": ["government"],
    "culture": ["culture"],
    "cybersecurite": ["security"],
    "democratie": ["society"],
    "developpement durable": ["environment"],
    "disabled": ["welfare"],
    "driving": ["transportation"],
    "ecologie": ["environment"],
    "education": ["education"],
    "employing": ["employment"],
    "energie": ["energy"],
    "entreprises": ["finance-and-economic-development"],
    "environ": ["environment"],
    "espace": ["science-and-technology"],
    "etat civil": ["government"],
    "fiscalite": ["finance-and-economic-development"],
    "foret": ["agriculture", "environment"],
    "formation": ["education", "employment"],
    "haie": ["agriculture", "environment"],
    "handicap": ["welfare"],
    "health": ["healthcare"],
    "hebergement": ["welfare"],
    "housing": ["welfare"],
    "imposition": ["finance-and-economic-development"],
    "inclusion": ["welfare"],
    "intelligence artificielle": ["science-and-technology"],
    "jeunesse": ["education"],
    "juridique": ["justice"],
    "justice": ["justice"],
    "logement": ["welfare"],
    "lutte contre la fraude": ["security"],
    "marches publics": ["government"],
    "maritime": ["transportation"],
    "mer": ["environment"],
    "money": ["finance-and-economic-development"],
    "numerique": ["science-and-technology"],
    "open-data": ["science-and-technology"],
    "outil technique": ["science-and-technology"],
    "passports": ["foreign-affairs"],
    "patrimoine": ["culture"],
    "phytosanitaire": ["agriculture"],
    "precarite": ["welfare"],
    "renovation": ["energy"],
    "sante": ["healthcare"],
    "science": ["science-and-technology"],
    "securite en mer": ["emergency-services"],
    "securite informatique": ["security"],
    "social": ["welfare"],
    "spectacle": ["culture"],
    "sport": ["sport"],
    "subventions": ["finance-and-economic-development"],
    "territoires": ["local-authorities"],
    "tourisme": ["tourism"],
    "transport": ["transportation"],
    "travail": ["employment"],
    "visas": ["society"],
    "working": ["employment"],
}


def areas(themes: Iterable[str]) -> frozenset[str]:
    """Return the policy areas of themes as a directory writes them; an unknown theme gives none."""
    found = set[str]()
    for theme in themes:
        name = fold(theme).strip()
        if name in AREAS:
            found.add(name)
        elif fits := [start for start in _THEMES if name.startswith(start)]:
            found.update(_THEMES[max(fits, key=len)])
    return frozenset(found)


def users(kinds: Iterable[str]) -> frozenset[str]:
    """Return the kinds of users that are in the shared list."""
    return frozenset(kind for kind in kinds if kind in USERS)


def phase(name: str) -> str:
    """Return the network's phase for one of another directory, or an empty text."""
    wanted = " ".join(name.casefold().replace("-", " ").split())
    return next((here for here, names in PHASES.items() if wanted in names), "")
