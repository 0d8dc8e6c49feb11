"""The list of government services that x-govuk keeps: a JSON file a service, its fields spelt in several manners."""

import json
from pathlib import Path
from typing import Any

from parvis.directory.importers import tidy
from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.files import read_text
from parvis.directory.importers.findings import Findings, Kind
from parvis.lib.text import slug
from parvis.lib.web_address import can_be_linked
from parvis.similar.engine import evidence
from parvis.similar.importers import wanted
from parvis.similar.importers.fields import address, long_text, reader_of, texts
from parvis.similar.importers.places import find
from parvis.similar.importers.wanted import Wanted

SOURCE = "govuk-services"
COUNTRY = "GB"
_DEEPEST = 30
# Fields as older and newer files spell them.
_SAME = {
    "liveservice": "liveService",
    "live-service": "liveService",
    "start-page": "startPage",
    "startpage": "startPage",
    "source-code": "sourceCode",
    "sourcecode": "sourceCode",
    "github": "sourceCode",
}
_USERS = {"business": "entreprise", "benefits": "particulier", "disabled": "particulier", "births": "particulier"}
_UNKNOWN_PHASES = {"", "unknown"}


def read(path: Path, found: Findings) -> list[Wanted]:
    """Return the services of a JSON file (one service, or a list of them), or of each file of a folder."""
    result: dict[str, Wanted] = {}
    for shown, file in find(path, found, lambda name: name.endswith(".json") and not name.startswith((".", "_"))):
        for key, fields in _records(file, shown, found):
            if key in result:
                found.add(Kind.KEY_TWICE, shown, was=key)
            else:
                result[key] = _wanted(key, tidy.fields(fields, shown, found), shown, found)
    return list(result.values())


def _records(file: Path, shown: str, found: Findings) -> list[tuple[str, dict[str, Any]]]:
    text = read_text(file, shown, found)
    if text is None:
        return []
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        found.add(Kind.INVALID_JSON, shown, was=str(error)[:120])
        return []
    items = value if isinstance(value, list) else [value]
    result = []
    for place, item in enumerate(items):
        if not isinstance(item, dict) or _depth(item) > _DEEPEST:
            found.add(Kind.INVALID_JSON, shown, f"[{place}]" if isinstance(value, list) else "", was=item)
            continue
        key = slug(str(item.get("name") or "")) if isinstance(value, list) else file.stem
        result.append((key[: wanted.KEY] or f"{file.stem}-{place + 1}", item))
    return result


def _depth(value: Any) -> int:
    """Return how deep a value is nested, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(item, dict | list) and depth <= _DEEPEST:
            waiting += [(inner, depth + 1) for inner in (item.values() if isinstance(item, dict) else item)]
    return deepest


def _wanted(key: str, fields: dict[str, Any], shown: str, found: Findings) -> Wanted:
    named = {_SAME.get(name.lower(), name): value for name, value in fields.items()}
    reader = reader_of(named, shown, key, found)
    status, theme = reader.text("phase", wanted.PHASE), reader.text("theme", wanted.WORD)
    phase = evidence.phase(status)
    if not phase and status.lower() not in _UNKNOWN_PHASES:
        reader.note(Kind.VALUE_UNKNOWN, "phase", was=status)
    description = long_text(reader, "description", wanted.TEXT)
    if not description:
        reader.note(Kind.FIELD_MISSING, "description")
    live, start = address(reader, "liveService"), address(reader, "startPage")
    values = {
        "name": reader.name("name", wanted.NAME),
        "synonyms": texts(reader, "synonyms"),
        "country": COUNTRY,
        "organization": reader.cut(" · ".join(texts(reader, "organisation")), "organisation", wanted.ORGANIZATION),
        "phase": phase,
        "raw_phase": status,
        "pitches": {"en": description} if description else {},
        "descriptions": {},
        "url": start or live,
        "code_url": _code(reader),
        "licence": "",
        "areas": sorted(evidence.areas([theme])),
        "users": sorted({users for start, users in _USERS.items() if theme.lower().startswith(start)}),
        "themes": [word for word in [theme, *texts(reader, "tags")] if word],
        "timeline": _timeline(reader),
        "raw": wanted.public(fields),
    }
    return Wanted(key, shown, values)


def _code(reader: Reader) -> str:
    """Return the first source code address; others stay in the record."""
    value = reader.document.fields.get("sourceCode")
    for item in value if isinstance(value, list) else [value]:
        link = (item.get("href") or item.get("url")) if isinstance(item, dict) else item
        if isinstance(link, str) and can_be_linked(link):
            return link
        if link:
            reader.note(Kind.LINK_REFUSED, "sourceCode", was=link)
    return ""


def _timeline(reader: Reader) -> list[dict[str, str]]:
    value = reader.document.fields.get("timeline")
    items = value.get("items") if isinstance(value, dict) else value
    result = []
    for place, item in enumerate(items[: wanted.MOST] if isinstance(items, list) else []):
        if not isinstance(item, dict):
            reader.note(Kind.EVENT_INVALID, f"timeline[{place}]", was=item)
            continue
        day = reader.day(item.get("date"), f"timeline[{place}].date")
        label = item.get("label")
        if day and isinstance(label, str):
            result.append({"date": day.isoformat(), "label": label[: wanted.WORD]})
    return result
