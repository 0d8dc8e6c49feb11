from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from parvis.portfolio.models import Product
from parvis.similar import actions
from parvis.similar.engine import storage
from parvis.similar.models import LexiconRecord, Neighbour, Posting, ProfileRecord
from parvis.similar.queries.candidates import search, similar_to
from tests.factories.portfolio import ProductFactory
from tests.factories.similar import ServiceFactory
from tests.similar.network import small_network

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def names(product: Product) -> list[str]:
    return [candidate.item.name for candidate in similar_to(product, VISITOR)]


def with_many() -> None:
    """Put enough in the index for one change not to be a rebuild."""
    for number in range(30):
        ProductFactory(name=f"Remplissage {number}", mission=f"Sujet {chr(97 + number)}zorg", description="")


def test_a_rebuild_twice_says_the_same() -> None:
    house = small_network()
    before = [(row.other.product_id, row.score, row.reasons) for row in Neighbour.objects.select_related("other")]
    assert actions.rebuild() == 5
    after = [(row.other.product_id, row.score, row.reasons) for row in Neighbour.objects.select_related("other")]
    assert before == after
    assert names(house.stage)[0] == "Découverte"


def test_a_new_product_is_found_after_the_next_look_without_a_rebuild() -> None:
    with_many()
    house = small_network()
    built_at = LexiconRecord.objects.get().built_at
    new = ProductFactory(name="Stage facile", mission="Des stages de troisième pour les élèves de collège")
    assert actions.refresh() == 1
    assert LexiconRecord.objects.get().built_at == built_at
    assert "Stage facile" in names(house.stage)
    assert "Mon stage" in names(new)
    assert actions.refresh() == 0


def test_a_changed_product_leaves_its_old_neighbours() -> None:
    with_many()
    house = small_network()
    assert "Découverte" in names(house.stage)
    Product.objects.filter(pk=house.internship.pk).update(
        name="Prisons", mission="Réserver un parloir en prison", description="", updated_at=timezone.now()
    )
    assert actions.refresh() == 1
    assert "Prisons" not in names(house.stage)
    found = search("Un stage de troisième pour les élèves de collège", VISITOR)
    assert "Prisons" not in [candidate.item.name for candidate in found]
    assert search("Réserver un parloir en prison", VISITOR)[0].item.name == "Prisons"


def test_what_was_saved_without_a_change_is_only_noted() -> None:
    with_many()
    house = small_network()
    before = list(Neighbour.objects.values_list("pk", flat=True))
    Product.objects.filter(pk=house.stage.pk).update(updated_at=timezone.now())
    assert actions.refresh() == 1
    assert list(Neighbour.objects.values_list("pk", flat=True)) == before
    assert actions.refresh() == 0


def test_what_left_its_source_or_the_portfolio_leaves_the_index() -> None:
    with_many()
    house = small_network()
    house.foreign.is_gone = True
    house.foreign.save()
    Product.objects.filter(pk=house.internship.pk).update(state=Product.State.WITHDRAWN)
    assert actions.refresh() == 2
    assert not ProfileRecord.objects.filter(service=house.foreign).exists()
    held = {number for row in Posting.objects.all() for number, _ in storage.unpack(bytes(row.holders))}
    assert held == set(ProfileRecord.objects.values_list("pk", flat=True))


def test_much_that_changed_or_a_lexicon_of_yesterday_makes_it_a_rebuild() -> None:
    with_many()
    small_network()
    built_at = LexiconRecord.objects.get().built_at
    for number in range(9):
        ServiceFactory(key=f"new-{number}", name=f"Work experience {number}")
    actions.refresh()
    second = LexiconRecord.objects.get().built_at
    assert built_at is not None
    assert second is not None
    assert second > built_at
    LexiconRecord.objects.update(built_at=timezone.now() - timedelta(days=2))
    assert actions.refresh() == 0  # Nothing changed: nothing to do.
    ProductFactory(name="Un de plus")
    actions.refresh()
    newest = LexiconRecord.objects.get().built_at
    assert newest is not None
    assert newest > second


def test_an_empty_portfolio_has_an_empty_index() -> None:
    assert actions.refresh() == 0
    assert actions.rebuild() == 0
    assert search("Un paragraphe qui ne trouve rien", VISITOR) == []


def test_a_refusal_weighs_on_other_pairs_after_a_rebuild() -> None:
    from parvis.similar.models import Verdict
    from tests.factories.directory import UserFactory

    house = small_network()
    before = similar_to(house.stage, VISITOR)[0].score
    for _ in range(3):
        actions.judge(by=UserFactory(), product=house.stage, other=house.foreign, verdict=Verdict.REFUSE)
    actions.rebuild()
    assert similar_to(house.stage, VISITOR)[0].score < before
