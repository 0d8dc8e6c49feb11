"""A small folder in the layout of the repository, written anew by each test: nothing of the real one is kept here."""

from datetime import date
from pathlib import Path

from parvis.directory.importers.betagouv import reader
from parvis.directory.importers.betagouv.reader import Already, Reading
from parvis.directory.importers.findings import Kind

TODAY = date(2026, 9, 1)
# What only the portfolio reads, and its tests try (tests/portfolio/importers).
OF_THE_PORTFOLIO = {
    Kind.FIELD_UNKNOWN, Kind.LIST_ITEM_TYPE, Kind.LINK_REFUSED, Kind.LINK_COMPLETED, Kind.KEY_REFUSED,
    Kind.USER_TYPE_FREE, Kind.THEME_FREE, Kind.TERM_FOLDED, Kind.TECHNOLOGY_FOLDED, Kind.EVENT_INVALID,
    Kind.EVENT_NAME_UNKNOWN, Kind.EVENT_DATE_MISSING, Kind.AMOUNT_INVALID, Kind.FIELD_EDITED_HERE, Kind.TAKEN_HERE,
}  # fmt: skip
# What only the formats of other countries' lists can hold (tests/similar).
OF_OTHER_FORMATS = {Kind.INVALID_JSON, Kind.FIELD_MISSING}
Files = dict[str, str | bytes | None]

BASE = {
    "_organisations/dnum.md": "name: Direction du numérique\nacronym: DNUM\ntype: administration-centrale",
    "_organisations/metropole.md": "name: Métropole d'Armor\nacronym: MA\ntype: collectivite-territoriale",
    "_incubators/atelier.md": "title: L'Atelier\nowner: /organisations/dnum\nshort_description: Un lieu pour essayer.",
    "_incubators/fabrique.md": "title: La Fabrique\nowner: /organisations/metropole\nhidden: true",
    "_startups/carnet.md": (
        "title: Carnet\nmission: Suivre sa santé\nincubator: atelier\nphases:\n"
        "  - name: investigation\n    start: 2024-01-10\n    end: 2024-05-01\n"
        "  - name: construction\n    start: 2024-05-01"
    ),
    "_startups/abri.md": (
        "title: Abri\nmission: Trouver un toit\nincubator: fabrique\nphases:\n"
        "  - name: investigation\n    start: 2023-01-01\n    end: 2023-06-01\n"
        "  - name: abandon-investigation\n    start: 2023-06-01"
    ),
    "_authors/lea.md": (
        "fullname: Léa Martin\nrole: Développeuse\ndomaine: Développement\nmissions:\n"
        "  - start: 2025-01-01\n    end: 2026-12-31\n    status: admin\n    employer: DNUM\n    startups: [carnet]"
    ),
    "_authors/omar.md": (
        "fullname: Omar HADDAD\nrole: Coach\ndomaine: Coaching\nmissions:\n"
        "  - start: 2024-02-01\n    end: 2024-12-31\n    status: independent\n    employer: Malt\n"
        "    startups:\n      - carnet"
    ),
}


def write(root: Path, files: Files, *, base: bool = True) -> Path:
    """Write the base and then some files; a text without `---` is put between fences, None removes the file."""
    everything: Files = {**(BASE if base else {}), **files}
    for name, content in everything.items():
        file = root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            file.unlink(missing_ok=True)
        elif isinstance(content, bytes):
            file.write_bytes(content)
        else:
            text = content if "---" in content else f"---\n{content}\n---\n"
            file.write_text(text, encoding="utf-8", newline="")
    return root


def read(root: Path, already: Already | None = None) -> Reading:
    """Read the folder without a database."""
    return reader.read(reader.content_folder(root), already or Already(), TODAY)
