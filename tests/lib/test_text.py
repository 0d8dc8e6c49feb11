import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.lib.text import fold, one_line


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Léa MARTIN", "lea martin"),
        ("l’Œuvre d'Æsop", "l oeuvre d aesop"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted-Đặng", "lukasz orsted dang"),
        ("ﬁnances ﬀ", "finances ff"),
        ("e\u0301cole", "ecole"),
        ("  a--b__c  ", "a b c"),
        ("Ольга Ёлкина", "ольга елкина"),
        ("İstanbul ILGAZ", "istanbul ilgaz"),
        ("№ 5 ½", "no 5 1 2"),
    ],
)
def test_what_people_type_is_made_comparable(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(unicodedata.combining(char) or char.isupper() for char in folded)
    assert folded == " ".join(folded.split())


@given(st.text(max_size=200))
def test_folding_forgets_case_and_unicode_form(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(st.text(max_size=200))
def test_one_line_is_one_line_without_invisible_characters(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert not any(unicodedata.category(char)[0] == "C" for char in line)
    assert line.splitlines() in ([], [line])
