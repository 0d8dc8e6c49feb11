"""From a proposal to a transfer: who asks, who decides, what everyone can read of it afterwards."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.audit.models import Event as JournalEvent
from parvis.audit.tags import Tag
from parvis.mail.models import Message
from parvis.portfolio.actions import decisions, pages
from parvis.portfolio.exceptions import PortfolioError, TransitionError
from parvis.portfolio.models import Decision, Mute, PhaseName, Product, Review, Revision
from parvis.portfolio.models.phase import ALLOWED
from tests.factories.directory import EmailFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    IncubatorFactory,
    PhaseFactory,
    ProductFactory,
    SponsorshipFactory,
    TermFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def person(group: Any, *, manager: bool = False) -> Any:
    user = MembershipFactory(group=group, manager=manager).user
    EmailFactory(user=user)
    return user


@pytest.fixture
def incubator() -> Any:
    return IncubatorFactory(key="nord", name="Fabrique du Nord")


@pytest.fixture
def chief(incubator: Any) -> Any:
    return person(incubator.group, manager=True)


@pytest.fixture
def product(incubator: Any) -> Any:
    return ProductFactory(key="nid", name="Nid", incubator=incubator, phase="construction")


@pytest.fixture
def member(product: Any) -> Any:
    return person(product.group)


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def mails(template: str) -> set[str]:
    return set(Message.objects.filter(template=f"portfolio/mail/{template}").values_list("to", flat=True))


def address(user: Any) -> str:
    return str(user.emails.get().address)


# --- Proposing -------------------------------------------------------------------------------------------------------
PROPOSAL = {
    "name": "Trouver un logement", "mission": "Aider les étudiants", "problem": "Un sur trois renonce.",
    "solution": "", "language": "fr", "incubator": "nord",
}  # fmt: skip


def test_anyone_signed_in_proposes_and_the_incubator_is_told(incubator: Any, chief: Any) -> None:
    by = UserFactory()
    answer = browser_of(by).post("/portfolio/investigations/new/", PROPOSAL)
    product = Product.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/portfolio/products/trouver-un-logement/")
    assert (product.state, product.current_phase, product.created_by) == ("proposed", "", by)
    assert product.group is not None
    assert product.group.parent == incubator.group
    assert product.group.memberships.get().role == "manager"
    assert mails("proposed") == {address(chief)}
    assert JournalEvent.objects.filter(tag=Tag.PRODUCT_PROPOSED, by_id=by.pk, target_id=product.pk).exists()
    assert Client().get(product.get_absolute_url()).status_code == 404
    assert "A proposal" in browser_of(by).get(product.get_absolute_url()).content.decode()


def test_a_form_sent_twice_proposes_once_and_a_name_taken_gets_another_key(incubator: Any) -> None:
    browser = browser_of(UserFactory())
    once = {**PROPOSAL, "new_id": "01900000-0000-7000-8000-000000000001"}
    for _time in range(2):
        assert browser.post("/portfolio/investigations/new/", once).status_code == 302
    browser.post("/portfolio/investigations/new/", PROPOSAL)
    assert sorted(Product.objects.values_list("key", flat=True)) == ["trouver-un-logement", "trouver-un-logement-2"]


def test_a_proposal_without_a_problem_says_what_to_do(incubator: Any) -> None:
    answer = browser_of(UserFactory()).post("/portfolio/investigations/new/", {**PROPOSAL, "problem": ""})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_problem"' in html
    assert "Trouver un logement" in html


@pytest.mark.parametrize(
    ("kind", "state", "phase"), [("accept", "listed", "investigation"), ("decline", "declined", "")]
)
def test_a_committee_accepts_or_declines_with_its_reasons(
    incubator: Any, chief: Any, kind: str, state: str, phase: str
) -> None:
    by = UserFactory(address="moi@example.org")
    browser_of(by).post("/portfolio/investigations/new/", PROPOSAL)
    product = Product.objects.get()
    committee = CommitteeFactory(incubator=incubator)
    decision = {"kind": kind, "on": TODAY().isoformat(), "reasons": "Parce que.", "committee": committee.pk}
    assert browser_of(chief).post(f"{product.get_absolute_url()}decide/", decision).status_code == 302
    product.refresh_from_db()
    assert (product.state, product.current_phase) == (state, phase)
    recorded = Decision.objects.get()
    assert (recorded.by, recorded.reasons, recorded.committee, recorded.to_phase) == (
        chief,
        "Parce que.",
        committee,
        phase,
    )
    assert mails("decided") == {"moi@example.org"}
    assert "Parce que." in browser_of(by).get(product.get_absolute_url()).content.decode()
    assert Client().get(product.get_absolute_url()).status_code == (200 if state == "listed" else 404)


def test_a_proposal_can_be_taken_back(incubator: Any) -> None:
    by = UserFactory()
    browser = browser_of(by)
    browser.post("/portfolio/investigations/new/", PROPOSAL)
    product = Product.objects.get()
    assert browser.post(f"{product.get_absolute_url()}withdraw/").status_code == 302
    product.refresh_from_db()
    assert product.state == "withdrawn"
    with pytest.raises(PortfolioError):
        decisions.decide(by=None, product=product, kind="accept", on=TODAY(), reasons="x")


# --- Phases ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("before", ["", *PhaseName.values])
@pytest.mark.parametrize("after", PhaseName.values)
def test_phases_move_by_the_steps_of_the_method_only(before: str, after: str) -> None:
    product = ProductFactory(phase=before or None)
    stops = after in {"abandon", "abandon-investigation"}
    possible = after in ALLOWED[before]

    def move() -> None:
        decisions.decide(
            by=None, product=product, kind="stop" if stops else "move", to_phase=after, on=TODAY(), reasons="x"
        )

    if possible:
        move()
        product.refresh_from_db()
        assert product.current_phase == after
    elif stops:
        # "Stop" chooses its own name: an investigation ends otherwise than a service.
        ends = ALLOWED[before] & {"abandon", "abandon-investigation"}
        if ends:
            move()
            product.refresh_from_db()
            assert {product.current_phase} == ends
        else:
            with pytest.raises(TransitionError):
                move()
    else:
        with pytest.raises(TransitionError):
            move()
        assert not Decision.objects.exists()


def test_a_decision_for_later_waits_for_its_day(product: Any) -> None:
    decisions.decide(by=None, product=product, kind="move", to_phase="acceleration", on=days_ago(-30), reasons="x")
    product.refresh_from_db()
    assert product.current_phase == "construction"
    Product.objects.all().refresh_phases(days_ago(-31))
    product.refresh_from_db()
    assert product.current_phase == "acceleration"


@pytest.mark.parametrize("on", [date(1990, 1, 1), date(2999, 1, 1)])
def test_a_decision_takes_effect_on_a_day_that_can_be(product: Any, chief: Any, on: date) -> None:
    data = {"kind": "move", "to_phase": "acceleration", "on": on.isoformat(), "reasons": "x"}
    answer = browser_of(chief).post("/portfolio/products/nid/decide/", data)
    assert answer.status_code == 200
    assert not Decision.objects.exists()
    assert "Choose a day" in answer.content.decode() or "Correct that decision" in answer.content.decode()


def test_to_stay_is_a_decision_too(product: Any) -> None:
    decisions.decide(by=None, product=product, kind="stay", on=TODAY(), reasons="Encore six mois.")
    assert product.phases.count() == 1
    assert Decision.objects.get().to_phase == "construction"


def test_a_decision_without_reasons_is_refused(product: Any, chief: Any) -> None:
    data = {"kind": "move", "to_phase": "acceleration", "on": TODAY().isoformat(), "reasons": "  "}
    assert browser_of(chief).post("/portfolio/products/nid/decide/", data).status_code == 200
    assert not Decision.objects.exists()


def test_a_correction_keeps_both_visible(product: Any, chief: Any) -> None:
    decisions.decide(
        by=chief, product=product, kind="move", to_phase="acceleration", on=days_ago(20), reasons="Premier"
    )
    wrong = Decision.objects.get()
    url = f"/portfolio/products/nid/decisions/{wrong.pk}/correct/"
    data = {"to_phase": "consolidation", "on": days_ago(10).isoformat(), "reasons": "Erreur de saisie"}
    assert browser_of(chief).post(url, data).status_code == 302
    product.refresh_from_db()
    assert (product.current_phase, product.current_since) == ("consolidation", days_ago(10))
    html = Client().get(product.get_absolute_url()).content.decode()
    for words in ("Premier", "Erreur de saisie", "Corrected since", "Correction"):
        assert words in html
    assert JournalEvent.objects.filter(tag=Tag.DECISION_CORRECTED).count() == 1
    with pytest.raises(PortfolioError):
        decisions.correct_decision(by=chief, decision=wrong, on=days_ago(9), reasons="x", to_phase="acceleration")


def test_a_correction_may_undo_and_may_not_turn_time_around(product: Any, chief: Any) -> None:
    for phase, day in (("acceleration", 60), ("consolidation", 30)):
        decisions.decide(by=chief, product=product, kind="move", to_phase=phase, on=days_ago(day), reasons="x")
    later, earlier = Decision.objects.all()
    with pytest.raises(PortfolioError):
        decisions.correct_decision(by=chief, decision=earlier, on=days_ago(10), reasons="x", to_phase="acceleration")
    with pytest.raises(PortfolioError):
        decisions.correct_decision(by=chief, decision=earlier, on=days_ago(60), reasons="x")
    decisions.correct_decision(by=chief, decision=later, on=days_ago(30), reasons="Jamais décidé")
    product.refresh_from_db()
    assert product.current_phase == "acceleration"


# --- The page --------------------------------------------------------------------------------------------------------
def test_a_team_edits_its_page_and_everyone_sees_what_changed(product: Any, member: Any) -> None:
    data = {
        "name": "Nid 2", "mission": "Aider mieux", "original_language": "fr", "problem_original": "Trop long.",
        "solution_original": "", "problem_en": "Too slow.", "solution_en": "", "description": "# Titre",
    }  # fmt: skip
    assert browser_of(member).post("/portfolio/products/nid/edit/", data).status_code == 302
    product.refresh_from_db()
    assert (product.name, product.problem_en) == ("Nid 2", "Too slow.")
    revision = Revision.objects.get()
    assert revision.by == member
    assert revision.changes["name"] == ["Nid", "Nid 2"]
    assert set(revision.changes) == {"name", "mission", "problem_original", "problem_en", "description"}
    assert product.confirmed_at is not None
    html = Client().get("/portfolio/products/nid/history/").content.decode()
    assert "<del>Nid</del>" in html
    browser_of(member).post("/portfolio/products/nid/edit/", data)
    assert Revision.objects.count() == 1


def test_links_are_of_the_web_only(product: Any, member: Any) -> None:
    for bad in ("javascript:alert(1)", "ftp://x.example", "pas une adresse"):
        answer = browser_of(member).post(
            "/portfolio/products/nid/edit/links/", {"website": bad, "accessibility_status": ""}
        )
        assert answer.status_code == 200
        assert 'href="#id_website"' in answer.content.decode()
    good = {"website": "https://nid.example", "accessibility_status": "partiellement conforme", "has_stats": "true"}
    assert browser_of(member).post("/portfolio/products/nid/edit/links/", good).status_code == 302
    product.refresh_from_db()
    assert (product.website, product.has_stats) == ("https://nid.example", True)


def test_words_are_chosen_and_technologies_typed(product: Any, member: Any) -> None:
    TermFactory(key="Santé")
    TermFactory(kind="technology", key="Python", is_standard=False)
    data = {"themes": ["Santé"], "technologies": "python, Django ,python"}
    assert browser_of(member).post("/portfolio/products/nid/edit/words/", data).status_code == 302
    told = list(product.term_links.values_list("term__kind", "term__key").order_by("term__kind", "position"))
    assert told == [("technology", "Python"), ("technology", "Django"), ("theme", "Santé")]
    assert Revision.objects.get().changes["themes"] == [[], ["Santé"]]


def test_a_page_may_be_confirmed_in_one_click(product: Any, member: Any) -> None:
    assert browser_of(member).post("/portfolio/products/nid/confirm/").status_code == 302
    product.refresh_from_db()
    assert product.confirmed_at is not None
    assert not Revision.objects.exists()


# --- Reviews ---------------------------------------------------------------------------------------------------------
def test_what_matters_waits_for_the_incubator_and_both_sides_are_told(product: Any, member: Any, chief: Any) -> None:
    SponsorshipFactory(product=product, organization=OrganizationFactory(slug="dgx", name="DGX"))
    OrganizationFactory(slug="dgy", name="DGY")
    data = {"sponsors_kept": ["dgx"], "sponsors_added_1": "dgy", "reason": "Ils financent."}
    assert browser_of(member).post("/portfolio/products/nid/edit/sponsors/", data).status_code == 302
    review = Review.objects.get()
    assert (review.state, review.current, review.proposed) == ("open", ["dgx"], ["dgx", "dgy"])
    assert product.sponsorships.count() == 1
    assert (mails("review_asked"), mails("review_waits")) == ({address(chief)}, {address(member)})
    browser = browser_of(chief)
    html = browser.get(f"/portfolio/reviews/{review.pk}/").content.decode()
    assert "DGY" in html
    assert "Accept" in html
    assert browser.post(f"/portfolio/reviews/{review.pk}/answer/", {"accepts": "yes"}).status_code == 302
    assert {one.organization.slug for one in product.sponsorships.all() if one.organization} == {"dgx", "dgy"}
    assert mails("review_answered") == {address(chief), address(member)}
    assert Revision.objects.get().changes["sponsors"] == [["dgx"], ["dgx", "dgy"]]
    again = browser.post(f"/portfolio/reviews/{review.pk}/answer/", {"accepts": "yes"})
    assert "answered already" in again.content.decode()


def test_a_refusal_says_why(product: Any, member: Any, chief: Any) -> None:
    review = pages.ask_review(by=member, product=product, field="phase", proposed="acceleration", reason="Prêts")
    browser = browser_of(chief)
    silent = browser.post(f"/portfolio/reviews/{review.pk}/answer/", {"accepts": "no"})
    assert "Say why you refuse" in silent.content.decode()
    assert (
        browser.post(f"/portfolio/reviews/{review.pk}/answer/", {"accepts": "no", "answer": "Trop tôt"}).status_code
        == 302
    )
    product.refresh_from_db()
    assert product.current_phase == "construction"
    assert "Trop tôt" in Message.objects.filter(template="portfolio/mail/review_answered")[0].text


def test_an_accepted_phase_is_a_decision(product: Any, member: Any, chief: Any) -> None:
    asked = {"to_phase": "acceleration", "reason": "1 000 usagers"}
    assert browser_of(member).post("/portfolio/products/nid/ask-phase/", asked).status_code == 302
    pages.answer_review(by=chief, review=Review.objects.get(), accepts=True, answer="Bravo")
    product.refresh_from_db()
    assert product.current_phase == "acceleration"
    assert Decision.objects.get().reasons == "1 000 usagers\n\nBravo"


def test_one_request_a_field_waits_and_can_be_taken_back(product: Any, member: Any) -> None:
    review = pages.ask_review(by=member, product=product, field="sponsors", proposed=["x"], reason="")
    with pytest.raises(PortfolioError):
        pages.ask_review(by=member, product=product, field="sponsors", proposed=["y"], reason="")
    with pytest.raises(PortfolioError):
        pages.ask_review(by=member, product=product, field="phase", proposed="construction", reason="")
    assert browser_of(member).post(f"/portfolio/reviews/{review.pk}/withdraw/").status_code == 302
    pages.ask_review(by=member, product=product, field="sponsors", proposed=["y"], reason="")
    assert browser_of(UserFactory()).get(f"/portfolio/reviews/{review.pk}/").status_code == 404


def test_those_who_answer_change_at_once(product: Any, chief: Any) -> None:
    south = IncubatorFactory(key="sud")
    data = {"incubators_added_1": "sud"}
    assert browser_of(chief).post("/portfolio/products/nid/edit/incubators/", data).status_code == 302
    assert not Review.objects.exists()
    product.refresh_from_db()
    main = product.incubator_links.get(is_main=True)
    assert main.incubator == south
    assert product.group is not None
    assert product.group.parent == south.group
    empty = browser_of(UserFactory(operator=True)).post("/portfolio/products/nid/edit/incubators/", {})
    assert "one incubator at least" in empty.content.decode()


def test_muted_mails_are_not_sent(product: Any, member: Any, chief: Any) -> None:
    wanted = [kind for kind in Mute.Kind.values if kind != "reviews"]
    assert browser_of(chief).post("/portfolio/me/mails/", {"wanted": wanted}).status_code == 302
    pages.ask_review(by=member, product=product, field="sponsors", proposed=["x"], reason="")
    assert mails("review_asked") == set()
    browser_of(chief).post("/portfolio/me/mails/", {"wanted": Mute.Kind.values})
    assert not Mute.objects.exists()


def test_a_phase_written_by_an_import_is_where_decisions_start(incubator: Any) -> None:
    product = ProductFactory(incubator=incubator)
    PhaseFactory(product=product, name="investigation", start_on=days_ago(300))
    PhaseFactory(product=product, name="", raw_name="odd", start_on=days_ago(3))
    assert decisions.possible_phases(product) == [PhaseName.CONSTRUCTION, PhaseName.INVESTIGATION_STOPPED]
