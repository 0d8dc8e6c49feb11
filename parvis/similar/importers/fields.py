"""Fields of a record as the columns of `Listing` want them; what had to be understood is noted."""

from typing import Any

from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.files import Document
from parvis.directory.importers.findings import Findings, Kind
from parvis.lib.text import one_line
from parvis.lib.web_address import can_be_linked
from parvis.similar.importers.wanted import MOST, WORD


def reader_of(fields: Any, file: str, key: str, found: Findings, path: str = "") -> Reader:
    """Return a reader of a map, or of nothing when it is no map."""
    if fields is not None and not isinstance(fields, dict):
        found.add(Kind.FIELD_TYPE, file, path, was=fields, done="nothing")
    return Reader(Document("services", key, file, fields if isinstance(fields, dict) else {}, ""), found)


def long_text(reader: Reader, field: str, limit: int) -> str:
    """Return a text with its lines."""
    value = reader.document.fields.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        converted = "" if isinstance(value, dict | list) else str(value)
        reader.note(Kind.FIELD_TYPE, field, was=value, done=converted)
        value = converted
    return reader.cut(value.strip(), field, limit)


def texts(reader: Reader, field: str, limit: int = WORD) -> list[str]:
    """Return a list of short texts; a single one is a list of one, as several formats allow."""
    value = reader.document.fields.get(field)
    items = [value] if isinstance(value, str) else reader.items(field)
    result = []
    for place, item in enumerate(items[:MOST]):
        if isinstance(item, dict | list) or item is None:
            reader.note(Kind.LIST_ITEM_TYPE, f"{field}[{place}]", was=item)
        elif line := one_line(str(item)):
            result.append(reader.cut(line, f"{field}[{place}]", limit))
    return list(dict.fromkeys(result))


def address(reader: Reader, field: str) -> str:
    """Return an address that a page may link to, or nothing: never a script, a path or what hides its host."""
    value = reader.document.fields.get(field)
    if value is None or value == "":
        return ""
    if isinstance(value, str) and can_be_linked(value.strip()):
        return value.strip()
    reader.note(Kind.LINK_REFUSED, field, was=value)
    return ""
