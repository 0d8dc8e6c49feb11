"""Addresses on the site made from ids: close to them, unique, and never changed once given."""

import hashlib
import re

from parvis.lib.text import slug

_LONGEST = 95
_PLAIN = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
# Words that stand beside a slug in addresses of the site.
_RESERVED = {"new", "mine", "all", "search", "edit"}


def base(key: str) -> str:
    """Return the id itself when it can be an address, else its words joined by hyphens."""
    if _PLAIN.fullmatch(key) and len(key) <= _LONGEST and key not in _RESERVED:
        return key
    words = slug(key)[:_LONGEST].rstrip("-")
    if not words:
        words = "id-" + hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{words}-1" if words in _RESERVED else words


class SlugBook:
    """Gives slugs of one model, each once."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def give(self, key: str) -> str:
        """Return the id's address, with a number when another has it."""
        first = base(key)
        slug, number = first, 2
        while slug in self._taken:
            slug, number = f"{first}-{number}", number + 1
        self._taken.add(slug)
        return slug
