"""What a stopped service taught: what its team wrote for it, else the part of its page that tells."""

from parvis.portfolio.models import Product
from parvis.similar.engine import sections

_TELLING = (
    "abandon", "apprentissage", "arret", "bilan", "conclusion", "enseignement", "fin de", "lecon", "lesson",
    "outcome", "pourquoi l", "post mortem", "resultat", "retour d experience", "what we learn",
)  # fmt: skip
_LONGEST = 700


def lesson_of(product: Product) -> str:
    """Return the lessons of a product, or the sections of its page about its end; cut, for a list."""
    own = product.lesson()
    if own:
        return _short(own)
    return _short(" ".join(part.text for part in sections.split(product.description) if _tells(part.heading)))


def _tells(heading: str) -> bool:
    key = sections.key_of(heading)
    return any(key.startswith(start) or f" {start}" in key for start in _TELLING)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rsplit(' ', 1)[0]}…"
