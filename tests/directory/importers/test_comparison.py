"""Intervals and texts compared without a database: days of a person in a place, addresses, names, dates."""

from datetime import date

import pytest

from parvis.directory.importers import slugs, tidy
from parvis.directory.importers.betagouv.values import Reader, person_name
from parvis.directory.importers.files import Document
from parvis.directory.importers.findings import Findings, Kind, Outcome
from parvis.directory.importers.places import compare
from parvis.directory.importers.slugs import SlugBook
from parvis.directory.importers.wanted import Interval, before_closing, merged
from parvis.directory.models import GroupMembership


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def days(start: str, end: str | None) -> Interval:
    return day(start), day(end) if end else None


def row(start: str, end: str | None) -> GroupMembership:
    return GroupMembership(starts_on=day(start), ends_on=day(end) if end else None)


@pytest.mark.parametrize(
    ("intervals", "wanted"),
    [
        ([days("01-01", "02-01"), days("03-01", "04-01")], [days("01-01", "02-01"), days("03-01", "04-01")]),
        ([days("01-15", "03-01"), days("01-01", "02-01")], [days("01-01", "03-01")]),
        ([days("01-01", "01-31"), days("02-01", "02-10")], [days("01-01", "02-10")]),
        ([days("01-01", "01-30"), days("02-01", "02-10")], [days("01-01", "01-30"), days("02-01", "02-10")]),
        ([days("01-01", None), days("02-01", "02-10")], [days("01-01", None)]),
        ([days("01-01", "06-01"), days("02-01", "02-10")], [days("01-01", "06-01")]),
        ([days("01-01", "02-01"), days("01-20", None)], [days("01-01", None)]),
    ],
    ids=["apart", "overlapping", "adjacent", "a-day-between", "open", "within", "open-later"],
)
def test_overlapping_and_adjacent_intervals_are_one(intervals: list[Interval], wanted: list[Interval]) -> None:
    assert merged(intervals) == wanted


@pytest.mark.parametrize(
    ("interval", "wanted"),
    [
        (days("01-01", "05-01"), days("01-01", "05-01")),
        (days("01-01", "06-01"), days("01-01", "05-31")),
        (days("01-01", None), days("01-01", "05-31")),
        (days("06-01", "07-01"), None),
    ],
)
def test_nobody_belongs_to_a_closed_group(interval: Interval, wanted: Interval | None) -> None:
    assert before_closing(interval, day("06-01")) == wanted


def test_new_days_are_created() -> None:
    steps = compare([], [days("01-01", "02-01")], [])
    assert steps.create == [days("01-01", "02-01")]


def test_the_source_moves_the_end_it_changed() -> None:
    here = row("01-01", "02-01")
    steps = compare([days("01-01", "02-01")], [days("01-01", "06-01")], [here])
    assert steps.change == [(here, days("01-01", "06-01"))]
    assert not steps.create


def test_an_end_changed_here_stays_when_the_source_moves_the_start() -> None:
    here = row("02-01", "09-30")
    steps = compare([days("02-01", "06-01")], [days("01-01", "06-01")], [here])
    assert steps.change == [(here, days("01-01", "09-30"))]


def test_days_that_the_source_drops_are_removed_unless_changed_here() -> None:
    untouched, touched = row("01-01", "02-01"), row("03-01", "12-31")
    steps = compare([days("01-01", "02-01"), days("03-01", "04-01")], [], [untouched, touched])
    assert steps.remove == [untouched]
    assert steps.edited == [days("03-01", "04-01")]


def test_days_already_held_here_are_not_doubled() -> None:
    steps = compare([], [days("02-01", "03-01")], [row("01-01", None)])
    assert (steps.create, steps.held) == ([], [days("02-01", "03-01")])


def test_a_change_never_makes_two_memberships_overlap() -> None:
    imported, later = row("01-01", "02-01"), row("03-01", None)
    steps = compare([days("01-01", "02-01")], [days("01-01", "06-01")], [imported, later])
    assert (steps.change, steps.held) == ([], [days("01-01", "06-01")])


def test_nothing_is_done_when_the_source_did_not_change() -> None:
    steps = compare([days("01-01", "02-01")], [days("01-01", "02-01")], [row("01-05", "12-31")])
    assert steps == type(steps)()


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("carnet", "carnet"),
        ("enviro-gend", "enviro-gend"),
        ("envirogend", "envirogend"),
        ("rdv.insertion", "rdv-insertion"),
        ("Préfecture", "prefecture"),
        ("MEN", "men"),
        ("culture_amateurs", "culture_amateurs"),
        ("new", "new-1"),
        ("東京", "id-130016b2"),
        ("a" * 120, "a" * 95),
    ],
)
def test_an_address_is_close_to_the_id(key: str, slug: str) -> None:
    assert slugs.base(key) == slug


def test_two_ids_never_share_an_address() -> None:
    book = SlugBook({"taken"})
    assert [book.give(key) for key in ("a.b", "a-b", "a b", "taken")] == ["a-b", "a-b-2", "a-b-3", "taken-2"]


@pytest.mark.parametrize(
    ("full", "names"),
    [
        ("Léa Martin", ("Léa", "Martin")),
        ("Omar EL HADDAD", ("Omar", "EL HADDAD")),
        ("DE LA TOUR Anne Marie", ("Anne Marie", "DE LA TOUR")),
        ("Jean de La Fontaine", ("Jean", "de La Fontaine")),
        ("Madonna", ("Madonna", "")),
        ("ANNE CLERC", ("ANNE", "CLERC")),
        ("", ("", "")),
    ],
)
def test_a_full_name_is_split(full: str, names: tuple[str, str]) -> None:
    assert person_name(full) == names


@pytest.mark.parametrize(
    ("value", "wanted", "kind"),
    [
        ("2020-02-29", date(2020, 2, 29), None),
        ("2020-2-9", date(2020, 2, 9), Kind.DATE_REWRITTEN),
        ("2020-02-09T10:00:00Z", date(2020, 2, 9), Kind.DATE_REWRITTEN),
        ("09/02/2020", date(2020, 2, 9), Kind.DATE_REWRITTEN),
        ("2021-02-29", None, Kind.DATE_INVALID),
        ("20222-01-01", None, Kind.DATE_INVALID),
        ("0202-01-01", None, Kind.DATE_INVALID),
        ("bientôt", None, Kind.DATE_INVALID),
        (2020, None, Kind.DATE_INVALID),
        (None, None, None),
        ("", None, None),
    ],
)
def test_a_date_is_understood_or_named(value: object, wanted: date | None, kind: Kind | None) -> None:
    found = Findings()
    reader = Reader(Document("authors", "lea", "_authors/lea.md", {}, ""), found)
    assert reader.day(value, "start") == wanted
    assert [item.kind for item in found.items] == ([kind] if kind else [])


def test_text_is_repaired_in_every_corner_of_a_record() -> None:
    found = Findings()
    fields = {
        "title": " Carnet\u200b ",
        "link": "https:&#x2F;&#x2F;carnet.example;",
        "list": [{"name": "e\u0301te\u0301"}],
        "plain": "ok",
        "number": 3,
    }
    assert tidy.fields(fields, "f", found) == {
        "title": "Carnet",
        "link": "https://carnet.example",
        "list": [{"name": "été"}],
        "plain": "ok",
        "number": 3,
    }
    assert {(item.kind, item.field) for item in found.items} == {
        (Kind.INVISIBLE, "title"),
        (Kind.OUTER_BLANKS, "title"),
        (Kind.HTML_ENTITIES, "link"),
        (Kind.URL_TAIL, "link"),
        (Kind.NOT_NFC, "list[0].name"),
    }


def test_emoji_keep_their_joiners() -> None:
    family = "👩\u200d💻"
    assert tidy.text(family, "f", "title", Findings()) == family


def test_every_kind_has_its_own_code_and_says_what_it_means() -> None:
    codes = [kind.code for kind in Kind]
    assert len(set(codes)) == len(codes) == len(list(Kind.__members__))
    assert all(kind.meaning.endswith(".") and isinstance(kind.outcome, Outcome) for kind in Kind)


def test_a_long_value_is_cut_in_the_report() -> None:
    found = Findings()
    found.add(Kind.INVALID_YAML, "f", was="x" * 1000)
    assert len(found.items[0].was) == 300
