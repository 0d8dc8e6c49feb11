"""Who may see and do what in the portfolio: one table, and the same answer for one object as for a set."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from parvis.directory.models import User
from parvis.portfolio import policies
from parvis.portfolio.models import Committee, CommitteePaper, Incubator, PersonCard, Product
from tests.factories.directory import GroupFactory, MembershipFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    CommitteePaperFactory,
    IncubatorFactory,
    PersonCardFactory,
    ProductFactory,
)

pytestmark = pytest.mark.django_db
ROLES = ["visitor", "signed_in", "proposer", "member", "manager", "incubator_member", "incubator_manager", "operator"]


@pytest.fixture
def house() -> SimpleNamespace:
    """One incubator with a listed and a proposed product, a hidden incubator with a product, and one person a role."""
    incubator, hidden = IncubatorFactory(), IncubatorFactory(hidden=True)
    proposer = UserFactory()
    listed = ProductFactory(incubator=incubator)
    proposed = ProductFactory(incubator=incubator, proposed=True, created_by=proposer, group=None)
    people: dict[str, Any] = {"visitor": AnonymousUser(), "signed_in": UserFactory(), "proposer": proposer}
    people["member"] = MembershipFactory(group=listed.group).user
    people["manager"] = MembershipFactory(group=listed.group, manager=True).user
    people["incubator_member"] = MembershipFactory(group=incubator.group).user
    people["incubator_manager"] = MembershipFactory(group=incubator.group, manager=True).user
    people["operator"] = UserFactory(operator=True)
    committee = CommitteeFactory(incubator=incubator, is_public=False)
    return SimpleNamespace(
        people=people,
        listed=listed,
        proposed=proposed,
        of_hidden=ProductFactory(incubator=hidden),
        incubator=incubator,
        hidden=hidden,
        committee=committee,
        public_committee=CommitteeFactory(incubator=incubator),
        hidden_committee=CommitteeFactory(incubator=hidden),
        paper=CommitteePaperFactory(committee=committee, product=listed),
        own_paper=CommitteePaperFactory(committee=committee, product=None),
    )


INCUBATOR = {"incubator_manager", "operator"}
PEOPLE_OF_THE_PRODUCT = {"member", "manager", *INCUBATOR}
TABLE = {
    ("can_see_product", "listed"): set(ROLES),
    ("can_see_product", "of_hidden"): set(ROLES),
    ("can_see_product", "proposed"): {"proposer", *INCUBATOR},
    ("can_edit_product", "listed"): PEOPLE_OF_THE_PRODUCT,
    ("can_edit_product", "proposed"): INCUBATOR,
    ("can_edit_product", "of_hidden"): {"operator"},
    ("can_review_product", "listed"): INCUBATOR,
    ("can_decide", "listed"): INCUBATOR,
    ("can_add_papers", "listed"): PEOPLE_OF_THE_PRODUCT,
    ("can_see_incubator", "incubator"): set(ROLES),
    ("can_see_incubator", "hidden"): {"operator"},
    ("can_manage_incubator", "incubator"): INCUBATOR,
    ("can_manage_incubator", "hidden"): {"operator"},
    ("can_see_committee", "committee"): {"member", "manager", "incubator_member", *INCUBATOR},
    ("can_see_committee", "public_committee"): set(ROLES),
    ("can_see_committee", "hidden_committee"): {"operator"},
    ("can_see_papers", "paper"): {"incubator_member", *PEOPLE_OF_THE_PRODUCT},
    ("can_see_papers", "own_paper"): {"incubator_member", *INCUBATOR},
}
SETS: dict[str, Callable[[Any], Any]] = {
    "can_see_product": Product.objects.visible_to,
    "can_edit_product": Product.objects.editable_by,
    "can_review_product": Product.objects.reviewable_by,
    "can_see_incubator": Incubator.objects.visible_to,
    "can_manage_incubator": Incubator.objects.managed_by,
    "can_see_committee": Committee.objects.visible_to,
    "can_see_papers": CommitteePaper.objects.visible_to,
}


@pytest.mark.parametrize(("policy", "target"), list(TABLE))
def test_each_role_may_what_the_table_says(house: SimpleNamespace, policy: str, target: str) -> None:
    one = getattr(house, target)
    allowed = {role for role, person in house.people.items() if getattr(policies, policy)(person, one)}
    assert allowed == TABLE[policy, target]
    if policy in SETS:
        for role, person in house.people.items():
            found = list(SETS[policy](person).values_list("pk", flat=True))
            assert (one.pk in found) is (role in allowed), role
            assert len(found) == len(set(found)), "a row is doubled"


def test_only_people_who_are_signed_in_propose(house: SimpleNamespace) -> None:
    allowed = {role for role, person in house.people.items() if policies.can_propose_product(person)}
    assert allowed == set(ROLES) - {"visitor"}


def test_the_managers_of_both_incubators_look_after_a_product_of_two(house: SimpleNamespace) -> None:
    second = IncubatorFactory()
    manager = MembershipFactory(group=second.group, manager=True).user
    assert not policies.can_review_product(manager, house.listed)
    house.listed.incubator_links.create(incubator=second, position=1)
    assert policies.can_review_product(manager, house.listed)
    assert house.listed in Product.objects.reviewable_by(manager)


def test_those_of_a_hidden_incubator_see_it(house: SimpleNamespace) -> None:
    member = MembershipFactory(group=house.hidden.group).user
    assert policies.can_see_incubator(member, house.hidden)
    assert house.hidden in Incubator.objects.visible_to(member)


def test_a_member_of_a_team_below_sees_its_hidden_incubator_and_no_paper_of_it(house: SimpleNamespace) -> None:
    member = MembershipFactory(group=house.of_hidden.group).user
    paper = CommitteePaperFactory(committee=house.hidden_committee)
    assert house.hidden in Incubator.objects.visible_to(member)
    assert paper not in CommitteePaper.objects.visible_to(member)


@pytest.mark.parametrize(
    ("person", "card", "public"),
    [
        ({}, {}, True),
        ({}, None, False),
        ({}, {"hide_from_public": True}, False),
        ({"card_audience": "teams"}, {}, False),
        ({"state": "suspended"}, {}, False),
        ({"state": "anonymised"}, {}, False),
    ],
)
def test_who_is_named_on_public_pages(person: dict[str, Any], card: dict[str, Any] | None, public: bool) -> None:
    user = UserFactory(**person)
    made = PersonCardFactory(user=user, **card) if card is not None else None
    assert policies.can_see_in_team(None, user, made) is public
    assert (user in policies.visible_team_people(User.objects.all(), None)) is public
    if made:
        assert (made in PersonCard.objects.visible_to(None)) is public


def test_the_signed_in_see_in_teams_whom_the_directory_lets_them_see() -> None:
    viewer, open_person, discreet = UserFactory(), UserFactory(), UserFactory(card_audience="teams")
    cards = [PersonCardFactory(user=one, hide_from_public=True) for one in (open_person, discreet)]
    seen = [policies.can_see_in_team(viewer, card.user, card) for card in cards]
    assert seen == [True, False]
    assert list(PersonCard.objects.visible_to(viewer)) == [cards[0]]
    assert set(PersonCard.objects.visible_to(UserFactory(operator=True))) == set(cards)


def test_only_oneself_and_operators_change_a_card() -> None:
    card = PersonCardFactory()
    assert policies.can_edit_card(card.user, card)
    assert policies.can_edit_card(UserFactory(operator=True), card)
    assert not policies.can_edit_card(UserFactory(), card)
    assert not policies.can_edit_card(AnonymousUser(), card)


def test_a_product_without_team_and_incubator_is_nobodys_but_operators() -> None:
    product = ProductFactory(group=None)
    someone = MembershipFactory(group=GroupFactory(), manager=True).user
    assert not policies.can_edit_product(someone, product)
    assert policies.can_edit_product(UserFactory(operator=True), product)
