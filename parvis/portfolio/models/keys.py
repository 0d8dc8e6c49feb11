"""Keys: what a product or an incubator is called in addresses, files and other people's data.

An imported key is the source's own, letter for letter (case, dots and accents included), because the whole network's
tools refer to it. It is therefore no slug, and what it must never be is said here: a path, or a text that reads as one.
"""

import unicodedata
from collections.abc import Container

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.lib.text import slug

MAX_LENGTH = 100
_FORBIDDEN = frozenset("/\\?#%<>\"'`|{}[]^ ;:")


def is_key(value: str) -> bool:
    """Say whether the text can stand as one part of an address and as the name of a file, and means only itself."""
    if not value or len(value) > MAX_LENGTH or value.startswith("."):
        return False
    return not any(char in _FORBIDDEN or char.isspace() or unicodedata.category(char)[0] == "C" for char in value)


def validate_key(value: str) -> None:
    """Refuse what cannot be a key. Raises ValidationError."""
    if not is_key(value):
        raise ValidationError(_("Use letters, digits, dots and hyphens only."), code="key")


def free_key(name: str, taken: Container[str]) -> str:
    """Return a key for what is made here: the words of its name, with a number when another has them."""
    first = slug(name)[: MAX_LENGTH - 5].strip("-") or "x"
    key, number = first, 2
    while key in taken:
        key, number = f"{first}-{number}", number + 1
    return key
