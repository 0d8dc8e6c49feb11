"""Each defect that is known, one at a time: it is named, and the other records are read."""

import os
from pathlib import Path

import pytest

from parvis.directory.importers.betagouv.reader import Already
from parvis.directory.importers.findings import Kind
from parvis.directory.importers.front_matter import MAX_NODES
from tests.directory.importers.tree import BASE, OF_OTHER_FORMATS, OF_THE_PORTFOLIO, Files, read, write

CARNET = "title: Carnet\nmission: Suivre sa santé\nincubator: atelier"
LEA = (
    "fullname: Léa Martin\nrole: Développeuse\nmissions:\n  - start: 2025-01-01\n    end: 2026-12-31\n    status: admin"
)


def phases(*items: str) -> str:
    return CARNET + "\nphases:\n" + "\n".join(f"  - {{{item}}}" for item in items)


def mission(*items: str) -> str:
    return "fullname: Léa Martin\nmissions:\n" + "\n".join(f"  - {{{item}}}" for item in items)


DAYS = "start: 2025-01-01, end: 2025-02-01"
INVESTIGATION = "name: investigation, start: 2024-01-10, end: 2024-05-01"
CONSTRUCTION = "name: construction, start: 2024-05-01"

# Defects of one file: the text of the file, for each kind.
ONE_FILE: dict[str, list[tuple[Kind, str | bytes]]] = {
    "_startups/b.md": [
        (Kind.FILE_TOO_LARGE, b"---\ntitle: A\n---\n" + b"x" * (2 * 1024 * 1024)),
        (Kind.NOT_UTF8, "---\ntitle: Été\n---\n".encode("cp1252")),
        (Kind.CRLF, "---\r\ntitle: B\r\n---\r\nText\r\n"),
        (Kind.NO_FRONT_MATTER, b"Just a text."),
        (Kind.NO_FRONT_MATTER, b""),
        (Kind.FRONT_MATTER_OPEN, "---\ntitle: B\n"),
        (Kind.INVALID_YAML, "title: 'B"),
        (Kind.INVALID_YAML, "title: B: C"),
        (Kind.YAML_REFUSED, "a: &a [x]\nb: *a"),
        (Kind.YAML_REFUSED, "a: [" + "x, " * (MAX_NODES + 1) + "]"),
        (Kind.KEY_REPEATED, "title: A\ntitle: B"),
        (Kind.OUTER_BLANKS, "title: ' B '"),
        (Kind.NOT_NFC, "title: E\u0301te\u0301"),
        (Kind.NOT_NFC, "---\ntitle: B\n---\nE\u0301te\u0301"),
        (Kind.INVISIBLE, "---\ntitle: B\n---\na\u200bb"),
        (Kind.INVISIBLE, 'title: "B\\0"'),
        (Kind.HTML_ENTITIES, "title: B\nlink: https:&#x2F;&#x2F;b.example"),
        (Kind.HTML_REMOVED, "title: B\nmission: Le <b>bien</b>"),
        (Kind.URL_TAIL, "title: B\nrepository: 'https://b.example/x; '"),
        (Kind.TOO_LONG, f"title: {'long ' * 100}"),
        (Kind.BODY_HTML, "---\ntitle: B\n---\n<img src=x>"),
        (Kind.BODY_NBSP, "---\ntitle: B\n---\nQuoi\u00a0?"),
        (Kind.UNKNOWN_INCUBATOR, "title: B\nincubator: nowhere"),
        (Kind.UNKNOWN_SPONSOR, "title: B\nsponsors: [/organisations/menj]"),
        (Kind.SECOND_INCUBATOR, "title: B\nincubator: atelier\nincubators: [fabrique, atelier]"),
        (Kind.FIELD_TYPE, "title: [B]"),
        (Kind.FIELD_TYPE, "title: 1984"),
        (Kind.FIELD_OLD, "title: B\nowner: dnum\nstatus: construction\nstart: 2018-01-01\nend:"),
        (Kind.FIELD_OLD, "title: B\nowner: atelier"),
    ],
    "_startups/carnet.md": [
        (Kind.VALUE_UNKNOWN, phases("name: réflexion, start: 2024-01-01")),
        (Kind.STATUS_OLD, phases(INVESTIGATION, "name: alumni, start: 2024-05-01")),
        (Kind.PHASE_INVALID, phases("start: 2024-01-01")),
        (Kind.PHASE_INVALID, f"{CARNET}\nphases: [investigation]"),
        (Kind.PHASE_START_MISSING, phases("name: construction, start: null")),
        (Kind.PHASE_END_NULL, phases("name: construction, start: 2024-01-01, end: null")),
        (Kind.PHASE_END_MISSING, phases("name: investigation, start: 2024-01-01", CONSTRUCTION)),
        (Kind.PHASE_GAP, phases("name: investigation, start: 2024-01-01, end: 2024-02-01", CONSTRUCTION)),
        (Kind.PHASE_OVERLAP, phases("name: investigation, start: 2024-01-01, end: 2024-07-01", CONSTRUCTION)),
        (Kind.PHASE_END_BEFORE_START, phases("name: construction, start: 2024-07-01, end: 2024-06-30")),
        (Kind.PHASE_TWICE, phases(CONSTRUCTION, "name: construction, start: 2025-01-01")),
        (Kind.PHASE_ORDER, phases(CONSTRUCTION, INVESTIGATION)),
        (Kind.PHASE_SAME_START, phases(CONSTRUCTION, "name: investigation, start: 2024-05-01")),
        (Kind.PHASE_FUTURE, phases("name: investigation, start: 2026-09-07")),
        (Kind.PHASE_LAST_ENDED, phases("name: construction, start: 2024-01-01, end: 2024-06-01")),
        (Kind.EVENT_AFTER_STOP, phases("name: abandon, start: 2024-05-01") + "\nevents: [{date: 2024-06-01}]"),
        (Kind.CLOSING_DATE_MISSING, phases("name: abandon, start: null")),
    ],
    "_authors/lea.md": [
        (Kind.UNKNOWN_INCUBATOR, f"{LEA}\nincubator: fabnumdef"),
        (Kind.UNKNOWN_PRODUCT, mission(f"{DAYS}, startups: [nothing]")),
        (Kind.UNKNOWN_PRODUCT, f"{LEA}\npreviously: [nothing]"),
        (Kind.PRODUCT_RENAMED, mission(f"{DAYS}, startups: [Carnet]")),
        (Kind.FIELD_TYPE, "fullname: Léa\nmissions: 3"),
        (Kind.ITEM_MAP, mission(f"{DAYS}, startups: [{{id: carnet}}]")),
        (Kind.ITEM_MAP, mission(f"{DAYS}, startups: [{{carnet: }}]")),
        (Kind.VALUE_UNKNOWN, mission(f"{DAYS}, status: roi")),
        (Kind.STATUS_OLD, mission(f"{DAYS}, status: dinsic")),
        (Kind.LINK_UNDATED, f"{LEA}\nstartups: [carnet]"),
        (Kind.DATE_QUOTED, mission("start: '2025-01-01', end: 2025-02-01")),
        (Kind.DATE_REWRITTEN, mission("start: 2025-1-1, end: 2025-02-01")),
        (Kind.DATE_INVALID, mission("start: 2025-01-01, end: 2025-02-31")),
        (Kind.MISSION_INVALID, "fullname: Léa\nmissions: [2020]"),
        (Kind.MISSION_START_MISSING, mission("end: 2025-02-01")),
        (Kind.MISSION_END_MISSING, mission("start: 2025-01-01, end: null")),
        (Kind.MISSION_END_BEFORE_START, mission("start: 2025-01-01, end: 2024-01-01")),
        (Kind.MISSION_AFTER_STOP, mission("start: 2023-01-01, end: 2024-01-01, startups: [abri]")),
        (Kind.MISSIONS_MERGED, mission(f"{DAYS}, startups: [carnet]", "start: 2025-01-15, startups: [carnet]")),
        (Kind.NO_MISSION, "fullname: Léa"),
    ],
    "_authors/anne.clerc.md": [
        (Kind.NAME_MISSING, "role: Coach"),
        (Kind.FIELD_OLD, "fullname: B\nstart: 2018-01-01\nend: 2019-01-01\nstatus: dinsic\nstartups: [carnet]"),
    ],
    "_incubators/b.md": [(Kind.UNKNOWN_OWNER, "title: B\nowner: /organisations/menj")],
    "_organisations/b.md": [(Kind.VALUE_UNKNOWN, "name: B\ntype: secte")],
    "_organisations/Préfecture": [(Kind.SUFFIX_MISSING, "name: Préfecture")],
    "_startups/.cache": [(Kind.NOT_A_FILE, "x")],
    f"_startups/{'a' * 210}.md": [(Kind.KEY_TOO_LONG, "title: A")],
    "_startups/e\u0301te\u0301.md": [(Kind.NOT_NFC, "title: Été")],
    "_startups/rdv.insertion.md": [(Kind.SLUG_ADAPTED, "title: RDV")],
}
# Defects between files: the kind, the file in which it is named, the files that hold it.
SEVERAL_FILES: list[tuple[Kind, str, Files]] = [
    (Kind.NOT_A_FILE, "_startups/old", {"_startups/old/a.md": "title: A"}),
    (Kind.KEY_TWICE, "_startups/carnet.md", {"_startups/carnet": "title: Carnet"}),
    (
        Kind.KEYS_ALIKE,
        "_startups/envirogend.md",
        {"_startups/enviro-gend.md": "title: A", "_startups/envirogend.md": "title: B"},
    ),
    (
        Kind.PRODUCT_RENAMED,
        "_authors/lea.md",
        {
            "_startups/carnet.md": f"{CARNET}\nredirect_from: [/startups/cahier]",
            "_authors/lea.md": mission(f"{DAYS}, startups: [cahier]"),
        },
    ),
    (
        Kind.REPOSITORY_SHARED,
        "_startups/a.md",
        {
            "_startups/a.md": "title: A\nrepository: https://git.example/X",
            "_startups/b.md": "title: B\nrepository: https://git.example/x/",
        },
    ),
    (Kind.EMPLOYER_AMBIGUOUS, "_authors/lea.md", {"_organisations/other.md": "name: Autre\nacronym: dnum"}),
]
CASES = [(kind, file, {file: text}) for file, texts in ONE_FILE.items() for kind, text in texts] + SEVERAL_FILES
# Those that need links, permissions or an earlier import are in tests of their own.
ELSEWHERE = {
    Kind.LINK_OUTSIDE, Kind.FILE_UNREADABLE, Kind.VANISHED, Kind.MANY_VANISHED, Kind.DELETED_HERE, Kind.ERASED_HERE,
    Kind.EDITED_HERE, Kind.HELD_HERE, Kind.CYCLE, Kind.FOLDER_MISSING,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "file", "files"), CASES, ids=[f"{kind.code}-{n}" for n, (kind, _f, _x) in enumerate(CASES)]
)
def test_a_defect_is_named_and_the_other_records_are_read(kind: Kind, file: str, files: Files, tmp_path: Path) -> None:
    reading = read(write(tmp_path, files))
    named = [item.file for item in reading.findings.of([kind])]
    assert file in named or file.replace("e\u0301", "é") in named
    keys = {f"_{item.collection}/{item.key}.md" for items in reading.wanted.values() for item in items}
    assert {name for name in BASE if name not in files} <= keys


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _file, _files in CASES} | ELSEWHERE == set(Kind) - OF_THE_PORTFOLIO - OF_OTHER_FORMATS


def test_the_base_has_no_defect(tmp_path: Path) -> None:
    assert read(write(tmp_path, {})).findings.items == []


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: Secret\n---\n")
    root = write(tmp_path / "tree", {})
    startups = root / "content" / "_startups"
    (startups / "out.md").symlink_to(secret)
    (startups / "in.md").symlink_to(startups / "carnet.md")
    (startups / "broken.md").symlink_to(startups / "nothing.md")
    reading = read(root)
    assert [item.key for item in reading.wanted["startups"]] == ["abri", "carnet", "in"]
    assert [item.file for item in reading.findings.of([Kind.LINK_OUTSIDE])] == ["_startups/out.md"]
    assert [item.file for item in reading.findings.of([Kind.NOT_A_FILE])] == ["_startups/broken.md"]


def test_a_collection_that_is_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "other", {})
    root = write(tmp_path / "tree", {name: None for name in BASE if name.startswith("_authors/")})
    (root / "content" / "_authors").rmdir()
    (root / "content" / "_authors").symlink_to(tmp_path / "other" / "content" / "_authors")
    reading = read(root)
    assert reading.wanted["authors"] == []
    assert [item.file for item in reading.findings.of([Kind.LINK_OUTSIDE])] == ["_authors"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    root = write(tmp_path, {})
    (root / "content/_startups/carnet.md").chmod(0)
    assert [item.file for item in read(root).findings.of([Kind.FILE_UNREADABLE])] == ["_startups/carnet.md"]


def test_a_pipe_among_the_records_does_not_make_us_wait(tmp_path: Path) -> None:
    root = write(tmp_path, {})
    os.mkfifo(root / "content/_startups/pipe.md")
    assert [item.file for item in read(root).findings.of([Kind.NOT_A_FILE])] == ["_startups/pipe.md"]


def test_a_file_name_that_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    root = write(tmp_path, {})
    (root / "content/_startups").joinpath(os.fsdecode(b"b\xff.md")).write_text("---\ntitle: B\n---\n")
    assert "b?" in {item.key for item in read(root).wanted["startups"]}


def test_a_file_that_is_unreadable_today_has_not_left_the_source(tmp_path: Path) -> None:
    already = Already({"startups": {"carnet", "abri"}, "authors": {"lea", "omar", "gone"}})
    reading = read(write(tmp_path, {"_startups/carnet.md": "title: 'broken"}), already)
    assert reading.vanished["startups"] == set()
    assert reading.vanished["authors"] == {"gone"}
    lea = next(item for item in reading.wanted["authors"] if item.key == "lea")
    assert "startups/carnet" in lea.places


def test_a_broken_copy_ends_nothing(tmp_path: Path) -> None:
    already = Already({"authors": {f"person-{number}" for number in range(50)}})
    reading = read(write(tmp_path, {}), already)
    assert reading.vanished["authors"] == set()
    assert [item.was for item in reading.findings.of([Kind.MANY_VANISHED])] == ["50 of 50"]


@pytest.mark.parametrize("path", ["", "content"])
def test_the_folder_or_its_content_may_be_given(tmp_path: Path, path: str) -> None:
    assert len(read(write(tmp_path, {}) / path).wanted["startups"]) == 2


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    root = write(tmp_path, {"_incubators/atelier.md": None, "_incubators/fabrique.md": None})
    (root / "content/_incubators").rmdir()
    assert [item.file for item in read(root).findings.of([Kind.FOLDER_MISSING])] == ["_incubators"]


def test_old_phase_names_are_read_with_what_came_before(tmp_path: Path) -> None:
    def product(first: str, last: str) -> str:
        return f"title: A\nphases: [{{name: {first}, start: 2020-01-01}}, {{name: {last}, start: 2020-06-01}}]"

    files: Files = {
        "_startups/a.md": product("investigation", "alumni"),
        "_startups/b.md": product("construction", "alumni"),
        "_startups/c.md": product("acceleration", "success"),
        "_startups/d.md": "title: D\nstatus: death\nstart: 2018-01-01\nend: 2019-01-01",
    }
    reading = read(write(tmp_path, files))
    closed = {item.key: item.values["closed_on"] for item in reading.wanted["startups"]}
    assert [closed[key] for key in "abcd"] == ["2020-06-01", "2020-06-01", None, "2019-01-01"]
    read_as = [item.done for item in reading.findings.of([Kind.STATUS_OLD])]
    assert read_as == ["abandon-investigation", "abandon", "transfere", "abandon"]
