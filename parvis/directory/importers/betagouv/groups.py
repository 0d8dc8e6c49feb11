"""Organisations, incubators and products to what is wanted of the directory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from parvis.directory.importers import slugs, tidy
from parvis.directory.importers.betagouv import phases
from parvis.directory.importers.betagouv.references import References
from parvis.directory.importers.betagouv.values import Reader, alike
from parvis.directory.importers.files import Document
from parvis.directory.importers.findings import Findings, Kind
from parvis.directory.importers.wanted import Becomes, Wanted

_KINDS = {
    "administration-centrale": "central",
    "service-deconcentre": "deconcentrated",
    "operateur": "operator",
    "securite-sociale": "social-security",
    "collectivite-territoriale": "local-authority",
    "autre": "other",
}


def organisation(reader: Reader) -> Wanted:
    """Return the organisation of a sponsor administration."""
    note_slug(reader)
    values = {
        "name": reader.name("name", 250),
        "acronym": reader.text("acronym", 40),
        "kind": reader.choice("type", _KINDS, "other"),
    }
    return _wanted(reader, Becomes.ORGANIZATION, values)


def incubator(reader: Reader, known: References) -> Wanted:
    """Return the group of an incubator. A hidden one shows to people who are signed in only."""
    note_slug(reader)
    owner = reader.reference(reader.document.fields.get("owner"), "owner")
    if owner and owner not in known.organisations:
        reader.note(Kind.UNKNOWN_OWNER, "owner", was=owner, done="none")
        owner = ""
    values = {
        "name": reader.name("title", 250),
        "kind": "incubator",
        "description": _sentence(reader, "short_description"),
        "organization": owner and f"organisations/{owner}",
        "parent": "",
        "visibility": "network" if reader.document.fields.get("hidden") is True else "public",
        "closed_on": None,
    }
    return _wanted(reader, Becomes.GROUP, values)


def product(reader: Reader, known: References, today: date) -> Wanted:
    """Return the team of a product, under its main incubator; closed on the day the product stopped."""
    note_slug(reader)
    above = main_incubator(reader, known)
    stopped = phases.closed_on(reader, today)
    if stopped:
        known.stopped[reader.document.key] = stopped
    for name in reader.references("sponsors"):
        if name not in known.organisations:
            reader.note(Kind.UNKNOWN_SPONSOR, "sponsors", was=name, done="kept in the source record")
    values = {
        "name": reader.name("title", 250),
        "kind": "team",
        "description": _sentence(reader, "mission"),
        "organization": "",
        "parent": above and f"incubators/{above}",
        "visibility": "public",
        "closed_on": stopped.isoformat() if stopped else None,
    }
    return _wanted(reader, Becomes.GROUP, values)


def main_incubator(reader: Reader, known: References) -> str:
    """Return the incubator under which the team is, if it exists."""
    fields = reader.document.fields
    named = "incubator" if fields.get("incubator") else "owner"
    main = reader.reference(fields.get(named), named)
    others = [key for key in reader.references("incubators") if key != main]
    if others:
        reader.note(Kind.SECOND_INCUBATOR, "incubators", was=", ".join(others), done=f"under {main}")
    if main in known.incubators:
        if named == "owner":
            reader.note(Kind.FIELD_OLD, "owner", was=main, done=f"under {main}")
        return main
    if main:
        reader.note(Kind.UNKNOWN_INCUBATOR, named, was=main, done="under no incubator")
    return ""


def _sentence(reader: Reader, field: str) -> str:
    """Return a sentence without inline HTML, as long as a group's description may be."""
    value = reader.document.fields.get(field)
    if isinstance(value, str) and (plain := tidy.without_tags(value)) != " ".join(value.split()):
        reader.note(Kind.HTML_REMOVED, field, was=value, done=plain)
        return reader.cut(plain, field, 2000)
    return reader.text(field, 2000)


def _wanted(reader: Reader, becomes: Becomes, values: Mapping[str, str | None]) -> Wanted:
    document = reader.document
    return Wanted(
        becomes, document.collection, document.key, document.file, dict(values), document.fields, document.body
    )


def note_slug(reader: Reader) -> None:
    """Note an id that cannot be an address on the site."""
    if (slug := slugs.base(reader.document.key)) != reader.document.key:
        reader.note(Kind.SLUG_ADAPTED, "id", was=reader.document.key, done=slug)


def note_alike(documents: Iterable[Document], found: Findings) -> None:
    """Note the records of one collection whose ids are easily mistaken for each other."""
    forms = defaultdict(list)
    for document in documents:
        forms[alike(document.key)].append(document)
    for same in forms.values():
        for document in same[1:]:
            found.add(Kind.KEYS_ALIKE, document.file, "id", was=same[0].key, done=f"{document.key} is another record")


def note_shared_repositories(documents: Iterable[Document], found: Findings) -> None:
    """Note the code repositories that several products give."""
    owners = defaultdict(list)
    for document in documents:
        address = document.fields.get("repository")
        if isinstance(address, str) and address:
            owners[address.lower().removesuffix(".git").rstrip("/")].append(document)
    for address, same in owners.items():
        if len(same) > 1:
            names = ", ".join(document.key for document in same)
            found.add(Kind.REPOSITORY_SHARED, same[0].file, "repository", was=address, done=names)
