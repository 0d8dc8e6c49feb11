"""publiccode.yml 0.7, and what older versions said otherwise: https://yml.publiccode.tools/ (the standard, CC0)."""

from pathlib import Path
from typing import Any

from parvis.directory.importers import front_matter, tidy
from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.files import read_text
from parvis.directory.importers.findings import Findings, Kind
from parvis.lib.text import one_line
from parvis.similar.engine import evidence
from parvis.similar.importers import wanted
from parvis.similar.importers.fields import address, long_text, reader_of, texts
from parvis.similar.importers.places import find
from parvis.similar.importers.wanted import Wanted

SOURCE = "publiccode"
_FILES = {"publiccode.yml", "publiccode.yaml"}
_VERSIONS = {"0", "0.1", "0.2", "0.2.0", "0.2.1", "0.2.2", "0.3", "0.3.0", "0.4", "0.4.0", "0.5", "0.5.0", "0.6", "0.7"}
_VERSIONS |= {"0.7.0"}
_COUNTRY = 2


def read(path: Path, found: Findings) -> list[Wanted]:
    """Return the software of a publiccode.yml, or of each in a folder; a bad file is left out by name."""
    result: dict[str, Wanted] = {}
    for shown, file in find(path, found, lambda name: name.lower() in _FILES):
        item = _read(file, shown, found)
        if item is not None and item.key in result:
            found.add(Kind.KEY_TWICE, shown, was=item.key)
        elif item is not None:
            result[item.key] = item
    return list(result.values())


def _read(file: Path, shown: str, found: Findings) -> Wanted | None:
    text = read_text(file, shown, found)
    if text is None:
        return None
    try:
        fields, repeated = front_matter.load(text)
    except front_matter.InvalidYamlError as error:
        found.add(Kind.INVALID_YAML, shown, was=str(error))
        return None
    except front_matter.RefusedYamlError as error:
        found.add(Kind.YAML_REFUSED, shown, was=str(error))
        return None
    for name in repeated:
        found.add(Kind.KEY_REPEATED, shown, name, done="the last one counts")
    return _wanted(tidy.fields(fields, shown, found), shown, found)


def _wanted(fields: dict[str, Any], shown: str, found: Findings) -> Wanted:
    parent = Path(shown).parent.name or Path(shown).stem
    reader = reader_of(fields, shown, parent, found)
    version = reader.text("publiccodeYmlVersion", 20)
    if version not in _VERSIONS:
        reader.note(Kind.VALUE_UNKNOWN if version else Kind.FIELD_MISSING, "publiccodeYmlVersion", was=version)
    code = address(reader, "url")
    key = reader.cut(code or f"file:{shown}", "url", wanted.KEY)
    if not code and not fields.get("url"):
        reader.note(Kind.FIELD_MISSING, "url", done=key)
    audience = reader_of(fields.get("intendedAudience"), shown, key, found, "intendedAudience")
    legal = reader_of(fields.get("legal"), shown, key, found, "legal")
    scope = texts(audience, "scope")
    status = reader.text("developmentStatus", wanted.PHASE)
    phase = evidence.phase(status)
    if status and not phase:
        reader.note(Kind.VALUE_UNKNOWN, "developmentStatus", was=status)
    values = {
        "name": reader.name("name", wanted.NAME),
        "country": _country(fields, audience),
        "organization": _organization(reader, legal, found),
        "phase": phase,
        "raw_phase": status,
        "url": address(reader, "landingURL"),
        "code_url": code,
        "licence": legal.text("license", wanted.LICENCE),
        "areas": sorted(evidence.areas(scope)),
        "users": [],
        "themes": [*scope, *texts(reader, "categories"), *texts(reader, "tags")][: wanted.MOST],
        "timeline": _timeline(reader),
        "raw": wanted.public(fields),
        **_told(reader, found),
    }
    return Wanted(key, shown, values)


def _told(reader: Reader, found: Findings) -> dict[str, Any]:
    """Return the names and texts, by language."""
    file, key = reader.document.file, reader.document.key
    descriptions = reader_of(reader.document.fields.get("description"), file, key, found, "description")
    pitches, bodies, names = dict[str, str](), dict[str, str](), list[str]()
    for tag, value in descriptions.document.fields.items():
        part = reader_of(value, file, key, found, f"description.{tag}")
        code = str(tag).replace("_", "-").split("-")[0].lower()[:8]
        # Deprecated since 0.3 and gone in 0.7, yet in most files: a kind of name in a few words.
        names += [part.text("localisedName", wanted.NAME), part.text("genericName", wanted.NAME)]
        body = long_text(part, "longDescription", wanted.TEXT)
        features = "\n".join(f"- {feature}" for feature in texts(part, "features"))
        pitches.setdefault(code, part.text("shortDescription", wanted.SENTENCE))
        bodies.setdefault(code, f"{body}\n\n{features}".strip())
    if not any(pitches.values()) and not any(bodies.values()):
        reader.note(Kind.FIELD_MISSING, "description")
    synonyms = [name for name in dict.fromkeys(names) if name and name != reader.document.fields.get("name")]
    return {
        "synonyms": synonyms,
        "pitches": {code: text for code, text in pitches.items() if text},
        "descriptions": {code: text for code, text in bodies.items() if text},
    }


def _organization(reader: Reader, legal: Reader, found: Findings) -> str:
    """Return who is behind it: the standard's own field since 0.7, else what older versions had."""
    own = reader.document.fields.get("organisation")
    part = reader_of(own, reader.document.file, reader.document.key, found, "organisation")
    name = part.text("name", wanted.ORGANIZATION) or legal.text("repoOwner", wanted.ORGANIZATION)
    return name or legal.text("mainCopyrightOwner", wanted.ORGANIZATION) or part.text("uri", wanted.ORGANIZATION)


def _country(fields: dict[str, Any], audience: Reader) -> str:
    """Return the country: the only one it is meant for, else the one whose section it holds."""
    meant = [country.upper() for country in texts(audience, "countries") if len(country) == _COUNTRY]
    if len(meant) == 1 and meant[0].isascii() and meant[0].isalpha():
        return meant[0]
    sections = [name.upper() for name in fields if len(name) == _COUNTRY and isinstance(fields[name], dict)]
    return sections[0] if len(sections) == 1 and sections[0].isascii() and sections[0].isalpha() else ""


def _timeline(reader: Reader) -> list[dict[str, str]]:
    day = reader.day(reader.document.fields.get("releaseDate"), "releaseDate")
    version = one_line(reader.text("softwareVersion", 60))
    return [{"date": day.isoformat(), "label": version}] if day else []
