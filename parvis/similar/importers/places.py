"""Where the records of other directories are: a file, or a folder of many."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from parvis.directory.importers.files import is_inside
from parvis.directory.importers.findings import Findings, Kind

_DEEPEST = 8
MOST = 50_000
"""Files that one import opens."""


def find(path: Path, found: Findings, is_record: Callable[[str], bool]) -> Iterator[tuple[str, Path]]:
    """Yield the name for the report and the path of each record file, in order; links out of the folder are noted."""
    if not path.is_dir():
        yield path.name, path
        return
    number = 0
    for folder, names, files in os.walk(path):
        depth = len(Path(folder).relative_to(path).parts)
        names[:] = sorted(name for name in names if not name.startswith(".")) if depth < _DEEPEST else []
        for name in sorted(filter(is_record, files)):
            file = Path(folder) / name
            shown = str(file.relative_to(path)).encode("utf-8", "replace").decode()
            if file.is_symlink() and not is_inside(file, path):
                found.add(Kind.LINK_OUTSIDE, shown)
                continue
            number += 1
            if number > MOST:
                found.add(Kind.NOT_A_FILE, shown, was=f"more than {MOST} files", done="the others are not read")
                return
            yield shown, file
