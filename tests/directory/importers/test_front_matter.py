"""Front matter gives plain values, or an error; never an object, an expansion or a stack overflow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.directory.importers import front_matter
from parvis.directory.importers.front_matter import InvalidYamlError, Quoted, RefusedYamlError


def test_scalars_are_what_they_look_like_and_dates_stay_texts() -> None:
    fields, repeated = front_matter.load(
        "a: 12\nb: 1.5\nc: true\nd: null\ne:\nf: 2020-01-01\ng: no\nh: 012\ni: 1.10\nj: '12'\nk: ~"
    )
    assert fields == {
        "a": 12, "b": 1.5, "c": True, "d": None, "e": None, "f": "2020-01-01", "g": "no", "h": "012", "i": "1.10",
        "j": "12", "k": None,
    }  # fmt: skip
    assert repeated == []


def test_a_quoted_text_can_be_told_from_a_plain_one() -> None:
    fields, _repeated = front_matter.load("a: '2020-01-01'\nb: 2020-01-01\nc: \"x\"\nd: |\n  x")
    assert [type(value) for value in fields.values()] == [Quoted, str, Quoted, str]


def test_nested_lists_and_maps_keep_their_shape() -> None:
    fields, _repeated = front_matter.load("phases:\n  - name: a\n    start: 2020-01-01\n  - b\nmap: {x: [1, {y: 2}]}")
    assert fields == {"phases": [{"name": "a", "start": "2020-01-01"}, "b"], "map": {"x": [1, {"y": 2}]}}


def test_repeated_fields_are_named_by_their_path_and_the_last_one_counts() -> None:
    fields, repeated = front_matter.load("a: 1\na: 2\nb:\n  - c: 1\n    c: 2")
    assert fields == {"a": 2, "b": [{"c": 2}]}
    assert repeated == ["a", "b[0].c"]


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: b: c",
        "- a\n- b",
        "just text",
        "",
        "a: 1\n---\nb: 2",
        "? [a]\n: 1",
        "a: \x00",
        'a: "\\ud800"',
        "\t- a",
    ],
)
def test_what_is_no_map_of_fields_is_invalid(text: str) -> None:
    with pytest.raises(InvalidYamlError):
        front_matter.load(text)


def test_an_error_says_its_line() -> None:
    with pytest.raises(InvalidYamlError, match=r"line 4"):
        front_matter.load("a: 1\nb: 2\nc: [1")


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{after}: &{after} [*{name}, *{name}]\n" for name, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BILLION_LAUGHS, "alias"),
        ("a: &a {b: 1}\nc:\n  <<: *a", "alias"),
        ("a: !!python/object/apply:os.system ['true']", "tag"),
        ("a: !!timestamp 2020-01-01", "tag"),
        ("a: " + "[" * 50 + "]" * 50, "deep"),
        ("a: " + "[" * 900 + "]" * 900, "deep"),
        ("a: [" + "x, " * 30_000 + "]", "values"),
    ],
    ids=["billion-laughs", "merge", "object", "timestamp", "deep", "very-deep", "many"],
)
def test_what_no_record_needs_is_refused(text: str, reason: str) -> None:
    with pytest.raises(RefusedYamlError, match=reason):
        front_matter.load(text)


def test_the_body_follows_the_second_fence() -> None:
    found = front_matter.read("---\ntitle: A\n---\n\nHello\n\n---\n\nMore\n")
    assert found
    assert (found.fields, found.body, found.is_closed) == ({"title": "A"}, "Hello\n\n---\n\nMore", True)


def test_an_open_block_is_read_to_the_end() -> None:
    found = front_matter.read("---\ntitle: A\n")
    assert found
    assert (found.fields, found.is_closed) == ({"title": "A"}, False)


@pytest.mark.parametrize("text", ["", "title: A\n", "Hello\n---\ntitle: A\n---\n", "----\na: 1\n---\n"])
def test_without_a_first_fence_there_is_no_front_matter(text: str) -> None:
    assert front_matter.read(text) is None


@given(st.text(max_size=200))
def test_any_text_gives_fields_or_a_named_error(text: str) -> None:
    try:
        fields, _repeated = front_matter.load(text)
    except (InvalidYamlError, RefusedYamlError):
        return
    assert isinstance(fields, dict)
