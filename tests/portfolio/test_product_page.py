"""The page of a product: what each reader sees of it, and what it costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.portfolio import registry
from parvis.portfolio.models import HandOffItem, LinkCheck, Product
from parvis.portfolio.queries.product_page import merged, periods, team_of
from tests.factories.directory import MembershipFactory, UserFactory
from tests.factories.portfolio import (
    BudgetLineFactory,
    CommitteePaperFactory,
    DecisionFactory,
    DeploymentFactory,
    EventFactory,
    HandOffFactory,
    HandOffItemFactory,
    HandOffSignalFactory,
    IncubatorFactory,
    IndicatorFactory,
    MeasureFactory,
    MissionFactory,
    OperatorFactory,
    PersonCardFactory,
    PhaseFactory,
    ProductFactory,
    ProductTermFactory,
    ReviewFactory,
    RevisionFactory,
    SponsorshipFactory,
    TermFactory,
    TerritoryFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db


def page(client: Client, product: Any, status: int = 200) -> str:
    answer = client.get(product.get_absolute_url())
    assert answer.status_code == status
    return str(answer.content.decode())


def named(given: str, **card: Any) -> Any:
    return PersonCardFactory(user=UserFactory(given_name=given, family_name="Durand"), **card).user


def test_it_tells_what_for_whom_by_whom_and_where_it_stands(client: Client) -> None:
    product = ProductFactory(
        name="Nid", mission="Trouver une place", description="## Le constat\n\nDes **parents** cherchent.",
        incubator=IncubatorFactory(name="Fabrique du Nord"), website="https://nid.example", phase="construction",
    )  # fmt: skip
    ProductTermFactory(product=product, term=TermFactory(kind="user-type", key="particulier", label_fr="Particuliers"))
    SponsorshipFactory(product=product, organization__name="Ministère")
    html = page(client, product)
    for words in ("Nid", "Trouver une place", "<strong>parents</strong>", "Fabrique du Nord", "Particuliers",
                  "Ministère", "https://nid.example", "Construction"):  # fmt: skip
        assert words in html
    assert 'href="/portfolio/explore/?users=particulier"' in html


def test_hostile_texts_are_harmless(client: Client) -> None:
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    product = ProductFactory(name=bad[:200], mission=bad, description=bad, lessons=bad, problem_original=bad)
    EventFactory(product=product, comment=bad)
    DecisionFactory(product=product, reasons=bad)
    html = page(client, product)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html


def test_phases_end_where_the_next_begins_whatever_a_source_says() -> None:
    product = ProductFactory()
    PhaseFactory(product=product, name="construction", start_on=date(2022, 1, 1), end_on=date(2019, 1, 1))
    PhaseFactory(product=product, name="investigation", start_on=date(2021, 1, 1))
    PhaseFactory(product=product, name="acceleration", start_on=days_ago(-30))
    told = [(one.phase.name, one.start, one.end) for one in periods(product)]
    assert told == [
        ("investigation", date(2021, 1, 1), date(2022, 1, 1)),
        ("construction", date(2022, 1, 1), days_ago(-30)),
        ("acceleration", days_ago(-30), None),
    ]


def test_an_old_address_leads_to_the_new_one(client: Client) -> None:
    ProductFactory(key="nouveau", redirect_from=["/startups/ancien", "/startup/plus.ancien/"])
    for old in ("ancien", "plus.ancien"):
        answer = client.get(f"/portfolio/products/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/portfolio/products/nouveau/")
    assert client.get("/portfolio/products/jamais/").status_code == 404


@pytest.mark.parametrize("key", ["aides.jeunes", "Écologie", "a_b", "x" * 100])
def test_keys_of_the_source_are_addresses(client: Client, key: str) -> None:
    page(client, ProductFactory(key=key))


# --- The team --------------------------------------------------------------------------------------------------------
def test_a_team_is_named_as_its_people_allow(client: Client) -> None:
    product = ProductFactory()
    MissionFactory(user=named("Ouverte"), product=product)
    MissionFactory(user=named("Cachee", hide_from_public=True), product=product)
    MissionFactory(user=UserFactory(given_name="Sanscarte"), product=product)
    discreet = PersonCardFactory(user=UserFactory(given_name="Discrete", discreet=True)).user
    MissionFactory(user=discreet, product=product)
    html = page(client, product)
    assert "Ouverte" in html
    for name in ("Cachee", "Sanscarte", "Discrete"):
        assert name not in html
    assert "4 people in the team today" in html
    assert "3 people of the team are not named here" in html
    assert "/people/" not in html
    client.force_login(UserFactory())
    html = page(client, product)
    for name in ("Ouverte", "Cachee", "Sanscarte"):
        assert name in html
    assert "Discrete" not in html


def test_contact_details_are_never_there(client: Client) -> None:
    product = ProductFactory(contact="lea.personnelle@example.org")
    person = PersonCardFactory(user=UserFactory(address="lea@example.org", phone_number="+33 1 02")).user
    MissionFactory(user=person, product=product)
    for viewer in (None, UserFactory()):
        if viewer:
            client.force_login(viewer)
        html = page(client, product)
        assert "@example.org" not in html
        assert "+33 1 02" not in html


def test_people_of_the_group_belong_to_the_team_and_overlaps_are_one_presence() -> None:
    product, today = ProductFactory(), timezone.localdate()
    twice = named("Double")
    MissionFactory(user=twice, product=product, start_on=days_ago(100), end_on=days_ago(-10))
    MissionFactory(user=twice, product=product, start_on=days_ago(50), end_on=days_ago(-20))
    MembershipFactory(user=twice, group=product.group)
    MembershipFactory(user=named("Groupe"), group=product.group)
    MissionFactory(user=named("Partie"), product=product, end_on=days_ago(5))
    MissionFactory(user=named("Future"), product=product, start_on=days_ago(-5))
    team = team_of(product, UserFactory(), today)
    assert [one.person.given_name for one in team.today] == ["Double", "Groupe"]
    assert [one.person.given_name for one in team.before] == ["Partie"]
    assert [one.person.given_name for one in team.coming] == ["Future"]
    assert team.today[0].last_day is None
    assert merged([(date(2020, 1, 1), date(2020, 2, 1)), (date(2020, 3, 1), None), (date(2020, 1, 5), None)]) == [
        (date(2020, 1, 1), None)
    ]


def test_ends_ahead_are_flagged_and_said_to_be_those_of_contracts(client: Client) -> None:
    product = ProductFactory()
    MissionFactory(user=named("Bientot"), product=product, end_on=days_ago(-12))
    html = page(client, product)
    assert "in 12 days" in html
    assert "usually renewed" in html


# --- What it shows ---------------------------------------------------------------------------------------------------
def test_broken_links_are_told_to_the_team_after_two_failures(client: Client) -> None:
    product = ProductFactory(website="https://gone.example")
    check = LinkCheck.objects.create(product=product, field="website", url=product.website, result="broken", failures=1)
    client.force_login(MembershipFactory(group=product.group).user)
    assert "Links that no longer answer" not in page(client, product)
    LinkCheck.objects.filter(pk=check.pk).update(failures=2)
    assert "Links that no longer answer" in page(client, product)
    client.force_login(UserFactory())
    html = page(client, product)
    assert "Links that no longer answer" not in html
    assert "Does not answer" in html
    Product.objects.filter(pk=product.pk).update(website="https://new.example")
    assert "Does not answer" not in page(client, product)


def test_impact_says_whether_the_target_is_reached(client: Client) -> None:
    product = ProductFactory(phase="construction")
    indicator = IndicatorFactory(product=product, target_value=100, target_on=days_ago(-100))
    MeasureFactory(indicator=indicator, value=40, on=days_ago(40))
    assert "40 people: the target is not reached yet" in page(client, product)
    MeasureFactory(indicator=indicator, value=120)
    assert "120 people: the target is reached" in page(client, product)


def test_territories_are_a_map_and_a_table(client: Client) -> None:
    product = ProductFactory()
    DeploymentFactory(product=product, territory=TerritoryFactory(code="FR-75", name_fr="Paris", name_en="Paris"))
    ended = TerritoryFactory(code="FR-13", name_fr="Bouches-du-Rhône")
    DeploymentFactory(product=product, territory=ended, to_on=days_ago(1))
    html = page(client, product)
    assert "In use in 1 territory" in html
    assert "Paris" in html
    assert "Bouches-du-Rhône" in html


def test_pictures_are_files_too(client: Client) -> None:
    product = ProductFactory(key="nid", phase="construction")
    MissionFactory(user=named("Ouverte"), product=product)
    MissionFactory(user=named("Cachee", hide_from_public=True), product=product)
    indicator = MeasureFactory(indicator__product=product).indicator
    DeploymentFactory(product=product, territory=TerritoryFactory(code="FR-75"))
    for what in ("phases", "team", f"impact-{indicator.pk}", "territories-fr-dep"):
        answer = client.get(f"/portfolio/products/nid/{what}.csv")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/csv")
        assert "Cachee" not in answer.content.decode()
    assert client.get("/portfolio/products/nid/nothing.csv").status_code == 404


def test_lessons_of_what_stopped_come_first(client: Client) -> None:
    product = ProductFactory(phase="abandon-investigation", lessons="Personne n’en voulait.")
    html = page(client, product)
    assert html.index("Personne n’en voulait") < html.index("What and for whom")


def test_other_apps_add_sections_and_documents(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "product_panels", {})
    registry.add_product_panel("near", "Near ones", lambda _request, product: f"<p>like {product.key}</p>")
    registry.add_product_panel("none", "Nothing here", lambda _request, _product: "")
    html = page(client, ProductFactory(key="nid"))
    assert 'href="#near"' in html
    assert "like nid" in html
    assert "Nothing here" not in html


def test_a_hidden_incubator_is_not_named(client: Client) -> None:
    product = ProductFactory(incubator=IncubatorFactory(name="Cachette", hidden=True))
    assert "Cachette" not in page(client, product)


def test_changes_are_told_field_by_field(client: Client) -> None:
    product = ProductFactory()
    changes = {"name": ["Ancien", "Nouveau"], "phase": ["investigation", "construction"], "has_stats": [None, True],
               "sponsors": [["a"], ["a", "b"]], "odd": "not a pair"}  # fmt: skip
    RevisionFactory(product=product, changes=changes, by=named("Visible"))
    RevisionFactory(product=product, changes={"name": ["x", "y"]}, by=named("Invisible", hide_from_public=True))
    for html in (page(client, product), client.get(f"{product.get_absolute_url()}history/").content.decode()):
        for words in ("<del>Ancien</del>", "<ins>Nouveau</ins>", "<ins>Construction</ins>", "<ins>yes</ins>",
                      "<ins>a, b</ins>", "Visible", "a member of the network"):  # fmt: skip
            assert words in html
        assert "Invisible" not in html


def fill(product: Any) -> None:
    """Add one of everything."""
    incubator = IncubatorFactory()
    product.incubator_links.create(incubator=incubator)
    PhaseFactory(product=product, name="construction", start_on=days_ago(400 + product.phases.count()))
    EventFactory(product=product)
    DecisionFactory(product=product, by=UserFactory())
    RevisionFactory(product=product)
    MissionFactory(user=PersonCardFactory().user, product=product)
    MembershipFactory(group=product.group)
    MeasureFactory(indicator=IndicatorFactory(product=product))
    DeploymentFactory(product=product)
    BudgetLineFactory(product=product)
    SponsorshipFactory(product=product)
    ProductTermFactory(product=product)
    OperatorFactory(product=product)
    ReviewFactory(product=product, field=f"field-{product.reviews.count()}")
    CommitteePaperFactory(product=product)


@pytest.mark.parametrize("role", ["visitor", "member", "operator"])
def test_one_of_everything_or_three_cost_the_same(client: Client, role: str) -> None:
    product = ProductFactory()
    fill(product)
    hand_off = HandOffFactory(product=product)
    HandOffItemFactory(hand_off=hand_off, owner=UserFactory())
    HandOffSignalFactory(product=product)
    if role != "visitor":
        client.force_login(
            UserFactory(operator=True) if role == "operator" else MembershipFactory(group=product.group).user
        )

    def cost() -> int:
        page(client, product)
        with CaptureQueriesContext(connection) as queries:
            page(client, product)
        return len(queries)

    one = cost()
    for number, item in enumerate((HandOffItem.Item.IMPACT, HandOffItem.Item.FUNDING)):
        fill(product)
        HandOffItemFactory(hand_off=hand_off, item=item, owner=UserFactory())
        HandOffSignalFactory(product=product, on=days_ago(0) - timedelta(days=number + 10))
    assert cost() == one


# --- The person ------------------------------------------------------------------------------------------------------
def test_a_person_s_page_shows_their_products(client: Client) -> None:
    person = named("Lea")
    MissionFactory(user=person, product=ProductFactory(name="Nid"))
    MissionFactory(user=person, product=ProductFactory(name="Avant"), end_on=days_ago(10))
    MembershipFactory(user=person, group=ProductFactory(name="Secret", proposed=True).group)
    client.force_login(UserFactory())
    html = client.get(person.get_absolute_url()).content.decode()
    assert "2 products" in html
    assert html.index("Nid") < html.index("Avant")
    assert "Secret" not in html


def test_a_person_without_products_has_no_such_section(client: Client) -> None:
    client.force_login(UserFactory())
    assert 'id="products"' not in client.get(UserFactory().get_absolute_url()).content.decode()


def test_a_person_can_disappear_from_public_pages_at_once(client: Client) -> None:
    person, product = named("Lea"), ProductFactory()
    MissionFactory(user=person, product=product)
    RevisionFactory(product=product, by=person)
    assert "Lea" in page(client, product)
    browser = Client()
    browser.force_login(person)
    assert browser.post("/portfolio/me/name/", {"hide_from_public": "on"}).status_code == 302
    assert "Lea" not in page(client, product)
    assert "Lea" not in client.get(f"{product.get_absolute_url()}team.csv").content.decode()
    assert "Lea" not in client.get(f"{product.get_absolute_url()}history/").content.decode()
    assert "Lea" in browser.get(product.get_absolute_url()).content.decode()
    browser.post("/portfolio/me/name/", {})
    assert "Lea" in page(client, product)
