"""Round ticks, days, and labels that do not overlap."""

import datetime as dt
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from parvis.web.charts import scales, wording


@pytest.mark.parametrize(
    ("high", "count", "expected"),
    [
        (245, 4, [0, 100, 200, 300]),
        (7, 4, [0, 2, 4, 6, 8]),
        (1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 4, [0, 1]),
        (130_324, 5, [0, 50_000, 100_000, 150_000]),
    ],
)
def test_ticks_are_round_and_cover_the_highest(high: float, count: int, expected: list[float]) -> None:
    assert scales.ticks(high, count) == expected


def test_whole_ticks_have_no_fraction() -> None:
    assert scales.ticks(2, 5, whole=True) == [0, 1, 2]


def test_a_scale_without_extent_does_not_divide_by_zero() -> None:
    assert scales.Linear(3, 3, 0, 100)(3) == 0
    day = dt.date(2026, 1, 1)
    assert scales.Days(day, day, 0, 100)(day) == 0


def test_a_day_outside_the_axis_is_held_at_its_edge() -> None:
    days = scales.Days(dt.date(2020, 1, 1), dt.date(2026, 1, 1), 10, 110)
    assert days(dt.date(1999, 1, 1)) == 10
    assert days(dt.date(2050, 1, 1)) == 110


def test_years_are_marked_when_they_fit_and_months_on_short_axes() -> None:
    assert [label for _day, label in scales.Days(dt.date(2014, 5, 1), dt.date(2026, 8, 1), 0, 1).ticks(5)] == [
        "2015", "2020", "2025",
    ]  # fmt: skip
    short = scales.Days(dt.date(2026, 1, 1), dt.date(2026, 12, 31), 0, 1)
    with translation.override("fr"):
        assert [label for _day, label in short.ticks(4)] == ["jan. 2026", "avr. 2026", "juil. 2026", "oct. 2026"]


@given(st.lists(st.floats(0, 500), min_size=1, max_size=20))
def test_labels_stand_apart_and_within_their_room(wanted: list[float]) -> None:
    placed = scales.spread(wanted, 20, 0, 500)
    ordered = sorted(placed)
    assert all(b - a >= 20 - 1e-6 for a, b in pairwise(ordered))
    assert ordered[0] >= -1e-6
    assert ordered[-1] <= 500 + 1e-6


def test_labels_with_room_stay_where_they_want_to_be() -> None:
    assert scales.spread([10, 100, 300], 20, 0, 500) == [10, 100, 300]


def test_two_labels_at_one_place_share_the_way() -> None:
    assert scales.spread([100, 100], 20, 0, 500) == [90, 110]


def test_a_long_name_is_cut_visibly() -> None:
    cut = scales.clip("Direction interministérielle du numérique", 120, 14)
    assert cut.endswith("…")
    assert scales.width_of(cut, 14) <= 120
    assert scales.clip("DINUM", 120, 14) == "DINUM"


def test_numbers_are_written_for_their_reader() -> None:
    with translation.override("fr"):
        assert wording.number(1234.5) == "1\u202f234,5"
        assert wording.percent(0.734, 1) == "73,4\u202f%"
        assert wording.day(dt.date(2026, 7, 5)) != wording.day(dt.date(2026, 6, 5))
        assert wording.month(dt.date(2026, 7, 5)) != wording.month(dt.date(2026, 6, 5))
    with translation.override("en"):
        assert wording.number(1234.5) == "1,234.5"
        assert wording.percent(0.734) == "73%"
        assert wording.short(2_500_000) == "2.5 M"
