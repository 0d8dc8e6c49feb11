"""Text as people type it, made comparable."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i"})


def fold(value: str) -> str:
    """Return the words of a text in lower case without accents or punctuation, separated by single spaces.

    Ligatures become their letters; scripts other than Latin are kept.
    """
    bare = _without_marks(unicodedata.normalize("NFKD", value)).casefold()
    # Folding the case may bring new accents (İ), so what it gives is decomposed once more.
    folded = bare if bare.isascii() else _without_marks(unicodedata.normalize("NFKD", bare).translate(_LIGATURES))
    return " ".join(_WORD.findall(folded))


def _without_marks(value: str) -> str:
    """Return the text without combining marks, none of which comes before U+0300: long texts are folded, too."""
    if value.isascii():
        return value
    return "".join([char for char in value if char < "\u0300" or not unicodedata.combining(char)])


def slug(value: str) -> str:
    """Return the folded ASCII words of a text joined by hyphens; empty when it has none."""
    return "-".join(_ASCII_WORD.findall(fold(value)))


def one_line(value: str) -> str:
    """Return the text in NFC on one line: control and invisible characters removed, runs of blanks made one space."""
    normal = unicodedata.normalize("NFC", value)
    kept = "".join(
        " " if char.isspace() else char for char in normal if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(kept.split())
