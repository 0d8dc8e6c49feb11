"""Fields of the portfolio read with the meaning that is expected of them; what had to be understood is noted."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from parvis.directory.importers.betagouv.references import References
from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.files import Document
from parvis.directory.importers.findings import Findings, Kind
from parvis.directory.importers.known import Known
from parvis.lib.web_address import LONGEST, can_be_linked
from parvis.portfolio.models import SourceFile, Term
from parvis.portfolio.vocabulary import STANDARD, make_term, term_key

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BARE_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)
_HTML_ENTITY = re.compile(r"&(#x?[0-9A-Fa-f]+|[a-z]+);")
_YES, _NO = {"true", "yes", "oui", "1"}, {"false", "no", "non", "0"}
_LARGEST = Decimal(10) ** 11


@dataclass
class Context:
    """What records of the folder may name, as far as the import has come."""

    known: Known
    references: References
    incubators: dict[str, UUID] = field(default_factory=dict)
    products: dict[str, UUID] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    new_terms: list[Term] = field(default_factory=list)

    def target(self, collection: str, key: str) -> UUID | None:
        """Return what a record became in the directory, if it is there."""
        return self.known.target(f"{collection}/{key}") if key else None

    def term(self, kind: Term.Kind, written: str) -> Term:
        """Return the term of a word, made when it is new."""
        key = kind.value, term_key(kind, written)
        if key not in self.terms:
            self.terms[key] = make_term(*key, written)
            self.new_terms.append(self.terms[key])
        return self.terms[key]


def silent(document: Document) -> Reader:
    """Return a reader that notes nothing: for what the directory's importer has read and noted."""
    return Reader(document, Findings())


def storable(value: Any, limit: int) -> str:
    """Return a raw text as it can be stored: letter for letter but for NUL and half characters."""
    if value is None:
        return ""
    return _UNSTORABLE.sub("", value if isinstance(value, str) else str(value))[:limit]


def text(reader: Reader, name: str, limit: int) -> str:
    """Return a text of several lines, cut to its column."""
    value = reader.document.fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        converted = str(value) if isinstance(value, bool | int | float) else ""
        reader.note(Kind.FIELD_TYPE, name, was=value, done=converted)
        value = converted
    return reader.cut(str(value), name, limit)


def texts(reader: Reader, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, repaired text and raw text of each item of a list."""
    raw = reader.document.raw.get(name)
    raw_items = raw if isinstance(raw, list) else [raw]
    for index, value in enumerate(reader.items(name)):
        path = f"{name}[{index}]"
        before = raw_items[index] if index < len(raw_items) else value
        if isinstance(value, str):
            if value:
                yield path, str(value), storable(before, 2000)
        elif isinstance(value, bool | int | float):
            reader.note(Kind.LIST_ITEM_TYPE, path, was=value, done=str(value))
            yield path, str(value), str(value)
        elif named := (silent(reader.document).reference(value, path) if isinstance(value, dict) else ""):
            reader.note(Kind.ITEM_MAP, path, was=value, done=named)
            yield path, named, named
        else:
            reader.note(Kind.LIST_ITEM_TYPE, path, was=value, done="left out")


def strings(reader: Reader, name: str) -> list[str]:
    """Return the texts of a list."""
    return [value for _path, value, _raw in texts(reader, name)]


def yes_no(reader: Reader, name: str) -> bool | None:
    """Return a yes, a no, or nothing."""
    value = reader.document.fields.get(name)
    if value is None or value == "" or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    word = str(value).strip().lower()
    result = True if word in _YES else False if word in _NO else None
    reader.note(Kind.FIELD_TYPE, name, was=value, done=result)
    return result


def web_address(reader: Reader, name: str) -> str:
    """Return an address that a page may link to, or nothing: never a script, a path or what hides its host."""
    value = text(reader, name, 2 * LONGEST).strip()
    if not value:
        return ""
    if _BARE_HOST.fullmatch(value):
        reader.note(Kind.LINK_COMPLETED, name, was=value, done=f"https://{value}")
        value = f"https://{value}"
    if not can_be_linked(value):
        reader.note(Kind.LINK_REFUSED, name, was=value)
        return ""
    return value


def amount(reader: Reader, value: Any, path: str) -> str | None:
    """Return an amount of money with two decimals, or None."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).replace("\u202f", "").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or not 0 <= number < _LARGEST:
        reader.note(Kind.AMOUNT_INVALID, path, was=value)
        return None
    return f"{number:.2f}"


def unknown_fields(reader: Reader, places: frozenset[str]) -> dict[str, Any]:
    """Return the fields that have no place in the model, to keep; each is noted."""
    rest = {name: value for name, value in reader.document.fields.items() if name not in places}
    for name, value in rest.items():
        reader.note(Kind.FIELD_UNKNOWN, name, was=value, done="kept")
    return rest


def note_term(reader: Reader, kind: Term.Kind, path: str, written: str, term: Term) -> None:
    """Note a word that is in no list, or that is written otherwise than its term."""
    if kind is Term.Kind.TECHNOLOGY:
        if written != " ".join(written.lower().split()):
            reader.note(Kind.TECHNOLOGY_FOLDED, path, was=written, done=term.key)
        return
    official = term.key if kind is Term.Kind.USER_TYPE else term.label_fr
    if (kind.value, term.key) not in STANDARD:
        reader.note(Kind.USER_TYPE_FREE if kind is Term.Kind.USER_TYPE else Kind.THEME_FREE, path, was=written)
        official = term.label_fr
    if written != official:
        reader.note(Kind.TERM_FOLDED, path, was=written, done=official)


def defects(document: Document) -> list[str]:
    """Return what statistics count of a product's raw text."""
    found = []
    if any(_HTML_ENTITY.search(value) for value in _strings_in(document.raw)):
        found.append(SourceFile.Defect.HTML_ENTITY.value)
    heads = (document.raw.get(name) for name in ("title", "mission"))
    if any(isinstance(value, str) and value != value.strip() for value in heads):
        found.append(SourceFile.Defect.UNTRIMMED.value)
    if not unicodedata.is_normalized("NFC", document.raw_body):
        found.append(SourceFile.Defect.BODY_NOT_NFC.value)
    return found


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings_in(item)
