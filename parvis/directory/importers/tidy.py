"""Text as it should have been typed: repairs that change no meaning, made once for every field of a record."""

import html
import re
import unicodedata
from typing import Any

from parvis.directory.importers.findings import Findings, Kind

# Zero-width space, word joiner, byte order mark, soft hyphen; U+200C and U+200D build words and emoji: they stay.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|quot|amp|lt|gt|apos|nbsp);")
_URL = re.compile(r"https?:(?://|&#x2[fF];|&#47;)", re.IGNORECASE)
_URL_TAIL = re.compile(r"(?<![\s;,])[\s;,]+$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")


def fields(value: Any, file: str, found: Findings, path: str = "") -> Any:
    """Return the value with every text in it repaired; each repair is noted under its path."""
    if isinstance(value, str):
        return text(value, file, path, found)
    if isinstance(value, list):
        return [fields(item, file, found, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {
            text(name, file, path, found): fields(item, file, found, f"{path}.{name}".lstrip("."))
            for name, item in value.items()
        }
    return value


def text(value: str, file: str, path: str, found: Findings) -> str:
    """Return one field's text repaired."""
    if _is_plain(value):
        return value
    result = value
    for kind, repair in _REPAIRS:
        repaired = repair(result)
        if repaired != result:
            found.add(kind, file, path, was=result, done=repaired)
            result = repaired
    # A subclass says that the text was quoted, which the dates want to know.
    return type(value)(result)


def _is_plain(value: str) -> bool:
    """Say at little cost that nothing can be wrong: true of most values."""
    if not value.isascii() or not value.isprintable() or "&" in value:
        return False
    return not value or not (value[0] == " " or value[-1] in " ;,")


def body(value: str, file: str, found: Findings) -> str:
    """Return a description repaired; its HTML and no-break spaces are only remarked."""
    result = _compose(value)
    if result != value:
        found.add(Kind.NOT_NFC, file, "body", done="composed")
    visible = _INVISIBLE.sub("", result)
    if visible != result:
        found.add(Kind.INVISIBLE, file, "body", done=f"{len(result) - len(visible)} removed")
    if "\u00a0" in visible or "\u202f" in visible:
        found.add(Kind.BODY_NBSP, file, "body", done="kept")
    if tag := _TAG.search(visible):
        found.add(Kind.BODY_HTML, file, "body", was=tag.group(), done="kept as text")
    return visible


def without_tags(value: str) -> str:
    """Return the text of a sentence that holds inline HTML."""
    return " ".join(_TAG.sub("", value).split())


def _compose(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _decode(value: str) -> str:
    return html.unescape(value) if _ENTITY.search(value) else value


def _visible(value: str) -> str:
    return _INVISIBLE.sub("", value)


def _without_tail(value: str) -> str:
    return _URL_TAIL.sub("", value) if _URL.match(value.lstrip()) else value


_REPAIRS = (
    (Kind.NOT_NFC, _compose),
    (Kind.HTML_ENTITIES, _decode),
    (Kind.INVISIBLE, _visible),
    (Kind.URL_TAIL, _without_tail),
    (Kind.OUTER_BLANKS, str.strip),
)
