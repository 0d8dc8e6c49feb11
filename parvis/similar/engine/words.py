"""Text to words: markup away, the language told apart, small words dropped, endings cut."""

import html
import re
import unicodedata
from functools import cache
from pathlib import Path

import snowballstemmer

LONGEST = 40_000
"""Characters of one text that are read: descriptions are shorter, and a hostile one costs no more."""
_LINK = re.compile(r"!?\[([^\]\[]{0,300})\]\([^()\s]{0,500}(?:\s[^()]{0,200})?\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]+@[^\s@.]+\.\S+")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,500}>")
_MARKS = re.compile(r"[*_`~#>|]+")
_WORD = re.compile(r"[^\W\d_]+(?:\d+)?")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_APPOINTMENT = re.compile(r"\brendez[-\s]vous\b", re.IGNORECASE)  # Its two words say nothing apart.
_CLITICS = ("qu", "l", "d", "n", "s", "j", "c", "m", "t", "jusqu", "lorsqu", "puisqu", "quelqu")

LANGUAGES = ("fr", "en")
_DATA = Path(__file__).parent / "data"


def _small_words() -> dict[str, frozenset[str]]:
    lines = (_DATA / "small_words.list").read_text(encoding="utf-8").splitlines()
    named = [line.partition(":") for line in lines if line and not line.startswith("#")]
    return {
        name: frozenset(" ".join(text for other, _, text in named if other == name).split()) for name, _, _ in named
    }


_SMALL = _small_words()


def plain(text: str) -> str:
    """Return Markdown or HTML as the words that a reader sees, addresses away, lines kept."""
    shown = html.unescape(text[:LONGEST])
    shown = _LINK.sub(r"\1", shown)
    shown = _ADDRESS.sub(" ", shown)
    shown = _TAG.sub(" ", shown)
    return _MARKS.sub(" ", shown)


def language(text: str, default: str = "fr") -> str:
    """Return "fr" or "en" by the small words of the text; the default when they do not tell."""
    words = [word.casefold() for word in _WORD.findall(text[:4000])]
    counts = {code: sum(word in _SMALL[f"{code} telling"] for word in words) for code in LANGUAGES}
    best = max(LANGUAGES, key=lambda code: (counts[code], code == default))
    return best if counts[best] else default


def fold(text: str) -> str:
    """Return the text in small letters without accents or ligatures."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    folded = lower.translate(_LATIN)
    return folded if folded.isascii() else _bare(folded)


def _bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


_LATIN = {code: _bare(chr(code)) for code in range(0x80, 0x250)} | {ord("œ"): "oe", ord("æ"): "ae", ord("’"): "'"}


def words(text: str) -> list[str]:
    """Return the words as written, elisions cut off ("l’eau" is "eau")."""
    found = _WORD.findall(_APPOINTMENT.sub("rendezvous", unicodedata.normalize("NFC", text[:LONGEST])))
    return [word for word in found if word.casefold() not in _CLITICS]


def sentences(text: str) -> list[str]:
    """Return the sentences of plain text, blanks made one."""
    return [" ".join(part.split()) for part in _SENTENCE.split(text) if part.strip()]


@cache
def _stemmer(code: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer({"fr": "french", "en": "english"}[code])


_stems: dict[tuple[str, str], str] = {}
_MOST_STEMS = 400_000


def stem(word: str, code: str) -> str:
    """Return the folded stem of a word, or "" for a word that says nothing."""
    lower = word.casefold()
    key = (lower, code)
    found = _stems.get(key)
    if found is None:
        if len(_stems) >= _MOST_STEMS:
            _stems.clear()
        found = _stems[key] = _stem(lower, code)
    # Two letters are an acronym when written as one: IA, RH.
    return found if len(found) > 2 or (found and word.isupper()) else ""  # noqa: PLR2004 - the shortest word that is read


def _stem(lower: str, code: str) -> str:
    if lower in _SMALL[code] or len(lower) > 40:  # noqa: PLR2004 - no word of either language is so long
        return ""
    if len(lower) <= 3:  # noqa: PLR2004 - too short to have an ending
        return fold(lower)
    return fold(_stemmer(code).stemWord(lower if code == "fr" else fold(lower)))


def stems(text: str, code: str) -> list[tuple[str, str]]:
    """Return (stem, word as written) of each word that says something, in order."""
    return [(found, word) for word in words(text) if (found := stem(word, code))]
