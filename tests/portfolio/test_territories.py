"""The registers that an installation starts with."""

import pytest
from django.core.exceptions import ValidationError

from parvis.portfolio.models import Term, Territory
from parvis.portfolio.territories import ensure_territories
from parvis.portfolio.vocabulary import ensure_standard_terms, term_key

pytestmark = pytest.mark.django_db


def test_territories_are_made_once_with_what_is_above_them() -> None:
    made = ensure_territories()
    assert made == Territory.objects.count()
    assert ensure_territories() == 0
    counts = {scheme: Territory.objects.filter(scheme=scheme).count() for scheme in Territory.Scheme.values}
    assert counts == {"iso3166-1": 43, "iso3166-2": 0, "nuts": 27, "fr-reg": 13, "fr-dep": 107}
    paris = Territory.objects.get(code="FR-75")
    assert paris.parent is not None
    assert (paris.parent.code, paris.parent.parent) == ("FR-IDF", Territory.objects.get(code="FR"))
    assert Territory.objects.get(code="FR-974").parent == Territory.objects.get(code="FR")
    departments = Territory.objects.filter(scheme="fr-dep", parent__scheme="fr-reg")
    assert departments.count() == 96
    for territory in Territory.objects.all():
        territory.full_clean()


def test_a_code_is_a_code() -> None:
    for code in ("fr", "FR/75", "../FR", "France"):
        with pytest.raises(ValidationError):
            Territory(code=code, scheme="iso3166-1", name_fr="x").full_clean()


def test_the_official_words_are_made_once() -> None:
    assert ensure_standard_terms() == Term.objects.filter(is_standard=True).count() == 31
    assert ensure_standard_terms() == 0
    assert Term.objects.get(kind="user-type", key="etat").label_en == "Central government staff"


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("theme", "Éducation", "education ", True),
        ("theme", "Open-Data", "open data", True),
        ("technology", "Ruby on  Rails", "ruby on rails", True),
        ("technology", "C", "C#", False),
        ("user-type", "collectivite-territoriale", "Collectivité territoriale", True),
        ("theme", "?", "!", False),
    ],
)
def test_spellings_of_one_word(kind: str, one: str, other: str, same: bool) -> None:
    assert (term_key(kind, one) == term_key(kind, other)) is same
    assert len(term_key(kind, "é" * 1000)) <= 200
