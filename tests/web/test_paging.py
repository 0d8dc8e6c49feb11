"""Keyset paging: every row once, in both directions, whatever the cursor holds."""

import base64
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from parvis.directory.models import Organization
from parvis.lib.paging import InvalidCursorError, page_of, paginate

pytestmark = pytest.mark.django_db


def organizations(*names: str) -> QuerySet[Organization]:
    for number, name in enumerate(names):
        Organization.objects.create(name=name, slug=f"o{number}")
    found: QuerySet[Organization] = Organization.objects.all()
    return found


def names(page: Iterable[Organization]) -> list[str]:
    return [one.name for one in page]


def test_walks_forward_over_every_row_once_even_with_equal_names() -> None:
    rows = organizations("Ville", "Ville", "Ville", "Agence", "Zoo")
    seen, cursor = [], None
    while True:
        page = paginate(rows, cursor=cursor, size=2)
        seen += [row.pk for row in page]
        if not page.after:
            break
        cursor = page.after
    assert len(seen) == len(set(seen)) == 5


def test_comes_back_to_the_page_before() -> None:
    rows = organizations("A", "B", "C", "D", "E")
    first = paginate(rows, size=2)
    second = paginate(rows, cursor=first.after, size=2)
    third = paginate(rows, cursor=second.after, size=2)
    assert names(paginate(rows, before=third.before, size=2)) == names(second) == ["C", "D"]
    assert names(paginate(rows, before=second.before, size=2)) == ["A", "B"]
    assert paginate(rows, before=second.before, size=2).before == ""


def test_the_ends_have_no_way_on() -> None:
    rows = organizations("A", "B", "C")
    first = paginate(rows, size=2)
    last = paginate(rows, cursor=first.after, size=2)
    assert (first.before, last.after) == ("", "")
    assert (names(first), names(last)) == (["A", "B"], ["C"])


def test_goes_down_as_well_as_up() -> None:
    rows = organizations("A", "B", "C")
    order = ("-sort_key", "id")
    first = paginate(rows, order=order, size=2)
    assert names(first) == ["C", "B"]
    assert names(paginate(rows, order=order, cursor=first.after, size=2)) == ["A"]


def test_a_moment_survives_the_cursor() -> None:
    rows = organizations("A", "B", "C")
    order = ("-created_at", "id")
    first = paginate(rows, order=order, size=1)
    second = paginate(rows, order=order, cursor=first.after, size=1)
    assert names(first) + names(second) == ["C", "B"]


def forged(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "%00",
        "A" * 3000,
        forged("text"),
        forged(["a"]),
        forged(["a", "not-a-uuid"]),
        forged(["a\x00", "01890000-0000-7000-8000-000000000000"]),
        forged([{"$gt": ""}, "01890000-0000-7000-8000-000000000000"]),
        forged([True, None]),
        forged([[], []]),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused_and_shows_the_first_page(cursor: str) -> None:
    rows = organizations("A", "B")
    with pytest.raises(InvalidCursorError):
        paginate(rows, cursor=cursor)
    assert names(page_of(rows, {"after": cursor})) == ["A", "B"]
    assert names(page_of(rows, {"before": cursor})) == ["A", "B"]


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    assert page_of(Organization.objects.none(), {"after": text}).items == []


def test_one_and_three_rows_cost_the_same(django_assert_num_queries: Any) -> None:
    rows = organizations("A", "B", "C")
    with django_assert_num_queries(1):
        paginate(rows, size=1)
    with django_assert_num_queries(1):
        paginate(rows, size=3)
