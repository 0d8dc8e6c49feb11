import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.portfolio.models import Product
from parvis.similar import actions, policies
from parvis.similar.models import Judgement, LexiconRecord, Listing, Verdict
from parvis.similar.queries.candidates import similar_to
from tests.factories.directory import MembershipFactory, UserFactory
from tests.factories.portfolio import ProductFactory
from tests.factories.similar import JudgementFactory
from tests.similar.network import small_network

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
SEARCH = "/portfolio/similar/"
NEED = "Des élèves de collège ne trouvent pas de stage près de chez eux."


def names(product: Product, viewer: object = VISITOR) -> list[str]:
    return [candidate.item.name for candidate in similar_to(product, viewer)]


def page(client: Client, product: Product) -> str:
    answer = client.get(reverse("similar:product-similar", args=[product.key]))
    assert answer.status_code == 200
    return answer.content.decode()


def judge(client: Client, product: Product, other: Product | Listing, **data: str) -> int:
    kind = "product" if isinstance(other, Product) else "service"
    address = reverse("similar:product-judge", args=[product.key, kind, other.pk])
    return client.post(address, data).status_code


# --- What is shown ---------------------------------------------------------------------------------------------------
def test_a_product_shows_its_neighbours_of_all_countries_and_why(client: Client) -> None:
    house = small_network()
    html = page(client, house.stage)
    assert html.index("Découverte") < html.index("Find a work experience placement")
    assert (
        "Royaume-Uni"
        in client.get(
            reverse("similar:product-similar", args=["stage"]), headers={"accept-language": "fr"}
        ).content.decode()
    )
    assert "Shared words:" in html
    assert "collégiens" in html
    assert "Les entreprises répondaient peu" in html  # What the stopped one learnt.
    assert "Signaler un logement indigne" not in html


def test_the_block_stands_on_the_page_of_the_product(client: Client) -> None:
    house = small_network()
    html = client.get(house.stage.get_absolute_url()).content.decode()
    assert re.search(
        r'<section class="section" id="similar">\s*<div class="section-head"><h2>Similar services</h2>', html
    )
    assert house.internship.get_absolute_url() in html


def test_a_product_without_neighbours_has_no_block_and_a_page_that_says_what_to_try(client: Client) -> None:
    alone = ProductFactory(name="Zorglub", mission="", description="")
    actions.rebuild()
    assert 'id="similar"' not in client.get(alone.get_absolute_url()).content.decode()
    html = page(client, alone)
    assert "Nothing similar was found" in html
    assert SEARCH in html


def test_before_the_first_rebuild_pages_are_empty_and_work(client: Client) -> None:
    product = ProductFactory(name="Mon stage", mission=NEED)
    assert not LexiconRecord.objects.exists()
    assert "Nothing similar was found" in page(client, product)
    assert "Nobody, as far as this portfolio knows" in client.post(SEARCH, {"text": NEED}).content.decode()


def test_what_the_reader_may_not_see_is_not_shown() -> None:
    house = small_network()
    assert "Découverte" in names(house.stage)
    Product.objects.filter(pk=house.internship.pk).update(state=Product.State.WITHDRAWN)
    assert "Découverte" not in names(house.stage)
    house.foreign.is_gone = True
    house.foreign.save()
    assert "Find a work experience placement" not in names(house.stage)


def test_a_proposal_is_compared_for_those_who_may_see_it(client: Client) -> None:
    house = small_network()
    proposer = UserFactory()
    proposed = ProductFactory(name="Stages pour tous", mission=NEED, proposed=True, created_by=proposer, group=None)
    actions.refresh()
    assert names(proposed, proposer)[:2] == ["Découverte", "Mon stage"] or names(proposed, proposer)[0] == "Mon stage"
    assert "Stages pour tous" not in names(house.stage)
    assert client.get(reverse("similar:product-similar", args=[proposed.key])).status_code == 404


def test_unknown_products_and_wrong_methods(client: Client) -> None:
    house = small_network()
    client.force_login(house.member)
    address = reverse("similar:product-similar", args=["nobody"])
    assert client.get(address).status_code == 404
    assert client.post(reverse("similar:product-similar", args=["stage"])).status_code == 405
    wrong = reverse("similar:product-judge", args=["stage", "product", house.drought.pk])
    assert client.get(wrong).status_code == 405
    assert client.post(wrong.replace("/product/", "/zorglub/"), {"verdict": "confirm"}).status_code == 404
    itself = reverse("similar:product-judge", args=["stage", "product", house.stage.pk])
    assert client.post(itself, {"verdict": "confirm"}).status_code == 404


def test_one_or_three_neighbours_cost_the_same_queries(client: Client) -> None:
    house = small_network()
    costs = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(client, house.stage)
        costs.append((len(queries), len(similar_to(house.stage, VISITOR))))
        ProductFactory(name=f"Stages {turn}", mission="Aider les élèves de collège à trouver un stage de troisième")
        ProductFactory(name=f"Observer {turn}", mission="Offres de stage d'observation pour collégiens")
        actions.rebuild()
    assert costs[1][1] > costs[0][1]
    assert costs[0][0] == costs[1][0] <= 5


# --- Who may say what ------------------------------------------------------------------------------------------------
def test_either_team_its_incubator_and_operators_may_judge_nobody_else() -> None:
    house = small_network()
    other_team = MembershipFactory(group=house.drought.group).user
    manager = MembershipFactory(group=house.incubator.group, manager=True).user
    may = {
        "visitor": VISITOR, "signed in": UserFactory(), "member": house.member, "other team": other_team,
        "manager": manager, "operator": UserFactory(operator=True),
    }  # fmt: skip
    pair = house.stage, house.drought
    assert [name for name, user in may.items() if policies.can_judge(user, *pair)] == [
        "member", "other team", "manager", "operator",
    ]  # fmt: skip
    assert [name for name, user in may.items() if policies.can_judge(user, house.stage, house.foreign)] == [
        "member", "manager", "operator",
    ]  # fmt: skip


def test_only_those_who_may_judge_are_offered_to(client: Client) -> None:
    house = small_network()
    assert "Refuse Découverte" not in page(client, house.stage)
    client.force_login(UserFactory())
    assert "Refuse Découverte" not in page(client, house.stage)
    assert judge(client, house.stage, house.internship, verdict="refuse") == 403
    client.force_login(house.member)
    assert "Refuse Découverte" in page(client, house.stage)
    assert not Judgement.objects.exists()


def test_a_confirmed_service_comes_first_and_is_marked(client: Client) -> None:
    house = small_network()
    assert names(house.stage)[0] == "Découverte"
    client.force_login(house.member)
    assert judge(client, house.stage, house.foreign, verdict="confirm", reason="Same pupils, same need.") == 302
    assert names(house.stage)[0] == "Find a work experience placement"
    html = page(client, house.stage)
    assert "Confirmed by 1 person" in html
    assert "Same pupils, same need." in html
    event = Event.objects.get(tag=Tag.SIMILAR_CONFIRMED)
    assert (event.by_id, event.target_id) == (house.member.pk, house.stage.pk)


def test_what_the_engine_did_not_find_may_be_confirmed(client: Client) -> None:
    house = small_network()
    assert "Sèche" not in names(house.stage)
    client.force_login(house.member)
    assert judge(client, house.stage, house.drought, verdict="confirm") == 302
    assert names(house.stage)[0] == "Sèche"
    assert names(house.drought)[0] == "Mon stage"  # It is said of the pair, so it shows from both sides.


def test_a_refused_service_vanishes_from_both_sides_and_teaches(client: Client) -> None:
    house = small_network()
    client.force_login(house.member)
    assert judge(client, house.stage, house.internship, verdict="refuse", reason="Other pupils") == 302
    assert "Découverte" not in names(house.stage)
    assert "Mon stage" not in names(house.internship)
    trust = LexiconRecord.objects.get().trust
    assert trust
    assert set(trust.values()) == {0.8}
    assert Event.objects.filter(tag=Tag.SIMILAR_REFUSED).count() == 1


def test_a_word_may_be_changed_and_taken_back(client: Client) -> None:
    house = small_network()
    client.force_login(house.member)
    for verdict in ("refuse", "confirm", "refuse"):
        judge(client, house.stage, house.internship, verdict=verdict)
    assert Judgement.objects.get().verdict == Verdict.REFUSE
    assert "What people refused" in page(client, house.stage)
    judge(client, house.stage, house.internship, verdict="withdraw")
    assert not Judgement.objects.exists()
    assert "Découverte" in names(house.stage)
    assert LexiconRecord.objects.get().trust == {}
    assert Event.objects.filter(tag=Tag.SIMILAR_WITHDRAWN).count() == 1


def test_a_word_from_the_other_side_is_the_same_word(client: Client) -> None:
    house = small_network()
    MembershipFactory(user=house.member, group=house.internship.group)
    client.force_login(house.member)
    judge(client, house.stage, house.internship, verdict="refuse")
    judge(client, house.internship, house.stage, verdict="confirm")
    assert Judgement.objects.get().verdict == Verdict.CONFIRM


def test_two_against_one() -> None:
    house = small_network()
    JudgementFactory(product=house.stage, other=house.internship, verdict=Verdict.REFUSE)
    assert "Découverte" not in names(house.stage)
    JudgementFactory(product=house.internship, other=house.stage)
    assert "Découverte" in names(house.stage)
    JudgementFactory(product=house.stage, other=house.internship)
    assert similar_to(house.stage, VISITOR)[0].said.is_confirmed


@pytest.mark.parametrize("data", [{}, {"verdict": "zorglub"}, {"verdict": "confirm", "reason": "x" * 1001}])
def test_a_word_that_is_not_understood_changes_nothing(client: Client, data: dict[str, str]) -> None:
    house = small_network()
    client.force_login(house.member)
    assert judge(client, house.stage, house.internship, **data) == 302
    assert not Judgement.objects.exists()
    assert "nothing was changed" in page(client, house.stage)


# --- Who has done this before ----------------------------------------------------------------------------------------
def test_a_paragraph_finds_who_did_it_stopped_ones_and_their_lessons_first(client: Client) -> None:
    small_network()
    html = client.post(SEARCH, {"text": NEED}).content.decode()
    assert html.index("Stopped: what they learnt") < html.index("Les entreprises répondaient peu")
    assert html.index("Les entreprises répondaient peu") < html.index("Services for a need like this")
    assert html.index("Services for a need like this") < html.index(">Mon stage</a>")
    assert "Find a work experience placement" in html


def test_an_english_paragraph_finds_french_services(client: Client) -> None:
    small_network()
    text = "Our tenants live in homes with damp and mould, and do not know to whom they should report it."
    html = client.get(SEARCH, {"text": text}).content.decode()
    assert ">Toit</a>" in html
    assert "locataires" not in html.split("Shared words:")[1].split("</p>")[0]  # The reader reads English.


def test_filters_narrow_what_was_found_and_keep_the_text(client: Client) -> None:
    small_network()
    html = client.post(SEARCH, {"text": NEED, "country": "GB"}).content.decode()
    assert "Find a work experience placement" in html
    assert ">Mon stage</a>" not in html
    assert NEED in html
    assert '<option value="GB" selected>United Kingdom (1)</option>' in html
    nothing = client.post(SEARCH, {"text": NEED, "phase": "construction"}).content.decode()
    assert "Nothing is left with these choices" in nothing


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"text": ""}, 400, "Describe the problem in a sentence or two."),
        ({"text": "stage"}, 400, "Write a little more"),
        ({"text": "stage " * 2000}, 400, "This is too long"),
        ({"text": "zorglub zorglub zorglub"}, 200, "Nobody, as far as this portfolio knows"),
        ({"text": "的是不了人我在有他这为之大来以个中上们"}, 200, "Nobody, as far as this portfolio knows"),
        ({"text": NEED, "country": "x" * 50}, 400, ""),
    ],
)
def test_what_cannot_be_found_or_read_is_said(client: Client, data: dict[str, str], status: int, said: str) -> None:
    small_network()
    answer = client.post(SEARCH, data)
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_the_paragraph_is_written_nowhere(client: Client) -> None:
    small_network()
    before = Event.objects.count()
    client.post(SEARCH, {"text": NEED})
    assert Event.objects.count() == before


def test_the_search_costs_the_same_whatever_the_index_holds(client: Client) -> None:
    small_network()
    costs = []
    for _ in range(2):
        client.post(SEARCH, {"text": NEED})
        with CaptureQueriesContext(connection) as queries:
            client.post(SEARCH, {"text": NEED})
        costs.append(len(queries))
        for number in range(3):
            ProductFactory(name=f"Stages {number}", mission="Des stages pour les élèves de collège")
        actions.rebuild()
    assert costs[0] == costs[1] <= 5
