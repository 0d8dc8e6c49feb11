"""Who may open and do what in the life of a product: one table for every page and action, and nothing left out."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from parvis.portfolio.models import Decision
from tests.factories.directory import MembershipFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    CommitteePaperFactory,
    DeploymentFactory,
    HandOffItemFactory,
    IncubatorFactory,
    PhaseFactory,
    ProductFactory,
    ReviewFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db
ROLES = ("visitor", "signed_in", "member", "manager", "incubator_member", "incubator_manager", "operator")
ALL = set(ROLES)
SIGNED_IN = ALL - {"visitor"}
CHARGE = {"incubator_manager", "operator"}
TEAM = {"member", "manager", *CHARGE}
NOBODY: set[str] = set()

# URL name -> (who may GET it, who may POST it); the others are sent to sign in, refused or told that it does not exist.
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "explore": (ALL, NOBODY),
    "product-detail": (ALL, NOBODY),
    "product-history": (ALL, NOBODY),
    "product-numbers": (ALL, NOBODY),
    "product-propose": (SIGNED_IN, SIGNED_IN),
    "product-withdraw": (NOBODY, TEAM),
    "product-edit": (TEAM, TEAM),
    "product-edit-part": (TEAM, TEAM),
    "product-confirm": (NOBODY, TEAM),
    "decision-create": (CHARGE, CHARGE),
    "decision-correct": (CHARGE, CHARGE),
    "review-phase": (TEAM, TEAM),
    "review-detail": (TEAM, NOBODY),
    "review-answer": (NOBODY, CHARGE),
    "review-withdraw": (NOBODY, TEAM),
    "entry-list": (TEAM, NOBODY),
    "entry-add": (TEAM, TEAM),
    "entry-import": (TEAM, TEAM),
    "entry-template": (TEAM, NOBODY),
    "entry-edit": (TEAM, TEAM),
    "entry-remove": (TEAM, TEAM),
    "hand-off": (TEAM, TEAM),
    "hand-off-item": (TEAM, TEAM),
    "paper-add": (TEAM, TEAM),
    "committee-list": (ALL, NOBODY),
    "committee-add": (CHARGE, CHARGE),
    "committee-detail": (ALL, NOBODY),
    "committee-edit": (CHARGE, CHARGE),
    "committee-remove": (CHARGE, CHARGE),
    "committee-paper-add": (CHARGE, CHARGE),
    "paper-file": ({"incubator_member", *TEAM}, NOBODY),
    "paper-remove": (NOBODY, TEAM),
    "my-public-name": (SIGNED_IN, SIGNED_IN),
    "my-notices": (SIGNED_IN, SIGNED_IN),
}
ELSEWHERE = {"network", "network-numbers", "incubator-list", "incubator-detail", "incubator-numbers", "decisions",
             "ask-owner"}  # fmt: skip
"""Pages whose own tests say who opens them."""


@pytest.fixture
def house() -> SimpleNamespace:
    incubator = IncubatorFactory()
    product = ProductFactory(key="nid", incubator=incubator)
    decision = Decision.objects.create(
        product=product, kind="move", to_phase="construction", on=days_ago(9), reasons="x"
    )
    PhaseFactory(product=product, name="construction", start_on=days_ago(9), decision=decision)
    committee = CommitteeFactory(incubator=incubator)
    deployment = DeploymentFactory(product=product)
    item = HandOffItemFactory(hand_off__product=product)
    paper = CommitteePaperFactory(committee=committee, product=product)
    review = ReviewFactory(product=product)
    people: dict[str, Any] = {
        "signed_in": UserFactory(),
        "member": MembershipFactory(group=product.group).user,
        "manager": MembershipFactory(group=product.group, manager=True).user,
        "incubator_member": MembershipFactory(group=incubator.group).user,
        "incubator_manager": MembershipFactory(group=incubator.group, manager=True).user,
        "operator": UserFactory(operator=True),
    }
    here = "/portfolio/products/nid/"
    data = f"{here}data/deployments/"
    addresses = {
        "explore": "/portfolio/explore/",
        "product-detail": here,
        "product-history": f"{here}history/",
        "product-numbers": f"{here}phases.csv",
        "product-propose": "/portfolio/investigations/new/",
        "product-withdraw": f"{here}withdraw/",
        "product-edit": f"{here}edit/",
        "product-edit-part": f"{here}edit/links/",
        "product-confirm": f"{here}confirm/",
        "decision-create": f"{here}decide/",
        "decision-correct": f"{here}decisions/{decision.pk}/correct/",
        "review-phase": f"{here}ask-phase/",
        "review-detail": f"/portfolio/reviews/{review.pk}/",
        "review-answer": f"/portfolio/reviews/{review.pk}/answer/",
        "review-withdraw": f"/portfolio/reviews/{review.pk}/withdraw/",
        "entry-list": data,
        "entry-add": f"{data}add/",
        "entry-import": f"{data}import/",
        "entry-template": f"{data}template.csv",
        "entry-edit": f"{data}{deployment.pk}/",
        "entry-remove": f"{data}{deployment.pk}/remove/",
        "hand-off": f"{here}hand-off/",
        "hand-off-item": f"{here}hand-off/{item.pk}/",
        "paper-add": f"{here}papers/add/",
        "committee-list": "/portfolio/committees/",
        "committee-add": "/portfolio/committees/new/",
        "committee-detail": f"/portfolio/committees/{committee.pk}/",
        "committee-edit": f"/portfolio/committees/{committee.pk}/edit/",
        "committee-remove": f"/portfolio/committees/{committee.pk}/remove/",
        "committee-paper-add": f"/portfolio/committees/{committee.pk}/papers/add/",
        "paper-file": f"/portfolio/papers/{paper.pk}/",
        "paper-remove": f"/portfolio/papers/{paper.pk}/remove/",
        "my-public-name": "/portfolio/me/name/",
        "my-notices": "/portfolio/me/mails/",
    }
    return SimpleNamespace(people=people, addresses=addresses, product=product)


def browser(house: SimpleNamespace, role: str) -> Client:
    client = Client(raise_request_exception=True)
    if role != "visitor":
        client.force_login(house.people[role])
    return client


def is_denied(answer: Any) -> bool:
    if answer.status_code == 302:
        return "/sign-in" in str(answer["Location"]) or "/accounts/" in str(answer["Location"])
    return answer.status_code in {403, 404}


def test_the_table_names_every_page() -> None:
    patterns = get_resolver("parvis.portfolio.urls").url_patterns
    assert {pattern.name for pattern in patterns} == {*TABLE, *ELSEWHERE}  # type: ignore[union-attr] # plain patterns


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_what(house: SimpleNamespace, role: str) -> None:
    client = browser(house, role)
    wrong = {}
    for name, (readers, writers) in TABLE.items():
        answer: Any = client.get(house.addresses[name])
        if answer.streaming:
            list(answer)  # A file is closed once it was read.
        if not readers and writers:
            expected = answer.status_code in {302, 405}
        else:
            expected = (answer.status_code == 200) == (role in readers) and (role in readers or is_denied(answer))
        if not expected:
            wrong[name] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name, (_readers, writers) in TABLE.items() if writers])
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(house: SimpleNamespace, role: str, name: str) -> None:
    before = house.product.updated_at
    # What comes first is who asks: an empty form is told to be wrong to those who may fill it.
    answer = browser(house, role).post(house.addresses[name], {"new_id": ""})
    allowed = role in TABLE[name][1]
    assert is_denied(answer) != allowed
    if not allowed:
        house.product.refresh_from_db()
        assert house.product.updated_at == before


@pytest.mark.parametrize("role", ROLES)
def test_a_proposal_is_for_those_concerned(house: SimpleNamespace, role: str) -> None:
    house.product.state = "proposed"
    house.product.save()
    for name in ("product-detail", "product-history", "product-numbers"):
        assert (browser(house, role).get(house.addresses[name]).status_code == 200) == (role in TEAM)


@pytest.mark.parametrize("role", ["visitor", "signed_in"])
def test_nothing_of_charge_is_offered_to_others(house: SimpleNamespace, role: str) -> None:
    html = browser(house, role).get(house.addresses["product-detail"]).content.decode()
    for words in (
        "Edit this page",
        "Record a decision",
        "Add a paper",
        "Look after the team",
        "Waiting for the incubator",
    ):
        assert words not in html


def test_a_team_sees_what_it_may_do_and_no_more(house: SimpleNamespace) -> None:
    html = browser(house, "member").get(house.addresses["product-detail"]).content.decode()
    assert "Edit this page" in html
    assert "Ask for another phase" in html
    assert "Record a decision" not in html
    assert (
        "Record a decision"
        in browser(house, "incubator_manager").get(house.addresses["product-detail"]).content.decode()
    )
