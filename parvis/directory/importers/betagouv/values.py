"""Fields of a record read with the meaning that is expected of them; what had to be understood is noted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.directory.importers.files import Document
from parvis.directory.importers.findings import Findings, Kind
from parvis.directory.importers.front_matter import Quoted
from parvis.lib.text import fold, one_line

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LOOSE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_FRENCH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_YEARS = range(1900, 2200)
_IDENTIFIERS = ("id", "name", "startup", "slug", "product")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the fields of one document; findings carry its file."""

    document: Document
    found: Findings

    def note(self, kind: Kind, field: str = "", *, was: object = "", done: object = "") -> None:
        """Note a finding on this document."""
        self.found.add(kind, self.document.file, field, was=was, done=done)

    def text(self, field: str, limit: int, *, default: str = "") -> str:
        """Return a text on one line, cut to its column."""
        value = self.document.fields.get(field)
        if value is not None and not isinstance(value, str):
            converted = str(value) if isinstance(value, bool | int | float) else default
            self.note(Kind.FIELD_TYPE, field, was=value, done=converted)
            value = converted
        line = one_line(value or "") or default
        return self.cut(line, field, limit)

    def cut(self, value: str, field: str, limit: int) -> str:
        """Return the text, cut at a word when it is longer than its column."""
        if len(value) <= limit:
            return value
        short = value[: limit - 1].rsplit(" ", 1)[0][: limit - 1].rstrip() + "…"
        self.note(Kind.TOO_LONG, field, was=f"{len(value)} characters", done=f"{len(short)} characters")
        return short

    def name(self, field: str, limit: int) -> str:
        """Return the record's name, made from its id when it has none."""
        if value := self.text(field, limit):
            return value
        made = one_line(re.sub(r"[._-]+", " ", self.document.key)).title() or self.document.key
        self.note(Kind.NAME_MISSING, field, done=made)
        return self.cut(made, field, limit)

    def choice(self, field: str, meanings: Mapping[str, str], default: str) -> str:
        """Return the directory's word for the source's word."""
        value = self.text(field, 200)
        if value and value not in meanings:
            self.note(Kind.VALUE_UNKNOWN, field, was=value, done=default)
        return meanings.get(value, default)

    def items(self, field: str) -> list[Any]:
        """Return a list; a single value is a list of one."""
        value = self.document.fields.get(field)
        if value is None or value == "":
            return []
        if not isinstance(value, list):
            self.note(Kind.FIELD_TYPE, field, was=value, done="a list of one")
            return [value]
        return value

    def references(self, field: str) -> list[str]:
        """Return the identifiers that a list names."""
        found = [self.reference(value, f"{field}[{index}]") for index, value in enumerate(self.items(field))]
        return [identifier for identifier in found if identifier]

    def reference(self, value: Any, field: str) -> str:
        """Return the identifier in `ID`, `/collection/ID`, a map with an `id`, or a map of one name; else ""."""
        if isinstance(value, dict):
            named = next((value[name] for name in _IDENTIFIERS if isinstance(value.get(name), str)), None)
            result = named or (next(iter(value)) if len(value) == 1 else "")
            self.note(Kind.ITEM_MAP, field, was=value, done=result)
            value = result
        if value is None or isinstance(value, list):
            return ""
        return one_line(str(value)).rstrip("/").rpartition("/")[2]

    def day(self, value: Any, field: str) -> date | None:
        """Return the date a value stands for, or None."""
        if value is None or value == "":
            return None
        text = value.strip() if isinstance(value, str) else str(value)
        result = _date(text)
        if result is None:
            self.note(Kind.DATE_INVALID, field, was=value)
        elif not _ISO.fullmatch(text):
            self.note(Kind.DATE_REWRITTEN, field, was=text, done=result.isoformat())
        elif isinstance(value, Quoted):
            self.note(Kind.DATE_QUOTED, field, was=text, done=result.isoformat())
        return result


def _date(text: str) -> date | None:
    if match := _LOOSE.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _FRENCH.fullmatch(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def person_name(full: str) -> tuple[str, str]:
    """Return given and family name: the family name is what is in capitals, else all but the first word."""
    words = full.split()
    capitals = [len(word) > 1 and word.isupper() for word in words]
    if any(capitals) and not all(capitals):
        first = capitals.index(True)
        if first == 0:
            last = capitals.index(False)
            return " ".join(words[last:]), " ".join(words[:last])
        return " ".join(words[:first]), " ".join(words[first:])
    return (words[0], " ".join(words[1:])) if words else ("", "")


def alike(key: str) -> str:
    """Return the id without case, accents and punctuation: two ids with one such form are easily mistaken."""
    return fold(key).replace(" ", "")
