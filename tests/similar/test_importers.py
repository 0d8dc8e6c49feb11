import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.cli import import_group
from parvis.directory.importers.findings import Findings
from parvis.similar import cli
from parvis.similar.importers import govuk, publiccode
from parvis.similar.models import Listing

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parents[2] / "bench" / "similar"
FULL = """\
publiccodeYmlVersion: "0.7"
name: Medusa
url: "https://code.example.org/italia/medusa.git"
landingURL: "https://medusa.example.org"
isBasedOn: "https://code.example.org/italia/otello.git"
softwareVersion: "1.0"
releaseDate: 2025-04-15
platforms: [web]
categories: [online-booking, identity-management]
organisation:
  name: City of Firenze
  uri: urn:x-italian-pa:c_d612
developmentStatus: beta
softwareType: standalone/web
intendedAudience:
  countries: [it]
  scope: [education, local-authorities]
description:
  en-GB:
    localisedName: Medusa Booking
    genericName: Booking
    shortDescription: Book a place in a nursery
    longDescription: Families compare the nurseries near their home and apply for a place.
    features: [Waiting list, Applications]
  it:
    shortDescription: Prenotare un posto al nido
    longDescription: Le famiglie confrontano i nidi.
legal:
  license: AGPL-3.0-or-later
  mainCopyrightOwner: City of Firenze
maintenance:
  type: internal
  contacts:
    - name: Francesco Rossi
      email: f.rossi@example.org
      phone: "+39 231 13215112"
localisation: {localisationReady: true, availableLanguages: [it, en]}
"""
OLD = """\
publiccodeYmlVersion: "0.2"
name: Otello
url: https://code.example.org/otello
developmentStatus: obsolete
tags: [school]
description:
  fra:
    genericName: Registre
    shortDescription: Tenir le registre
legal: {repoOwner: Commune de Test, license: EUPL-1.2}
it:
  conforme: {lineeGuidaDesign: true}
"""
GOVUK = {
    "name": "Apply for a placement",
    "synonyms": "Placements",
    "description": "Apply online for a school placement.",
    "organisation": ["Department for Education", "Ofsted"],
    "theme": "Education, training and skills",
    "phase": "Private-Beta",
    "liveservice": "https://placement.service.example/",
    "start-page": "https://www.example.org/placement",
    "github": [{"text": "code", "href": "https://code.example.org/placement"}],
    "tags": ["schools"],
    "timeline": {"items": [{"label": "Passed alpha", "date": "2025-03-02", "links": [{"href": "x"}]}, "odd"]},
}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(import_group, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def kinds(folder: Path, command: str, *more: str) -> dict[str, str]:
    """Import with a report and return what was found, by file."""
    report = folder.parent / "report.json"
    assert run(command, folder, "--report", report, *more).exit_code == 0
    return {item["file"]: item["kind"] for item in json.loads(report.read_text())["findings"]}


# --- publiccode.yml --------------------------------------------------------------------------------------------------
def test_a_publiccode_file_becomes_a_service(tmp_path: Path) -> None:
    assert run("publiccode", write(tmp_path, {"publiccode.yml": FULL}) / "publiccode.yml").exit_code == 0
    found = Listing.objects.get()
    assert (found.source, found.key) == ("publiccode", "https://code.example.org/italia/medusa.git")
    assert (found.name, found.synonyms, found.country) == ("Medusa", ["Medusa Booking", "Booking"], "IT")
    assert (found.phase, found.raw_phase, found.organization) == ("acceleration", "beta", "City of Firenze")
    assert found.pitches == {"en": "Book a place in a nursery", "it": "Prenotare un posto al nido"}
    assert found.descriptions["en"].endswith("apply for a place.\n\n- Waiting list\n- Applications")
    assert (found.url, found.code_url) == ("https://medusa.example.org", found.key)
    assert (found.licence, found.areas) == ("AGPL-3.0-or-later", ["education", "local-authorities"])
    assert "online-booking" in found.themes
    assert found.timeline == [{"date": "2025-04-15", "label": "1.0"}]
    assert found.raw["isBasedOn"] == "https://code.example.org/italia/otello.git"


def test_people_s_addresses_and_phones_are_not_kept(tmp_path: Path) -> None:
    run("publiccode", write(tmp_path, {"publiccode.yml": FULL}))
    kept = json.dumps(Listing.objects.values().get(), default=str)
    assert "Francesco Rossi" in kept
    assert "f.rossi" not in kept
    assert "13215112" not in kept


def test_older_versions_are_read(tmp_path: Path) -> None:
    run("publiccode", write(tmp_path, {"a/publiccode.yaml": OLD}))
    found = Listing.objects.get()
    assert (found.phase, found.country, found.organization) == ("stopped", "IT", "Commune de Test")
    assert (found.synonyms, found.pitches) == (["Registre"], {"fra": "Tenir le registre"})


def test_a_country_is_given_to_software_that_names_none(tmp_path: Path) -> None:
    write(tmp_path, {"a/publiccode.yml": FULL, "b/publiccode.yml": "name: B\nurl: https://code.example.org/b\n"})
    run("publiccode", tmp_path, "--country", "de")
    assert dict(Listing.objects.values_list("name", "country")) == {"Medusa": "IT", "B": "DE"}
    assert run("publiccode", tmp_path, "--country", "Germany").exit_code == 2
    assert run("publiccode", tmp_path, "--source", "").exit_code == 2


def test_a_bad_file_is_named_and_the_rest_imported(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yml"
    outside.write_text(FULL)
    tree = write(
        tmp_path / "tree",
        {
            "good/publiccode.yml": FULL,
            "again/publiccode.yml": FULL,
            "broken/publiccode.yml": "name: [",
            "bomb/publiccode.yml": "a: &a [x]\nb: [*a, *a]\n",
            "deep/publiccode.yml": "a: " + "[" * 40 + "]" * 40,
            "list/publiccode.yml": "- a\n",
            "huge/publiccode.yml": f"name: {'x' * 20_000_000}\n",
            "script/publiccode.yml": "name: S\nurl: 'javascript:alert(1)'\nlandingURL: 'ftp://x'\n",
            "types/publiccode.yml": "name: {a: 1}\nurl: [1]\ndescription: no\nintendedAudience: []\nlegal: 3\n",
            "latin/publiccode.yml": "name: Été\nurl: https://code.example.org/ete\n".encode("latin-1"),
        },
    )
    (tree / "link").mkdir()
    (tree / "link" / "publiccode.yml").symlink_to(outside)
    found = kinds(tree, "publiccode")
    assert found["good/publiccode.yml"] == "key-twice"  # "again" comes first.
    assert found["broken/publiccode.yml"] == found["list/publiccode.yml"] == "invalid-yaml"
    assert found["bomb/publiccode.yml"] == found["deep/publiccode.yml"] == "yaml-refused"
    assert found["huge/publiccode.yml"] == "file-too-large"
    assert found["link/publiccode.yml"] == "link-outside"
    assert set(Listing.objects.values_list("name", flat=True)) == {"Medusa", "S", "Types", "Été"}
    addresses = Listing.objects.values_list("url", "code_url")
    assert all(address == "" or address.startswith("https://") for pair in addresses for address in pair)


def test_a_second_run_changes_nothing_and_a_dry_run_writes_nothing() -> None:
    assert "22 created" in run("publiccode", HERE / "publiccode", "--dry-run").output
    assert not Listing.objects.exists()
    run("publiccode", HERE / "publiccode")
    before = list(Listing.objects.values())
    assert "Nothing had changed: 22 services" in run("publiccode", HERE / "publiccode").output
    assert list(Listing.objects.values()) == before
    assert Event.objects.filter(tag=Tag.IMPORT_FINISHED).count() == 1


def test_a_change_is_written_and_what_left_a_whole_source_is_gone(tmp_path: Path) -> None:
    files = {f"{name}/publiccode.yml": f"name: {name}\nurl: https://code.example.org/{name}\n" for name in "abcde"}
    run("publiccode", write(tmp_path, files))
    (tmp_path / "a/publiccode.yml").unlink()
    write(tmp_path, {"b/publiccode.yml": "name: Bee\nurl: https://code.example.org/b\n"})
    assert "1 changed, 0 ended" in run("publiccode", tmp_path).output
    assert "vanished" in kinds(tmp_path, "publiccode", "--whole").values()
    assert set(Listing.objects.listed().values_list("name", flat=True)) == {"Bee", "c", "d", "e"}
    write(tmp_path, {"a/publiccode.yml": files["a/publiccode.yml"]})
    assert "1 changed" in run("publiccode", tmp_path, "--whole").output
    assert Listing.objects.listed().count() == 5


def test_a_broken_copy_takes_nothing_away(tmp_path: Path) -> None:
    run("publiccode", HERE / "publiccode")
    write(tmp_path / "tree", {"publiccode.yml": FULL})
    assert kinds(tmp_path / "tree", "publiccode", "--whole")["publiccode"] == "many-vanished"
    assert Listing.objects.listed().count() == 23


def test_catalogues_of_two_names_do_not_mix(tmp_path: Path) -> None:
    tree = write(tmp_path, {"publiccode.yml": FULL})
    run("publiccode", tree)
    run("publiccode", tree, "--source", "firenze", "--whole")
    assert Listing.objects.listed().count() == 2


# --- x-govuk ---------------------------------------------------------------------------------------------------------
def test_a_govuk_service_is_read_in_any_spelling(tmp_path: Path) -> None:
    run("govuk-services", write(tmp_path, {"placement.json": GOVUK, "_template.json": {"name": "***"}}))
    found = Listing.objects.get()
    assert (found.source, found.key, found.country) == ("govuk-services", "placement", "GB")
    assert (found.name, found.synonyms) == ("Apply for a placement", ["Placements"])
    assert found.organization == "Department for Education · Ofsted"
    assert (found.phase, found.raw_phase, found.areas) == ("acceleration", "Private-Beta", ["education"])
    assert (found.url, found.code_url) == ("https://www.example.org/placement", "https://code.example.org/placement")
    assert found.timeline == [{"date": "2025-03-02", "label": "Passed alpha"}]
    assert found.pitch == "Apply online for a school placement."


def test_a_list_of_services_in_one_file_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, {"all.json": [GOVUK, {"name": "B", "description": "b"}, 3, {"name": ""}]}) / "all.json"
    run("govuk-services", file)
    assert set(Listing.objects.values_list("key", flat=True)) == {"apply-for-a-placement", "b", "all-4"}


def test_hostile_json_is_named_and_the_rest_imported(tmp_path: Path) -> None:
    tree = write(
        tmp_path / "tree",
        {
            "good.json": GOVUK,
            "broken.json": "{",
            "deep.json": "[" * 100_000,
            "nested.json": '{"name": "n", "a": ' + "[" * 200 + "]" * 200 + "}",
            "number.json": "3",
            "huge.json": b'{"name": "' + b"x" * 20_000_000 + b'"}',
            "script.json": {"name": "S", "description": "s", "liveService": "javascript:alert(1)", "sourceCode": ["x"]},
            "types.json": {
                "name": 7,
                "synonyms": {"a": 1},
                "organisation": 3,
                "phase": [],
                "timeline": "no",
                "tags": 1,
            },
            "phase.json": {"name": "P", "description": "p", "phase": "sunset"},
            "nul.json": '{"name": "N\\u0000UL", "description": "a\\u0000b"}',
        },
    )
    found = kinds(tree, "govuk-services")
    for name in ("broken", "deep", "nested", "number"):
        assert found[f"{name}.json"] == "invalid-json"
    assert found["huge.json"] == "file-too-large"
    assert found["script.json"] == "link-refused"
    assert found["phase.json"] == "unknown-value"
    assert set(Listing.objects.values_list("key", flat=True)) == {"good", "script", "types", "phase", "nul"}
    assert Listing.objects.get(key="nul").name == "NUL"
    assert Listing.objects.get(key="script").url == ""


def test_a_second_run_of_the_list_changes_nothing() -> None:
    assert "55 created" in run("govuk-services", HERE / "govuk-services").output
    assert "Nothing had changed: 55 services" in run("govuk-services", HERE / "govuk-services", "--whole").output


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from([*GOVUK, "sourceCode", "url", "legal", "intendedAudience", "publiccodeYmlVersion", "it"])


@settings(max_examples=60)
@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_any_record_becomes_a_service_that_its_columns_hold(fields: dict[str, Any]) -> None:
    for wanted in (
        govuk._wanted("key", fields, "file.json", Findings()),
        publiccode._wanted(fields, "a/publiccode.yml", Findings()),
    ):
        service = Listing(source="test", key=wanted.key, digest=wanted.digest, **wanted.values)
        service.full_clean(
            exclude=["raw", "timeline", "themes", "areas", "users", "synonyms", "pitches", "descriptions"]
        )


def test_the_index_is_rebuilt_by_hand() -> None:
    run("govuk-services", HERE / "govuk-services")
    result = CliRunner().invoke(cli.similar, ["rebuild"])
    assert result.exit_code == 0
    assert "55 services" in result.output
