"""Every defect of a portfolio's file is named, and neither stops the others nor reaches a page."""

from decimal import Decimal
from pathlib import Path

import pytest

from parvis.directory.importers.betagouv.importing import Result, import_folder
from parvis.directory.importers.findings import Kind
from parvis.directory.models import Group, User
from parvis.portfolio.models import Event, Funding, Incubator, Mission, PersonCard, Phase, Product, SourceFile
from tests.directory.importers.tree import BASE, OF_THE_PORTFOLIO, TODAY, Files, write

pytestmark = pytest.mark.django_db
CARNET = BASE["_startups/carnet.md"]
LEA = BASE["_authors/lea.md"]
FILE = "_startups/carnet.md"


def do(root: Path, files: Files) -> Result:
    return import_folder(write(root, files), today=TODAY)


CASES = [
    (Kind.FIELD_UNKNOWN, "robots: noindex"),
    (Kind.LIST_ITEM_TYPE, "thematiques: [2024]"),
    (Kind.LIST_ITEM_TYPE, "thematiques: [[a], {b: 1, c: 2}]"),
    (Kind.LINK_REFUSED, "link: javascript:alert(1)"),
    (Kind.LINK_REFUSED, "link: ' JavaScript:alert(1)'"),
    (Kind.LINK_REFUSED, "link: data:text/html,x"),
    (Kind.LINK_REFUSED, "link: ../../etc/passwd"),
    (Kind.LINK_REFUSED, "link: https://good.example\\@evil.example"),
    (Kind.LINK_REFUSED, "link: https://user:secret@evil.example/"),
    (Kind.LINK_REFUSED, "link: https://evil.example:99999999/"),
    (Kind.LINK_REFUSED, 'link: https://evil.example/"onload="x'),
    (Kind.LINK_REFUSED, f"link: https://long.example/{'x' * 600}"),
    (Kind.LINK_REFUSED, "repository: file:///etc/passwd"),
    (Kind.LINK_COMPLETED, "link: carnet.example/accueil"),
    (Kind.USER_TYPE_FREE, "usertypes: [Préfectures]"),
    (Kind.THEME_FREE, "thematiques: [Biodiversité]"),
    (Kind.TERM_FOLDED, "thematiques: [Education]"),
    (Kind.TECHNOLOGY_FOLDED, "techno: ['Ruby  on Rails']"),
    (Kind.EVENT_INVALID, "events: [comité, {name: committee, date: 2025-01-01}]"),
    (Kind.EVENT_NAME_UNKNOWN, "events: [{name: hackathon, date: 2025-01-01}]"),
    (Kind.EVENT_DATE_MISSING, "events: [{name: committee}]"),
    (Kind.AMOUNT_INVALID, "fast: {promotion: 12, montant: beaucoup}"),
    (Kind.AMOUNT_INVALID, "fast: {promotion: 12, montant: -5}"),
    (Kind.AMOUNT_INVALID, "fast: {promotion: 12, montant: 99999999999999}"),
    (Kind.AMOUNT_INVALID, "fast: {promotion: 12, montant: true}"),
]


@pytest.mark.parametrize(("kind", "line"), CASES)
def test_a_defect_is_named_and_everything_else_is_imported(kind: Kind, line: str, tmp_path: Path) -> None:
    result = do(tmp_path, {FILE: f"{CARNET}\n{line}"})
    assert FILE in {item.file for item in result.findings.of([kind])}
    assert set(Product.objects.values_list("key", flat=True)) == {"carnet", "abri"}
    product = Product.objects.get(key="carnet")
    assert not any("script" in value or "passwd" in value for value in (product.website, product.repository))
    assert product.phases.count() == 2


def test_every_kind_of_the_portfolio_is_tried() -> None:
    # What needs a name of a file or something here already is in tests of its own.
    elsewhere = {Kind.KEY_REFUSED, Kind.FIELD_EDITED_HERE, Kind.TAKEN_HERE}
    assert {kind for kind, _line in CASES} | elsewhere == OF_THE_PORTFOLIO


def test_the_base_has_no_defect(tmp_path: Path) -> None:
    assert do(tmp_path, {}).findings.items == []


@pytest.mark.parametrize("name", ["a b", "a?b", "..%2f..%2fetc", "x" * 120, "a'b", "...", "a\\b"])
def test_a_name_that_cannot_be_an_address_makes_no_product(name: str, tmp_path: Path) -> None:
    result = do(tmp_path, {f"_startups/{name}.md": "title: Piège"})
    kinds = {item.kind for item in result.findings.items if item.file.endswith(f"{name}.md")}
    assert kinds & {Kind.KEY_REFUSED, Kind.NOT_A_FILE}
    assert set(Product.objects.values_list("key", flat=True)) == {"carnet", "abri"}


NONSENSE = "title: {a: b}\nmission: [1, 2]\nincubator: [x]\nincubators: 3\nsponsors: {a: 1}\nphases: 7\nevents: no\n"
NONSENSE += "thematiques: {x: y}\nusertypes: 4.5\ntechno: true\nfast: [1]\nstats: peut-être\n"
NONSENSE += "link: [a]\nrepository: 12\n"
NONSENSE += "contact: {x: 1}\nredirect_from: {a: b}\naccessibility_status: [x]\nanalyse_risques: 2026-01-01\n"
NONSENSE += "contact_dinum: [x]\nmon_service_securise: {}\n"
PERSON = "fullname: [x]\nrole: {a: 1}\ndomaine: [y]\nmissions: {start: x, startups: 3}\ncompetences: {a: 1}\nlink: {}\n"
PERSON += "memberType: [z]\npreviously: 4\nstartups: [[[x]]]\ngithub: 12\navatar: {}\n"
INCUBATOR = (
    "title: [x]\nowner: [y]\ncontact: 1\nhidden: maybe\nhighlighted_startups: 5\nshort_description: {}\nwebsite: 3\n"
)


def test_wrong_types_everywhere_leave_rows_that_can_be_shown(tmp_path: Path) -> None:
    files: Files = {
        "_startups/faux.md": NONSENSE,
        "_startups/vide.md": "{}",
        "_startups/liste.md": "phases: [1, null, {name: 4}, {name: construction, start: [x]}, [a]]\nevents: [null, 3]",
        "_authors/faux.md": PERSON,
        "_authors/vide.md": "missions: [null, 3, [x], {}]",
        "_incubators/faux.md": INCUBATOR,
    }
    first = do(tmp_path, files)
    assert first.counts.anything
    assert Product.objects.count() == 5
    assert PersonCard.objects.count() == 4
    assert Incubator.objects.get(key="faux").is_hidden is False
    listed = Product.objects.get(key="liste")
    assert [phase.raw_name for phase in listed.phases.all()] == ["1", "", "4", "construction", "['a']"]
    assert listed.current_phase == ""
    assert Product.objects.get(key="faux").website == ""
    assert not do(tmp_path, files).counts.anything


def test_hostile_files_are_left_out_and_the_rest_is_whole(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\ntitle: Bombe"
    deep = "title: Profond\nx: " + "[" * 200 + "]" * 200
    files: Files = {
        "_startups/bombe.md": bomb,
        "_startups/boucle.md": "title: &t Boucle\nphases: &p [*p]",
        "_startups/profond.md": deep,
        "_startups/casse.md": "title: [",
        "_startups/objet.md": "title: !!python/object/apply:os.system [true]",
        "_startups/enorme.md": b"---\ntitle: Enorme\n---\n" + b"x" * 20_000_000,
        "_startups/nul.md": 'title: "a\\0b"',
    }
    result = do(tmp_path, files)
    assert set(Product.objects.values_list("key", flat=True)) == {"carnet", "abri", "nul"}
    assert Product.objects.get(key="nul").name == "ab"
    named = {item.file for item in result.findings.of([Kind.YAML_REFUSED, Kind.INVALID_YAML, Kind.FILE_TOO_LARGE])}
    assert len(named) == 6
    # The statistics count files, whether they could be read or not.
    assert SourceFile.objects.filter(collection="startups").count() == 9


def test_a_file_that_breaks_today_keeps_what_it_gave(tmp_path: Path) -> None:
    do(tmp_path, {})
    do(tmp_path, {FILE: "title: ["})
    assert Product.objects.get(key="carnet").phases.count() == 2
    assert not do(tmp_path, {}).counts.anything


def test_an_error_in_the_middle_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parvis.portfolio.importers import writer

    def break_off(_rows: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(writer, "overwrite", break_off)
    with pytest.raises(ConnectionError):
        do(tmp_path, {})
    assert (Product.objects.count(), Phase.objects.count(), Incubator.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert Group.objects.filter(kind="team").count() == 2
    assert do(tmp_path, {}).counts.created["products"] == 2
    assert not do(tmp_path, {}).counts.anything


def test_old_commits_are_understood(tmp_path: Path) -> None:
    result = do(
        tmp_path,
        {
            FILE: "title: Carnet\nmission: x\nowner: atelier\nstatus: Consolidation\nstart: 2017-05-01\nend:\n",
            "_startups/abri.md": (
                "title: Abri\nmission: x\nincubator: fabrique\nphases:\n"
                "  - {name: investigation, start: '2022-01-01', end: null}\n"
                "  - {name: alumni, start: 2022-06-01}\n"
            ),
            "_startups/pont.md": (
                "title: Pont\nmission: x\nincubator: atelier\nphases:\n"
                "  - {name: success, start: 2024-06-01}\n  - {name: construction, start: 2023-01-01}\n"
                "  - {name: transfer, start: 2024-01-01}\n  - {name: perennisation, start: null}\n"
            ),
            "_authors/lea.md": (
                "fullname: Léa Martin\nrole: Dev\nstart: 2018-01-01\nend: '2019-01-01'\nstatus: dinsic\n"
                "employer: ' Malt  SAS '\nstartups: [{carnet: null}]\npreviously: [/startups/abri]"
            ),
        },
    )
    phases = {product.key: product for product in Product.objects.all()}
    assert [(phase.name, phase.raw_name) for phase in phases["carnet"].phases.all()] == [
        ("consolidation", "Consolidation")
    ]
    assert phases["carnet"].incubators.get().key == "atelier"
    assert phases["abri"].current_phase == "abandon-investigation"
    assert [phase.name for phase in phases["pont"].timeline(TODAY)] == ["construction", "consolidation", "transfere"]
    assert phases["pont"].phases.count() == 4
    mission = Mission.objects.get(user__family_name="Martin")
    assert (str(mission.start_on), str(mission.end_on), mission.status) == ("2018-01-01", "2019-01-01", "dinsic")
    assert mission.employer == " Malt  SAS "
    assert [link.raw_key for link in mission.links.all()] == ["carnet"]
    assert PersonCard.objects.get(user__family_name="Martin").previously == ["abri"]
    assert {Kind.STATUS_OLD, Kind.FIELD_OLD, Kind.PHASE_ORDER} <= set(result.findings.counts())


def test_events_and_money_that_make_no_sense_are_kept_out(tmp_path: Path) -> None:
    do(
        tmp_path,
        {FILE: f"{CARNET}\nevents: [x, {{name: end, date: jamais}}]\nfast: {{promotion: 13, montant: '1 500'}}"},
    )
    event = Event.objects.get()
    assert (event.kind, event.on) == ("end", None)
    assert [(fund.promotion, fund.amount) for fund in Funding.objects.all()] == [("13", Decimal(1500))]


def test_people_who_were_erased_are_not_brought_back(tmp_path: Path) -> None:
    do(tmp_path, {})
    person = User.objects.get(family_name="Martin")
    Mission.objects.filter(user=person).delete()
    person.card.delete()
    User.objects.filter(pk=person.pk).update(state=User.State.ANONYMISED)
    do(tmp_path, {"_authors/lea.md": str(LEA).replace("2026-12-31", "2027-12-31")})
    assert not Mission.objects.filter(user=person).exists()
    assert not PersonCard.objects.filter(user=person).exists()
