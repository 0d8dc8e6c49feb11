"""Addresses that others wrote, before a page links to them."""

import unicodedata
from urllib.parse import urlsplit

LONGEST = 500
"""Characters of the columns that hold one."""
_MARKUP = frozenset('<>"')


def can_be_linked(value: str) -> bool:
    """Say whether this is an address of the web as a whole: never a script, a path, or what hides its host."""
    if len(value) > LONGEST or any(char.isspace() or unicodedata.category(char)[0] == "C" for char in value):
        return False
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return False
    is_plain = "\\" not in value and "@" not in parts.netloc and not _MARKUP & set(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_plain
