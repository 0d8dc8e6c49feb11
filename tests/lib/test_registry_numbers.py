import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.lib.registry_numbers import is_siren, is_siret, luhn_is_valid, normalise

DIGITS = st.text("0123456789", min_size=13, max_size=13)


def with_key(digits: str) -> str:
    return next(digits + key for key in "0123456789" if luhn_is_valid(digits + key))


@given(DIGITS)
def test_each_beginning_has_one_key(digits: str) -> None:
    assert sum(luhn_is_valid(digits + key) for key in "0123456789") == 1


@given(
    DIGITS.filter(lambda digits: not digits.startswith("356000000")), st.integers(0, 13), st.sampled_from("0123456789")
)
def test_one_wrong_digit_is_seen(digits: str, position: int, digit: str) -> None:
    number = with_key(digits)
    assert is_siret(number)
    changed = number[:position] + digit + number[position + 1 :]
    if changed != number and not changed.startswith("356000000"):
        assert not is_siret(changed)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_siret(text) in {True, False}
    assert is_siren(text) in {True, False}
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("number", ["73282932000074", "35600000000048", "35600000049837"])
def test_known_sirets(number: str) -> None:
    assert is_siret(number)


@pytest.mark.parametrize(
    "number", ["73282932000075", "7328293200007", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "35600000049838", "", "7328293200007A"]
)
def test_what_is_no_siret(number: str) -> None:
    assert not is_siret(number)


def test_numbers_are_written_with_blanks() -> None:
    assert normalise("732 829 320\u202f00074") == "73282932000074"
    assert is_siren("732829320")
