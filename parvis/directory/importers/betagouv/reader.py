"""The folder to everything that is wanted of the directory, in the order in which it can be written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from parvis.directory.importers import files
from parvis.directory.importers.betagouv import groups, people
from parvis.directory.importers.betagouv.references import References
from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.files import Folder
from parvis.directory.importers.findings import Findings, Kind
from parvis.directory.importers.wanted import Wanted

SOURCE = "betagouv"
COLLECTIONS = ["organisations", "incubators", "startups", "authors"]
_FEW = 20


class NotTheLayoutError(ValueError):
    """The folder holds none of the collections."""


@dataclass(frozen=True)
class Already:
    """What earlier imports left: ids by collection, and what known organisations are called."""

    keys: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Reading:
    """What the folder asks for: records by collection, and the ids that left the source for good."""

    wanted: dict[str, list[Wanted]]
    vanished: dict[str, set[str]]
    findings: Findings
    root: Path
    today: date
    folders: dict[str, Folder]
    references: References


def content_folder(path: Path) -> Path:
    """Return the folder of collections: the path itself, or its `content`. Raises NotTheLayoutError."""
    for candidate in (path, path / "content"):
        if any((candidate / f"_{name}").is_dir() for name in COLLECTIONS):
            return candidate
    raise NotTheLayoutError(f"{path} holds none of the folders {', '.join('_' + name for name in COLLECTIONS)}.")


def read(root: Path, already: Already, today: date, tick: Callable[[], None] = lambda: None) -> Reading:
    """Return all records of the folder; nothing that one of them holds stops the others."""
    found = Findings()
    folders = {name: files.read_folder(root, name, found, tick) for name in COLLECTIONS}
    vanished = {name: _vanished(name, folder, already, found) for name, folder in folders.items()}
    known = _references(folders, vanished, already)
    for folder in folders.values():
        groups.note_alike(folder.documents.values(), found)
    groups.note_shared_repositories(folders["startups"].documents.values(), found)
    makers: dict[str, Callable[[Reader], Wanted]] = {
        "organisations": groups.organisation,
        "incubators": lambda reader: groups.incubator(reader, known),
        "startups": lambda reader: groups.product(reader, known, today),
        "authors": lambda reader: people.person(reader, known),
    }
    wanted = {
        name: [make(Reader(document, found)) for document in folders[name].documents.values()]
        for name, make in makers.items()
    }
    return Reading(wanted, vanished, found, root, today, folders, known)


def _vanished(name: str, folder: Folder, already: Already, found: Findings) -> set[str]:
    """Return the ids that are gone: not those of a file that could not be read, nor of a copy that lost most files."""
    before = already.keys.get(name, set())
    gone = before - set(folder.documents) - folder.unreadable
    if not folder.is_present or (len(gone) > _FEW and len(gone) > len(before) / 2):
        if gone and folder.is_present:
            found.add(Kind.MANY_VANISHED, f"_{name}", was=f"{len(gone)} of {len(before)}", done="nothing")
        return set()
    for key in sorted(gone):
        found.add(Kind.VANISHED, f"_{name}/{key}.md")
    return gone


def _references(folders: dict[str, Folder], vanished: dict[str, set[str]], already: Already) -> References:
    """Return what may be named; a record that is only unreadable today keeps what points to it."""
    keys = {
        name: set(folder.documents) | (already.keys.get(name, set()) - vanished[name])
        for name, folder in folders.items()
    }
    known = References(keys["organisations"], keys["incubators"], keys["startups"])
    known.learn_products(folders["startups"].documents.values())
    read_now = folders["organisations"].documents
    for key, document in read_now.items():
        names = (document.fields.get(name) for name in ("name", "acronym"))
        known.learn_organisation(key, *(name for name in names if isinstance(name, str)))
    for key in keys["organisations"] - set(read_now):
        known.learn_organisation(key, *already.names.get(key, ()))
    return known
