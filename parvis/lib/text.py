"""Text as people type it, made comparable."""

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})


def fold(value: str) -> str:
    """Return the words of a text in lower case without accents or punctuation, separated by single spaces."""
    decomposed = unicodedata.normalize("NFKD", value.casefold().translate(_LIGATURES))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_WORD.findall(bare))


def one_line(value: str) -> str:
    """Return the text in NFC on one line: control and invisible characters removed, runs of blanks made one space."""
    normal = unicodedata.normalize("NFC", value)
    kept = "".join(
        " " if char.isspace() else char for char in normal if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(kept.split())
