"""The lists of the interface: pages, filters, tables, and who is told what."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.api.lists import LISTS
from parvis.portfolio.models import Product, ProductIncubator
from tests.factories.directory import EmailFactory, OrganizationFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    DecisionFactory,
    DeploymentFactory,
    IncubatorFactory,
    IndicatorFactory,
    MeasureFactory,
    MissionFactory,
    PersonCardFactory,
    PhaseFactory,
    ProductFactory,
    ProductTermFactory,
    SponsorshipFactory,
    TerritoryFactory,
    days_ago,
)
from tests.portfolio.network import AS_OF, make_network

pytestmark = pytest.mark.django_db
ABOUT_PRODUCTS = [name for name, one in LISTS.items() if one.path and name != "products"]


def items(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()["items"]


def keys(client: Client, query: str = "") -> list[str]:
    return [one["key"] for one in items(client, f"products{query}")]


def in_incubator(product: Product, **values: Any) -> Any:
    incubator = IncubatorFactory(**values)
    ProductIncubator.objects.create(product=product, incubator=incubator, raw_key=incubator.key, is_main=True)
    return incubator


def rich_product() -> Product:
    """Make a product with one of everything, so that each list has a row more."""
    number = Product.objects.count()
    product: Product = ProductFactory(key=f"rich-{number}", phase="construction")
    in_incubator(product)
    card = PersonCardFactory()
    MissionFactory(user=card.user, product=product)
    MeasureFactory(indicator=IndicatorFactory(product=product))
    CommitteeFactory()
    for factory in (DecisionFactory, ProductTermFactory, SponsorshipFactory):
        factory(product=product)
    DeploymentFactory(product=product, territory=TerritoryFactory(code=f"FR-{number:02}"))
    return product


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_a_list_costs_the_same_queries_for_one_and_for_three(client: Client, name: str, suffix: str) -> None:
    rich_product()
    client.get(f"/api/v1/{name}{suffix}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/api/v1/{name}{suffix}")
    rich_product()
    rich_product()
    client.get(f"/api/v1/{name}{suffix}")
    with CaptureQueriesContext(connection) as three:
        client.get(f"/api/v1/{name}{suffix}")
    assert len(three) == len(one) <= 9


def test_a_product_costs_the_same_queries_whatever_it_holds(client: Client) -> None:
    product = rich_product()
    client.get(f"/api/v1/products/{product.key}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/api/v1/products/{product.key}")
    for _number in range(2):
        MissionFactory(user=PersonCardFactory().user, product=product)
        MeasureFactory(indicator=IndicatorFactory(product=product))
        DecisionFactory(product=product)
    with CaptureQueriesContext(connection) as three:
        client.get(f"/api/v1/products/{product.key}")
    assert len(three) == len(one) <= 24


@pytest.mark.parametrize("sort", ["", "name", "updated", "newest", "longest", "relevance"])
def test_following_next_gives_every_product_once(client: Client, sort: str) -> None:
    for number in range(7):
        ProductFactory(key=f"k{number}", name=f"Product {number}", phase="construction" if number % 2 else None)
    found, address = [], f"/api/v1/products?limit=3&q=product&sort={sort}"
    while address:
        response = client.get(address)
        found += [one["key"] for one in response.json()["items"]]
        following = response.json()["next"]
        assert response.headers.get("Link", "") == (f'<{following}>; rel="next"' if following else "")
        address = following
    assert sorted(found) == [f"k{number}" for number in range(7)]


@pytest.mark.parametrize("cursor", ["zz", "%00", "W10", "cDotMQ", "cDo5OTk5OTk5OTk5OTk5OTk", "é", "A" * 1999])
@pytest.mark.parametrize("sort", ["name", "newest"])
def test_a_cursor_that_is_not_ours_is_refused(client: Client, cursor: str, sort: str) -> None:
    response = client.get(f"/api/v1/products?sort={sort}&cursor={cursor}")
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "9" * 30])
def test_a_page_has_a_size_that_makes_sense(client: Client, limit: str) -> None:
    response = client.get(f"/api/v1/products?limit={limit}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].endswith("limit")


# --- Filters ----------------------------------------------------------------------------------------------------------
def test_products_take_the_filters_of_the_explore_page(client: Client) -> None:
    one = ProductFactory(key="one", phase="construction", name="Écoles ouvertes")
    ProductFactory(key="two", phase="acceleration", website="https://two.example")
    ProductFactory(key="three", phase="abandon")
    in_incubator(one, key="nord")
    ProductTermFactory(product=one, term__key="sante")
    SponsorshipFactory(product=one, organization=OrganizationFactory(slug="dinum"))
    DeploymentFactory(product=one, territory=TerritoryFactory(code="FR-75"))
    for query in ("q=ecoles", "incubator=nord", "theme=sante", "sponsor=dinum", "territory=FR-75"):
        assert keys(client, f"?{query}") == ["one"], query
    assert sorted(keys(client, "?phase=construction&phase=acceleration")) == ["one", "two"]
    assert keys(client, "?status=stopped") == ["three"]
    assert keys(client, "?missing=website&status=active") == ["one"]
    assert keys(client, "?phase=construction&theme=nothing") == []


@pytest.mark.parametrize("name", ABOUT_PRODUCTS)
def test_every_list_about_products_takes_them_too(client: Client, name: str) -> None:
    rich_product()
    all_of_them = items(client, name)
    assert items(client, f"{name}?phase=construction") == all_of_them
    assert items(client, f"{name}?phase=abandon") == []


def test_searching_for_punctuation_finds_nothing_and_breaks_nothing(client: Client) -> None:
    ProductFactory(name="Pix")
    assert keys(client, "?q=---") == []


# --- Tables -----------------------------------------------------------------------------------------------------------
def table(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(f"/api/v1/{address}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_table_holds_what_the_list_holds(client: Client) -> None:
    product = rich_product()
    row = table(client, "products.csv?phase=construction")[0]
    assert list(row) == list(LISTS["products"].row.model_fields)
    assert row["key"] == product.key
    assert row["phase"] == "construction"
    assert table(client, "products.csv?phase=abandon") == []


def test_a_table_has_no_formula(client: Client) -> None:
    ProductFactory(name="=cmd|'/c calc'!A0", mission="@evil")
    row = table(client, "products.csv")[0]
    assert row["name"] == "'=cmd|'/c calc'!A0"
    assert row["mission"] == "'@evil"


# --- Who is told what -------------------------------------------------------------------------------------------------
def test_hidden_incubators_are_named_nowhere(client: Client) -> None:
    product = ProductFactory(key="p", phase="construction")
    in_incubator(product, key="hush-key", name="Hush", hidden=True)
    CommitteeFactory(incubator__key="hush-two", incubator__is_hidden=True, title="Hush")
    for name in LISTS:
        for suffix in ("", ".csv"):
            assert b"ush" not in client.get(f"/api/v1/{name}{suffix}").content, name
    assert b"ush" not in client.get("/api/v1/products/p").content
    assert client.get("/api/v1/incubators/hush-key").status_code == 404
    assert keys(client, "?incubator=hush-key") == []


def test_people_who_ask_to_disappear_are_told_nowhere(client: Client) -> None:
    product = ProductFactory(key="p", phase="construction")
    for given, values in {"Ghost": {"hide_from_public": True}, "Ghostly": {"user__discreet": True}}.items():
        card = PersonCardFactory(user__given_name=given, **values)
        MissionFactory(user=card.user, product=product)
    for name in LISTS:
        assert b"Ghost" not in client.get(f"/api/v1/{name}").content
    assert client.get("/api/v1/products/p").json()["team"] == []


def test_nobody_is_told_how_to_reach_people(client: Client) -> None:
    user = UserFactory(phone_number="+33123456789")
    EmailFactory(user=user, address="lea@example.org")
    PersonCardFactory(user=user)
    product = ProductFactory(key="p", contact="team@example.org", contact_dinum="lea")
    MissionFactory(user=user, product=product)
    for address in [*LISTS, "products/p", *(f"{name}.csv" for name in LISTS)]:
        content = client.get(f"/api/v1/{address}").content
        assert b"@example.org" not in content
        assert b"123456789" not in content


def test_what_is_only_proposed_is_told_nowhere(client: Client) -> None:
    product = ProductFactory(key="idea", proposed=True)
    PhaseFactory(product=product)
    for name in LISTS:
        assert b"idea" not in client.get(f"/api/v1/{name}").content
    assert client.get("/api/v1/products/idea").status_code == 404


def test_a_team_is_those_who_work_today(client: Client) -> None:
    product = ProductFactory(key="p")
    for given, end in (("Now", None), ("Gone", days_ago(1))):
        card = PersonCardFactory(user__given_name=given, user__family_name="")
        MissionFactory(user=card.user, product=product, end_on=end)
    team = client.get("/api/v1/products/p").json()["team"]
    assert [one["name"] for one in team] == ["Now"]
    assert team[0]["products"] == ["p"]


# --- Statistics, errors -----------------------------------------------------------------------------------------------
def test_statistics_are_those_of_the_command(client: Client) -> None:
    make_network()
    values = client.get(f"/api/v1/portfolio/statistics?as_of={AS_OF}").json()
    assert len(values) == 121
    assert values["products_active"] == 4
    assert values["incubators_hidden"] == ["secret"]


def test_statistics_follow_the_data_at_once(client: Client) -> None:
    assert client.get("/api/v1/portfolio/statistics").json()["products_total"] == 0
    ProductFactory()
    assert client.get("/api/v1/portfolio/statistics").json()["products_total"] == 1


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-01-01", "0001-01-01", "%00"])
def test_a_day_that_is_none_is_refused(client: Client, day: str) -> None:
    response = client.get(f"/api/v1/portfolio/statistics?as_of={day}")
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["products/nothing", "incubators/nothing", "nothing", "products/a/b"])
def test_what_is_not_there_is_a_problem(client: Client, address: str) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_the_root_leads_everywhere(client: Client) -> None:
    told = client.get("/api/v1/").json()
    assert set(LISTS) <= set(told)
    for address in told.values():
        assert client.get(address).status_code == 200
