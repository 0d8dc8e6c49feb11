"""The portfolio's import: what it makes, what a second run leaves, and what people keep of their own."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.directory.importers.betagouv.importing import Result, import_folder
from parvis.directory.importers.findings import Kind
from parvis.directory.models import Group, Organization, User
from parvis.portfolio.models import (
    Decision,
    Event,
    Funding,
    Incubator,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    ProductTerm,
    Revision,
    SourceFile,
    Sponsorship,
    Term,
)
from tests.directory.importers.tree import BASE, TODAY, Files, write
from tests.factories.portfolio import ProductFactory

pytestmark = pytest.mark.django_db
ALL_MODELS: tuple[Any, ...] = (
    Incubator, Product, ProductIncubator, Sponsorship, Phase, Event, Funding, Term, ProductTerm, Mission,
    MissionProduct, PersonCard, SourceFile, Revision,
)  # fmt: skip
CARNET = (
    "title: ' Carnet '\nmission: Suivre sa santé\nincubator: atelier\nincubators: [fabrique, atelier]\n"
    "sponsors: [/organisations/dnum, /organisations/metropole, /organisations/dnum]\n"
    "thematiques: [Santé, Education, haie]\nusertypes: [particulier]\ntechno: [Python, ' python ']\n"
    "link: https://carnet.example\nstats: true\nstats_url: ''\n"
    "accessibility_status: non conforme\nanalyse_risques: true\n"
    "fast: {promotion: 14, montant: 200000}\nrgpd: {x: 1}\ncontact_dinum: lea\nredirect_from: [/startups/cahier]\n"
    "events: [{name: committee, date: 2024-05-01, comment: Oui}, {name: committee, date: 2024-05-01}]\n"
    "phases:\n  - {name: construction, start: 2024-05-01, end: 2023-01-01}\n"
    "  - {name: investigation, start: 2024-01-10, end: 2024-06-01, comment: Début}\n"
    "  - {name: acceleration, start: 2027-01-01}"
)
FILE = "_startups/carnet.md"


def do(root: Path, files: Files | None = None, *, dry_run: bool = False) -> Result:
    return import_folder(write(root, files or {}, base=files is None), dry_run=dry_run, today=TODAY)


def everything() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in ALL_MODELS]


@pytest.fixture(autouse=True)
def first_of_september(time_machine: Any) -> None:
    time_machine.move_to("2026-09-01 08:00:00+00:00", tick=False)


def carnet() -> Product:
    return Product.objects.get(key="carnet")


def test_a_product_with_all_its_lists_as_they_were_written(tmp_path: Path) -> None:
    do(tmp_path)
    do(tmp_path, {FILE: f"---\n{CARNET}\n---\n## Le problème\n\nTrop de papier.\n"})
    product = carnet()
    assert (product.name, product.website, product.has_stats, product.contact_dinum) == (
        "Carnet", "https://carnet.example", True, "lea",
    )  # fmt: skip
    assert product.description == "## Le problème\n\nTrop de papier."
    assert product.group == Group.objects.get(slug="carnet")
    assert [(link.raw_key, link.is_main) for link in product.incubator_links.all()] == [
        ("fabrique", False), ("atelier", True),
    ]  # fmt: skip
    assert [link.raw_key for link in product.sponsorships.all()] == ["dnum", "metropole", "dnum"]
    assert [link.raw for link in product.term_links.all()] == [
        "Santé", "Education", "haie", "particulier", "Python", " python ",
    ]  # fmt: skip
    assert Term.objects.get(kind="technology").key == "python"
    assert Term.objects.get(key="education").label_en == "Education"
    assert not Term.objects.get(key="haie").is_standard
    phases = [(phase.name, str(phase.start_on), str(phase.end_on)) for phase in product.phases.all()]
    assert phases == [
        ("construction", "2024-05-01", "2023-01-01"),
        ("investigation", "2024-01-10", "2024-06-01"),
        ("acceleration", "2027-01-01", "None"),
    ]
    assert [phase.name for phase in product.timeline(TODAY)] == ["investigation", "construction"]
    assert (product.current_phase, product.current_since) == ("construction", date(2024, 5, 1))
    assert [(event.kind, event.comment) for event in product.events.all()] == [("committee", "Oui"), ("committee", "")]
    assert Funding.objects.get().amount == 200_000
    assert product.extra == {"rgpd": {"x": 1}}
    assert product.redirect_from == ["/startups/cahier"]


def test_incubators_people_and_missions(tmp_path: Path) -> None:
    do(tmp_path)
    atelier, fabrique = Incubator.objects.order_by("key")
    assert (atelier.name, atelier.owner, atelier.group) == (
        "L'Atelier", Organization.objects.get(acronym="DNUM"), Group.objects.get(slug="atelier"),
    )  # fmt: skip
    assert (fabrique.is_hidden, atelier.is_hidden) == (True, False)
    lea = User.objects.get(family_name="Martin")
    assert (lea.card.key, lea.card.domain, lea.card.hide_from_public) == ("lea", "Développement", False)
    mission = Mission.objects.get(user=lea)
    assert (mission.start_on, mission.end_on, mission.employer) == (date(2025, 1, 1), date(2026, 12, 31), "DNUM")
    assert list(carnet().team(TODAY)) == [lea]


def test_files_are_remembered_by_name_with_the_defects_of_their_raw_text(tmp_path: Path) -> None:
    files: Files = {
        FILE: "---\ntitle: Carnet \nmission: ' x'\nlink: 'https:&#x2F;&#x2F;a.example'\n---\ne\u0301te\u0301",
        "_organisations/idfm": "---\nname: IDFM\n---\n",
        "_phases/construction.md": "status: construction",
        "_phases/.gitkeep": "",
    }
    do(tmp_path, {**BASE, **files})
    assert SourceFile.objects.get(key="carnet", collection="startups").defects == [
        "html-entity", "untrimmed", "body-not-nfc",
    ]  # fmt: skip
    assert [row.name for row in SourceFile.objects.filter(has_suffix=False)] == ["idfm"]
    assert SourceFile.objects.filter(collection="phases").count() == 1
    assert carnet().website == "https://a.example"
    do(tmp_path, {"_organisations/idfm": None, "_phases/construction.md": None})
    assert not SourceFile.objects.filter(name__in=["idfm", "construction.md"]).exists()


def test_a_second_run_and_a_dry_run_write_nothing(tmp_path: Path) -> None:
    dry = do(tmp_path, dry_run=True)
    assert dry.counts.created["products"] == 2
    assert not any(everything())
    do(tmp_path)
    before = everything()
    assert not do(tmp_path).counts.anything
    assert not do(tmp_path, {FILE: CARNET}, dry_run=True).counts.created.get("products")
    assert everything() == before


def test_what_the_source_changed_is_followed_and_told(tmp_path: Path) -> None:
    do(tmp_path)
    kept = carnet().phases.get(name="construction").pk
    changed = BASE["_startups/carnet.md"]
    assert isinstance(changed, str)
    result = do(tmp_path, {FILE: changed.replace("Carnet", "Cahier") + "\n  - {name: acceleration, start: 2025-01-01}"})
    assert result.counts.changed["products"] == 1
    product = carnet()
    assert (product.name, product.current_phase) == ("Cahier", "acceleration")
    assert product.phases.get(name="construction").pk == kept
    revision = Revision.objects.get()
    assert (revision.by, revision.source, revision.changes["name"]) == (None, "betagouv", ["Carnet", "Cahier"])
    assert revision.changes["phases"] == [
        ["investigation", "construction"], ["investigation", "construction", "acceleration"],
    ]  # fmt: skip


def test_what_people_changed_here_stays(tmp_path: Path) -> None:
    do(tmp_path, {**BASE, FILE: CARNET})
    Product.objects.filter(key="carnet").update(mission="Écrit ici", website="https://ici.example")
    carnet().sponsorships.filter(position=2).delete()
    changed = CARNET.replace("https://carnet.example", "https://autre.example").replace("[particulier]", "[entreprise]")
    changed = changed.replace(", /organisations/metropole", "")
    result = do(tmp_path, {FILE: changed})
    product = carnet()
    assert (product.mission, product.website) == ("Écrit ici", "https://ici.example")
    assert [link.raw_key for link in product.sponsorships.all()] == ["dnum", "metropole"]
    assert product.term_links.filter(raw="entreprise").exists()
    assert {item.field for item in result.findings.of([Kind.FIELD_EDITED_HERE])} == {"website", "sponsors"}
    # It is said once; then the source may change something else.
    assert Kind.FIELD_EDITED_HERE not in do(tmp_path, {FILE: f"{changed}\nrobots: x"}).findings.counts()


def test_a_phase_decided_here_is_not_doubled_when_the_source_tells_it(tmp_path: Path) -> None:
    do(tmp_path)
    product = carnet()
    decision = Decision.objects.create(product=product, kind="move", on=date(2026, 8, 1), reasons="Prête")
    decided = Phase.objects.create(product=product, name="acceleration", start_on=date(2026, 8, 1), decision=decision)
    other = Phase.objects.create(product=product, name="consolidation", start_on=date(2026, 8, 20))
    base = BASE["_startups/carnet.md"]
    do(tmp_path, {FILE: f"{base}\n  - {{name: acceleration, start: 2026-08-01}}"})
    assert product.phases.count() == 4
    decided.refresh_from_db()
    assert (decided.decision, decided.raw_name, decided.source) == (decision, "acceleration", "betagouv")
    other.refresh_from_db()
    assert other.source == ""
    assert carnet().current_phase == "consolidation"


def test_missions_follow_the_source_and_stay_when_people_changed_them(tmp_path: Path) -> None:
    do(tmp_path)
    longer = str(BASE["_authors/lea.md"]).replace("2026-12-31", "2027-12-31")
    do(tmp_path, {"_authors/lea.md": longer})
    mission = Mission.objects.get(user__family_name="Martin")
    assert (mission.end_on, mission.links.count()) == (date(2027, 12, 31), 1)
    mission.employer = "Ailleurs"
    mission.save()
    result = do(tmp_path, {"_authors/lea.md": longer.replace("2027-12-31", "2028-12-31")})
    mission.refresh_from_db()
    assert (mission.employer, mission.end_on) == ("Ailleurs", date(2027, 12, 31))
    assert [item.field for item in result.findings.of([Kind.FIELD_EDITED_HERE])] == ["missions"]


def test_who_left_the_source_is_no_longer_published_and_may_come_back(tmp_path: Path) -> None:
    do(tmp_path)
    lea = User.objects.get(family_name="Martin")
    result = do(tmp_path, {"_authors/lea.md": None})
    assert result.counts.ended["cards"] == 1
    assert not Mission.objects.filter(user=lea).exists()
    assert not PersonCard.objects.filter(user=lea).exists()
    assert lea.memberships.get().ends_on == date(2026, 8, 31)
    assert not SourceFile.objects.filter(collection="authors", key="lea").exists()
    assert not do(tmp_path, {}).counts.anything
    do(tmp_path, {"_authors/lea.md": BASE["_authors/lea.md"]})
    assert [one.end_on for one in Mission.objects.filter(user=lea)] == [date(2026, 12, 31)]
    assert PersonCard.objects.get(user=lea).key == "lea"


def test_who_asked_to_stay_off_public_pages_stays_off_when_their_file_comes_back(tmp_path: Path) -> None:
    do(tmp_path)
    PersonCard.objects.filter(key="lea").update(hide_from_public=True)
    do(tmp_path, {"_authors/lea.md": None})
    do(tmp_path, {"_authors/lea.md": BASE["_authors/lea.md"]})
    assert PersonCard.objects.get(key="lea").hide_from_public


def test_a_product_that_left_the_source_is_withdrawn_unless_people_worked_on_it(tmp_path: Path) -> None:
    do(tmp_path)
    Decision.objects.create(product=Product.objects.get(key="abri"), kind="stay", on=TODAY, reasons="Elle continue")
    dry = do(tmp_path, {FILE: None, "_startups/abri.md": None, "_incubators/fabrique.md": None}, dry_run=True)
    assert dry.counts.ended["products"] == 1
    assert carnet().state == "listed"
    assert do(tmp_path, {}).counts.ended["products"] == 1
    assert [product.state for product in Product.objects.order_by("key")] == ["listed", "withdrawn"]
    assert not do(tmp_path, {}).counts.anything
    do(tmp_path, {FILE: BASE[FILE]})
    assert carnet().state == "listed"
    assert carnet().phases.count() == 2


def test_an_incubator_that_left_the_source_goes_when_nothing_needs_it(tmp_path: Path) -> None:
    do(tmp_path, {**BASE, "_incubators/vide.md": "title: Vide", "_incubators/passe.md": "title: Passé"})
    Incubator.objects.get(key="passe").committees.create(on=TODAY, title="Dernier comité")
    gone: Files = {f"_incubators/{key}.md": None for key in ("vide", "passe", "atelier")}
    do(tmp_path, gone)
    assert set(Incubator.objects.values_list("key", flat=True)) == {"passe", "fabrique"}
    assert [link.raw_key for link in carnet().incubator_links.all()] == ["atelier"]


def test_a_product_that_was_made_here_keeps_what_was_written_in_it(tmp_path: Path) -> None:
    made = ProductFactory(key="carnet", name="Le carnet", mission="", phase="investigation")
    result = do(tmp_path)
    made.refresh_from_db()
    assert (made.name, made.mission) == ("Le carnet", "Suivre sa santé")
    assert made.phases.count() == 3
    assert result.findings.of([Kind.TAKEN_HERE])


def test_a_team_that_was_given_to_another_product_stays_there(tmp_path: Path) -> None:
    do(tmp_path)
    product = carnet()
    Product.objects.filter(pk=product.pk).update(group=None)
    other = ProductFactory(group=product.group)
    changed = str(BASE["_startups/carnet.md"]).replace("Suivre", "Tenir")
    do(tmp_path, {FILE: changed})
    assert (carnet().group, carnet().mission) == (None, "Tenir sa santé")
    other.refresh_from_db()
    assert other.group == product.group


def test_references_that_come_to_exist_are_found_by_the_next_import(tmp_path: Path) -> None:
    late = str(BASE["_startups/carnet.md"]).replace(
        "incubator: atelier", "incubator: halle\nsponsors: [/organisations/x]"
    )
    do(tmp_path, {**BASE, FILE: late})
    assert [(link.raw_key, link.incubator) for link in carnet().incubator_links.all()] == [("halle", None)]
    do(tmp_path, {"_incubators/halle.md": "title: La Halle", "_organisations/x.md": "name: X"})
    assert carnet().incubators.get().name == "La Halle"
    assert carnet().sponsors.get().name == "X"


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(tmp_path: Path) -> None:
    costs = []
    do(tmp_path)
    for number, turn in ((12, "new"), (1, "a"), (12, "b"), (1, "c"), (0, "d")):
        files: Files = {f"_startups/p{index}.md": CARNET.replace("Suivre", turn) for index in range(number)}
        person = f"{BASE['_authors/lea.md']!s}\nlink: {turn}.example"
        files |= {f"_authors/p{index}.md": person for index in range(number)}
        with CaptureQueriesContext(connection) as queries:
            do(tmp_path, files)
        costs.append(len(queries))
    assert costs[1] == costs[2] == costs[3]
    assert costs[4] < costs[3]
