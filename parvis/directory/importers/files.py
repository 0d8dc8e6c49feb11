"""A folder of Markdown files to documents. One bad file never stops the others: it is left out by name."""

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.directory.importers import front_matter, tidy
from parvis.directory.importers.findings import Findings, Kind

MAX_BYTES = 2 * 1024 * 1024
MAX_KEY = 200
_SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class Document:
    """One record, its text repaired; `raw` and `raw_body` are what the source wrote, for who counts its defects."""

    collection: str
    key: str
    file: str
    fields: dict[str, Any]
    body: str
    raw: dict[str, Any] = field(default_factory=dict)
    raw_body: str = ""


@dataclass
class Folder:
    """What a folder of records gave: its documents by id, and the ids that could not be read."""

    documents: dict[str, Document]
    unreadable: set[str]
    is_present: bool = True
    names: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Each file by its own name: the id, and whether it begins as front matter does."""


def read_folder(root: Path, collection: str, found: Findings, tick: Callable[[], None] = lambda: None) -> Folder:
    """Return every record of `root/_collection`, in the order of ids."""
    folder = Folder({}, set())
    for key, file, path in _entries(root, f"_{collection}", found, folder):
        tick()
        if key in folder.documents or key in folder.unreadable:
            found.add(Kind.KEY_TWICE, file, was=key)
            folder.names[file.partition("/")[2]] = key, False
            continue
        document, has_front_matter = _read(path, collection, key, file, found)
        folder.names[file.partition("/")[2]] = key, has_front_matter
        if document is None:
            folder.unreadable.add(key)
        else:
            folder.documents[key] = document
    return folder


def count_files(root: Path, collections: list[str]) -> int:
    """Return how many entries the folders hold, for the progress bar."""
    return sum(len(os.listdir(root / f"_{name}")) for name in collections if (root / f"_{name}").is_dir())  # noqa: PTH208 - names only


def _entries(root: Path, name: str, found: Findings, folder: Folder) -> Iterator[tuple[str, str, Path]]:
    """Yield id, name for the report and path of each file worth opening; note the others."""
    place = root / name
    if not place.is_dir() or not is_inside(place, root):
        found.add(Kind.LINK_OUTSIDE if place.is_symlink() else Kind.FOLDER_MISSING, name)
        folder.is_present = False
        return
    with os.scandir(place) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        shown = entry.name.encode("utf-8", "replace").decode()
        file = f"{name}/{shown}"
        key = unicodedata.normalize("NFC", shown.removesuffix(_SUFFIX))
        if problem := _entry_problem(entry, root, key):
            folder.unreadable.add(key)
            found.add(problem, file)
            continue
        if not shown.endswith(_SUFFIX):
            found.add(Kind.SUFFIX_MISSING, file, was=shown, done=f"id {key}")
        if key != shown.removesuffix(_SUFFIX):
            found.add(Kind.NOT_NFC, file, "id", was=shown, done=key)
        yield key, file, Path(entry.path)


def _entry_problem(entry: os.DirEntry[str], root: Path, key: str) -> Kind | None:
    if entry.is_symlink() and not is_inside(Path(entry.path), root):
        return Kind.LINK_OUTSIDE
    if entry.name.startswith(".") or not entry.is_file():
        return Kind.NOT_A_FILE
    return Kind.KEY_TOO_LONG if len(key) > MAX_KEY else None


def is_inside(path: Path, root: Path) -> bool:
    """Say whether a path, links followed, stays in a folder."""
    return path.resolve().is_relative_to(root.resolve())


def _read(path: Path, collection: str, key: str, file: str, found: Findings) -> tuple[Document | None, bool]:
    """Return the record, if it can be read, and whether the file begins as front matter does."""
    text = read_text(path, file, found)
    if text is None:
        return None, False
    parsed = _parsed(text, file, found)
    if parsed is None:
        return None, text.startswith("---")
    if not parsed.is_closed:
        found.add(Kind.FRONT_MATTER_OPEN, file)
    for name in parsed.repeated:
        found.add(Kind.KEY_REPEATED, file, name, done="the last one counts")
    fields, body = tidy.fields(parsed.fields, file, found), tidy.body(parsed.body, file, found)
    return Document(collection, key, file, fields, body, parsed.fields, parsed.body), True


def _parsed(text: str, file: str, found: Findings) -> front_matter.FrontMatter | None:
    try:
        parsed = front_matter.read(text)
    except front_matter.InvalidYamlError as error:
        found.add(Kind.INVALID_YAML, file, was=str(error))
        return None
    except front_matter.RefusedYamlError as error:
        found.add(Kind.YAML_REFUSED, file, was=str(error))
        return None
    if parsed is None:
        found.add(Kind.NO_FRONT_MATTER, file, was=text[:40])
    return parsed


def read_text(path: Path, file: str, found: Findings) -> str | None:
    """Return the text of a file, line ends and encoding repaired, or None with what stands against it."""
    try:
        data = _bytes(path)
    except OSError as error:
        found.add(Kind.FILE_UNREADABLE, file, was=error.strerror or "")
        return None
    if len(data) > MAX_BYTES:
        found.add(Kind.FILE_TOO_LARGE, file, was=f"more than {MAX_BYTES} bytes")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.add(Kind.NOT_UTF8, file, was=f"byte {data[error.start]:#04x} at {error.start}", done="Windows-1252")
        text = data.decode("cp1252", "replace")
    if "\r" in text:
        found.add(Kind.CRLF, file, done="LF")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.lstrip("\n") if text[:1] == "\n" else text


def _bytes(path: Path) -> bytes:
    """Read a regular file, never more than the limit; a pipe put in its place meanwhile does not make us wait."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(descriptor, "rb") as opened:  # noqa: PTH123 - a descriptor, not a path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a regular file")
        return opened.read(MAX_BYTES + 1)
