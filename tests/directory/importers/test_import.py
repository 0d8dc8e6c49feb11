"""The whole import into a database: what it makes, what it leaves, and what a later run changes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.actions import anonymise_user, edit_group, edit_profile
from parvis.directory.importers import writer
from parvis.directory.importers.betagouv.importing import Result, import_folder
from parvis.directory.importers.findings import Kind
from parvis.directory.models import Group, GroupMembership, Organization, OrganizationMembership, SourceRecord, User
from tests.directory.importers.tree import BASE, TODAY, Files, write

pytestmark = pytest.mark.django_db
ALL_MODELS: tuple[Any, ...] = (Organization, Group, User, GroupMembership, OrganizationMembership, SourceRecord, Event)


@pytest.fixture(autouse=True)
def first_of_september(time_machine: Any) -> None:
    time_machine.move_to("2026-09-01 08:00:00+00:00", tick=False)


def do(root: Path, files: Files | None = None, *, dry_run: bool = False) -> Result:
    return import_folder(write(root, files or {}, base=files is None), dry_run=dry_run, today=TODAY)


def everything() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in ALL_MODELS]


def lea() -> User:
    person: User = User.objects.get(family_name="Martin")
    return person


def of_lea() -> list[tuple[str, date, date | None]]:
    rows = GroupMembership.objects.filter(user=lea()).order_by("starts_on")
    return list(rows.values_list("group__slug", "starts_on", "ends_on"))


def missions(*items: str) -> Files:
    listed = "\n".join(f"  - {{{item}}}" for item in items)
    return {"_authors/lea.md": f"fullname: Léa Martin\nrole: Développeuse\nmissions:\n{listed}"}


CARNET = "start: 2025-01-01, end: 2026-12-31, employer: DNUM, startups: [carnet]"


def test_organisations_incubators_products_people_and_missions(tmp_path: Path) -> None:
    do(tmp_path)
    dnum = Organization.objects.get(acronym="DNUM")
    assert (dnum.name, dnum.kind, dnum.slug) == ("Direction du numérique", "central", "dnum")
    atelier, fabrique = Group.objects.get(slug="atelier"), Group.objects.get(slug="fabrique")
    assert (atelier.kind, atelier.organization, atelier.visibility) == ("incubator", dnum, "public")
    assert (fabrique.name, fabrique.visibility) == ("La Fabrique", "network")
    carnet, abri = Group.objects.get(slug="carnet"), Group.objects.get(slug="abri")
    assert (carnet.kind, carnet.parent, carnet.description) == ("team", atelier, "Suivre sa santé")
    assert (carnet.closed_on, abri.closed_on) == (None, date(2023, 6, 1))
    person = lea()
    assert (person.given_name, person.job_title, person.state) == ("Léa", "Développeuse", "active")
    assert not person.emails.exists()
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2026, 12, 31))]
    place = OrganizationMembership.objects.get()
    assert (place.user, place.organization, place.ends_on) == (person, dnum, date(2026, 12, 31))


def test_the_source_s_own_fields_stay_reachable(tmp_path: Path) -> None:
    do(tmp_path)
    record = SourceRecord.objects.get(source="betagouv", collection="startups", key="carnet")
    assert record.group == Group.objects.get(slug="carnet")
    assert record.fields["phases"][1] == {"name": "construction", "start": "2024-05-01"}
    person = SourceRecord.objects.get(collection="authors", key="omar")
    assert person.fields["missions"][0]["employer"] == "Malt"


def test_people_are_found_by_the_search(tmp_path: Path) -> None:
    do(tmp_path)
    assert [user.family_name for user in User.objects.search("haddad omar")] == ["HADDAD"]
    assert [group.slug for group in Group.objects.search("carn")] == ["carnet"]


def test_each_change_and_the_end_are_in_the_journal(tmp_path: Path) -> None:
    do(tmp_path)
    tags = list(Event.objects.order_by("tag").values_list("tag", flat=True))
    assert tags.count(Tag.USER_CREATED) == 2
    assert tags.count(Tag.GROUP_CREATED) == 4
    assert tags.count(Tag.MEMBERSHIP_STARTED) == 2
    finished = Event.objects.get(tag=Tag.IMPORT_FINISHED)
    assert finished.data["counts"]["created"] == {"organisations": 2, "groups": 4, "people": 2, "memberships": 3}
    assert {event.tag for event in Event.objects.about(lea().pk)} == {
        Tag.USER_CREATED,
        Tag.MEMBERSHIP_STARTED,
        Tag.ORGANIZATION_MEMBER_ADDED,
    }


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    do(tmp_path)
    before = everything()
    result = do(tmp_path)
    assert everything() == before
    assert not result.counts.anything
    assert result.counts.unchanged == {"organisations": 2, "groups": 4, "people": 2}


def test_a_dry_run_writes_nothing_and_counts_what_would_be_done(tmp_path: Path) -> None:
    result = do(tmp_path, dry_run=True)
    assert everything() == [[]] * len(ALL_MODELS)
    done = do(tmp_path)
    assert result.counts == done.counts
    assert result.findings.items == done.findings.items


def test_what_people_changed_here_stays_while_the_source_does_not_change(tmp_path: Path) -> None:
    do(tmp_path)
    edit_profile(by=None, user=lea(), job_title="Directrice")
    edit_group(by=None, group=Group.objects.get(slug="carnet"), name="Carnet de santé")
    assert not do(tmp_path).counts.anything
    do(
        tmp_path,
        {"_startups/carnet.md": str(BASE["_startups/carnet.md"]).replace("Suivre sa santé", "Suivre ses vaccins")},
    )
    carnet = Group.objects.get(slug="carnet")
    assert (carnet.name, carnet.description) == ("Carnet de santé", "Suivre ses vaccins")
    assert lea().job_title == "Directrice"


def test_a_field_that_the_source_changes_follows_it(tmp_path: Path) -> None:
    do(tmp_path)
    edit_profile(by=None, user=lea(), job_title="Directrice")
    result = do(tmp_path, {"_authors/lea.md": str(BASE["_authors/lea.md"]).replace("Développeuse", "Coach agile")})
    assert lea().job_title == "Coach agile"
    assert User.objects.search("agile").get() == lea()
    assert result.counts.changed["people"] == 1
    assert Event.objects.get(tag=Tag.USER_EDITED, data__source="betagouv").data["fields"] == ["job_title"]


def test_a_product_moves_under_another_incubator_and_closes(tmp_path: Path) -> None:
    do(tmp_path)
    moved = str(BASE["_startups/carnet.md"]).replace("atelier", "fabrique")
    do(tmp_path, {"_startups/carnet.md": f"{moved}\n  - name: abandon\n    start: 2026-08-15"})
    carnet = Group.objects.get(slug="carnet")
    assert (carnet.parent, carnet.closed_on) == (Group.objects.get(slug="fabrique"), date(2026, 8, 15))
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2026, 8, 14))]


def test_a_mission_that_is_renewed_lengthens_the_membership(tmp_path: Path) -> None:
    do(tmp_path)
    GroupMembership.objects.update(warned_at_days=30)
    result = do(tmp_path, missions(CARNET.replace("2026-12-31", "2027-12-31")))
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2027, 12, 31))]
    assert GroupMembership.objects.get(user=lea()).warned_at_days is None
    assert (result.counts.changed["memberships"], result.counts.created["memberships"]) == (2, 0)
    assert Event.objects.filter(tag=Tag.MEMBERSHIP_CHANGED, person_id=lea().pk).count() == 1


def test_a_mission_that_leaves_the_source_ends_yesterday_when_it_is_current(tmp_path: Path) -> None:
    do(tmp_path)
    result = do(tmp_path, missions("start: 2025-01-01, end: 2026-12-31, employer: DNUM"))
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2026, 8, 31))]
    assert result.counts.ended == {"memberships": 1}
    assert Event.objects.filter(tag=Tag.MEMBERSHIP_ENDED, person_id=lea().pk).count() == 1
    assert not do(tmp_path, {}).counts.anything


@pytest.mark.parametrize("days", ["start: 2024-01-01, end: 2024-06-01", "start: 2026-10-01, end: 2026-12-01"])
def test_a_past_or_future_mission_that_leaves_the_source_is_removed(days: str, tmp_path: Path) -> None:
    write(tmp_path, {})
    do(
        tmp_path,
        missions(CARNET, f"{days}, startups: [carnet]".replace("carnet", "other")) | {"_startups/other.md": "title: O"},
    )
    assert len(of_lea()) == 2
    do(tmp_path, missions(CARNET))
    assert [slug for slug, _start, _end in of_lea()] == ["carnet"]


def test_days_changed_here_are_kept_and_named(tmp_path: Path) -> None:
    do(tmp_path)
    GroupMembership.objects.filter(user=lea()).update(ends_on=None)
    result = do(tmp_path, missions("start: 2025-01-01, end: 2026-12-31, employer: DNUM"))
    assert of_lea() == [("carnet", date(2025, 1, 1), None)]
    assert [item.kind for item in result.findings.of([Kind.EDITED_HERE])] == [Kind.EDITED_HERE]


def test_a_membership_made_here_is_not_doubled(tmp_path: Path) -> None:
    do(tmp_path, {**BASE, **missions("start: 2025-01-01, end: 2025-06-01")})
    GroupMembership.objects.create(user=lea(), group=Group.objects.get(slug="carnet"), starts_on=date(2024, 12, 1))
    result = do(tmp_path, missions(CARNET))
    assert of_lea() == [("carnet", date(2024, 12, 1), None)]
    assert len(result.findings.of([Kind.HELD_HERE])) == 1


def test_a_group_closed_here_gets_no_member(tmp_path: Path) -> None:
    do(tmp_path, {**BASE, **missions("start: 2025-01-01, end: 2025-06-01")})
    Group.objects.filter(slug="carnet").update(closed_on=date(2025, 3, 1))
    do(tmp_path, missions(CARNET))
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2025, 2, 28))]


def test_a_person_whose_file_leaves_keeps_a_card_and_a_past(tmp_path: Path) -> None:
    do(tmp_path)
    result = do(tmp_path, {"_authors/lea.md": None})
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2026, 8, 31))]
    assert result.counts.ended == {"memberships": 2}
    assert [item.file for item in result.findings.of([Kind.VANISHED])] == ["_authors/lea.md"]
    assert not do(tmp_path, {}).counts.anything
    do(tmp_path, missions(CARNET))
    assert of_lea() == [("carnet", date(2025, 1, 1), date(2026, 12, 31))]


def test_a_broken_file_changes_nothing_of_what_it_gave(tmp_path: Path) -> None:
    do(tmp_path)
    before = everything()
    result = do(
        tmp_path, {"_authors/lea.md": "fullname: 'x", "_startups/carnet.md": "a: *b", "_incubators/atelier.md": "["}
    )
    assert everything() == before
    assert len(result.findings.of([Kind.INVALID_YAML, Kind.YAML_REFUSED])) == 3


def test_what_was_deleted_here_is_not_made_again(tmp_path: Path) -> None:
    do(tmp_path)
    GroupMembership.objects.all().delete()
    Group.objects.get(slug="carnet").delete()
    result = do(tmp_path, missions(CARNET.replace("2026-12-31", "2027-01-31")))
    assert not Group.objects.filter(slug="carnet").exists()
    assert [item.file for item in result.findings.of([Kind.DELETED_HERE])] == ["_startups/carnet.md"]


def test_a_person_who_was_erased_does_not_come_back(tmp_path: Path) -> None:
    do(tmp_path)
    user = lea()
    anonymise_user(by=None, user=user)
    result = do(tmp_path, missions(CARNET.replace("2026-12-31", "2027-01-31")))
    user.refresh_from_db()
    assert (user.state, user.given_name) == (User.State.ANONYMISED, "")
    record = SourceRecord.objects.get(collection="authors", key="lea")
    assert (record.fields, record.body, record.applied) == ({}, "", {})
    assert [item.file for item in result.findings.of([Kind.ERASED_HERE])] == ["_authors/lea.md"]
    assert not GroupMembership.objects.current().filter(user=user).exists()


def test_a_group_is_never_placed_in_itself(tmp_path: Path) -> None:
    do(tmp_path)
    Group.objects.filter(slug="fabrique").update(parent=Group.objects.get(slug="carnet"))
    result = do(tmp_path, {"_startups/carnet.md": str(BASE["_startups/carnet.md"]).replace("atelier", "fabrique")})
    assert Group.objects.get(slug="carnet").parent == Group.objects.get(slug="atelier")
    assert [item.file for item in result.findings.of([Kind.CYCLE])] == ["_startups/carnet.md"]


def test_addresses_are_unique_and_never_change(tmp_path: Path) -> None:
    Group.objects.create(slug="carnet", name="Ours")
    do(tmp_path, {**BASE, "_startups/rdv.x.md": "title: One", "_startups/rdv-x.md": "title: Two"})
    assert Group.objects.get(name="Carnet").slug == "carnet-2"
    assert {Group.objects.get(name="One").slug, Group.objects.get(name="Two").slug} == {"rdv-x", "rdv-x-2"}
    Group.objects.get(name="Ours").delete()
    do(tmp_path, {"_startups/carnet.md": str(BASE["_startups/carnet.md"]).replace("Carnet", "Cahier")})
    assert Group.objects.get(name="Cahier").slug == "carnet-2"


def test_an_interruption_leaves_whole_batches_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {f"_authors/p{number:02}.md": f"fullname: Personne {number}" for number in range(20)})
    monkeypatch.setattr(writer, "SIZE", 5)
    write_batch, written = writer.write, []

    def interrupted(batch: Any) -> None:
        write_batch(batch)
        written.append(batch)
        if len(written) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(writer, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        do(tmp_path, {})
    assert User.objects.count() == SourceRecord.objects.filter(collection="authors").count() == 5
    monkeypatch.setattr(writer, "write", write_batch)
    do(tmp_path, {})
    assert User.objects.count() == 22
    assert not do(tmp_path, {}).counts.anything


def _people(root: Path, number: int, end: str) -> None:
    person = "fullname: Personne {0}\nmissions: [{{start: 2025-01-01, end: {1}, employer: DNUM, startups: [carnet]}}]"
    write(root, {f"_authors/p{index}.md": person.format(index, end) for index in range(number)})


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(tmp_path: Path) -> None:
    counts = []
    for number in (1, 30):
        root = tmp_path / str(number)
        for model in (SourceRecord, GroupMembership, OrganizationMembership, User):
            model.objects.all().delete()
        costs = []
        for end in ("2026-12-31", "2027-01-31", "2027-01-31"):
            _people(root, number, end)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                do(root, {})
            costs.append(len(queries))
        counts.append(costs)
    assert counts[0] == counts[1]
    assert counts[0][2] < counts[0][1]
