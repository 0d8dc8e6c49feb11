"""Finding products: what each filter means, what facets count, and what a page costs."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.portfolio.models import Product, Term
from parvis.portfolio.queries import facet_index
from parvis.portfolio.queries.explore import Explorer
from parvis.portfolio.queries.filters import FACETS, Filters
from parvis.portfolio.queries.transparency import ITEMS
from tests.factories.directory import OrganizationFactory, UserFactory
from tests.factories.portfolio import (
    DeploymentFactory,
    IncubatorFactory,
    ProductFactory,
    ProductTermFactory,
    SponsorshipFactory,
    TermFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/portfolio/explore/"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    facet_index.forget()


def found(query: str, viewer: Any = None) -> list[str]:
    explorer = Explorer(viewer or AnonymousUser(), Filters.parse(QueryDict(query)))
    keys = [product.key for product in explorer.products()]
    assert explorer.total == len(keys), "what is counted is what is listed"
    return keys


def counts(query: str, name: str, viewer: Any = None) -> dict[str, int]:
    explorer = Explorer(viewer or AnonymousUser(), Filters.parse(QueryDict(query)))
    return {one.value: one.products for one in explorer.counts(name)}


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- Words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["écologie", "ECOLOGIE", "ecolog", "ecologie ville", "fabrique ville"])
def test_words_are_found_in_names_texts_themes_and_incubators_whatever_accents_and_case(text: str) -> None:
    product = ProductFactory(key="la-ville", name="La Ville", incubator=IncubatorFactory(name="Fabrique du Nord"))
    ProductTermFactory(product=product, term=TermFactory(key="Écologie"))
    ProductFactory(key="autre")
    assert found(f"q={text}") == ["la-ville"]


def test_names_come_before_missions_and_missions_before_descriptions() -> None:
    ProductFactory(key="c", name="Zéro", mission="Aider", description="x " * 50 + "logement")
    ProductFactory(key="b", name="Yack", mission="Trouver un logement")
    ProductFactory(key="a", name="Bon Logement")
    ProductFactory(key="d", name="Logement")
    assert found("q=logement") == ["d", "a", "b", "c"]


def test_a_typing_fault_finds_what_was_meant_and_says_so(client: Client) -> None:
    ProductFactory(key="df", name="DossierFacile")
    html = page(client, "q=dosierfacile")
    assert "DossierFacile" in html
    assert "dossierfacile" in html
    assert "No product found" in page(client, "q=xyzxyzxyz")


@pytest.mark.parametrize("query", ["q=%25", "q=%00a", "phase=nonsense", "theme=&theme=x", "sort=zz", "page=9e9",
                                   "page=-1",
                                   "page=99999999999999999999", "view=zz", "missing=zz", "q=" + "a" * 5000,
                                   "&".join(f"theme=t{n}" for n in range(400)), "territory=%F0%9F%A6%84"])  # fmt: skip
def test_whatever_is_in_the_address_is_answered(client: Client, query: str) -> None:
    ProductFactory(phase="construction")
    assert client.get(f"{ADDRESS}?{query}").status_code in {200, 400}


# --- Facets ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def world() -> dict[str, Any]:
    north, south = IncubatorFactory(key="north"), IncubatorFactory(key="south")
    region = TerritoryFactory(code="FR-IDF", scheme="fr-reg")
    paris = TerritoryFactory(code="FR-75", parent=region)
    one = ProductFactory(key="one", incubator=north, phase="construction", repository="https://code.example")
    two = ProductFactory(key="two", incubator=north, phase="abandon", has_stats=True)
    three = ProductFactory(key="three", incubator=south, phase="construction", has_stats=False)
    ProductFactory(key="secret", incubator=south, proposed=True)
    theme, users = TermFactory(key="Santé"), TermFactory(kind=Term.Kind.USER_TYPE, key="particulier")
    for product in (one, two):
        ProductTermFactory(product=product, term=theme)
    ProductTermFactory(product=three, term=users)
    SponsorshipFactory(product=one, organization=OrganizationFactory(slug="dgx"))
    SponsorshipFactory(product=one, organization=OrganizationFactory(slug="dgy"))
    DeploymentFactory(product=three, territory=paris)
    return {"one": one, "two": two, "three": three}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"one", "two", "three"}),
        ("status=active", {"one", "three"}),
        ("status=active&status=stopped", {"one", "two", "three"}),
        ("phase=abandon", {"two"}),
        ("incubator=north", {"one", "two"}),
        ("incubator=north&status=active", {"one"}),
        ("theme=Santé", {"one", "two"}),
        ("users=particulier", {"three"}),
        ("theme=particulier", set()),
        ("sponsor=dgx", {"one"}),
        ("sponsor=dgx&sponsor=dgy", {"one"}),
        ("territory=FR-75", {"three"}),
        ("territory=FR-IDF", {"three"}),
        ("missing=code", {"two", "three"}),
        ("missing=statistics", {"one", "three"}),
        ("missing=code&missing=statistics", {"three"}),
    ],
)
def test_what_each_filter_keeps(world: dict[str, Any], query: str, expected: set[str]) -> None:
    assert set(found(query)) == expected


def test_a_facet_counts_within_the_others_and_not_within_itself(world: dict[str, Any]) -> None:
    assert counts("", "phase") == {"construction": 2, "abandon": 1}
    assert counts("incubator=north", "incubator") == {"north": 2, "south": 1}
    assert counts("incubator=north", "phase") == {"construction": 1, "abandon": 1}
    assert counts("phase=construction", "incubator") == {"north": 1, "south": 1}
    assert counts("", "territory") == {"FR-75": 1, "FR-IDF": 1}
    assert counts("missing=code", "missing")["statistics"] == 1
    assert counts("q=sante", "theme") == {"Santé": 2}


def test_every_count_is_what_following_it_finds(world: dict[str, Any]) -> None:
    for start in ("", "status=active", "incubator=north&missing=statistics"):
        filters = Filters.parse(QueryDict(start))
        explorer = Explorer(AnonymousUser(), filters)
        for name in FACETS:
            for one in explorer.counts(name):
                if one.value not in getattr(filters, name):
                    alone = Filters.parse(QueryDict(f"{start}&{name}={one.value}"))
                    base = set(found(alone.query()))
                    own = [key for key in base if name == "missing" or not getattr(filters, name)]
                    assert len(own) == one.products or getattr(filters, name)


def test_transparency_is_said_once_for_sets_and_for_one() -> None:
    for item in ITEMS:
        assert not Product.objects.filter(item.is_published).exists()
    full = ProductFactory(
        website="https://a.example", repository="https://a.example", has_stats=True, budget_url="https://a.example",
        impact_url="https://a.example", accessibility_status="x", dashlord_url="https://a.example",
        has_risk_analysis=True, uses_mon_service_securise=True,
    )  # fmt: skip
    empty = ProductFactory(has_stats=None, has_risk_analysis=False)
    for item in ITEMS:
        assert list(Product.objects.filter(item.is_published)) == [full]
        assert list(Product.objects.exclude(item.is_published)) == [empty]
        assert item.reads(full)
        assert not item.reads(empty)


def test_a_hidden_incubator_is_named_to_operators_only_and_its_products_stay(client: Client) -> None:
    ProductFactory(key="public", incubator=IncubatorFactory(key="secret", name="Cachette", hidden=True))
    for viewer in (None, UserFactory()):
        if viewer:
            client.force_login(viewer)
        html = page(client)
        assert "public" in html
        assert "Cachette" not in html
        assert found("incubator=secret", viewer) == []
        assert found("q=cachette", viewer) == []
        assert counts("", "incubator", viewer) == {}
    assert counts("", "incubator", UserFactory(operator=True)) == {"secret": 1}


def test_proposals_are_nowhere(client: Client) -> None:
    ProductFactory(name="Pas encore", proposed=True)
    assert "Pas encore" not in page(client)
    client.force_login(UserFactory(operator=True))
    assert "Pas encore" not in page(client)


# --- The page --------------------------------------------------------------------------------------------------------
def test_filters_in_force_are_chips_that_can_be_removed(client: Client, world: dict[str, Any]) -> None:
    html = page(client, "incubator=north&status=active&q=product")
    assert html.count('class="chip"') == 2
    assert 'href="?q=product&amp;status=active"' in html
    assert 'href="?q=product&amp;incubator=north"' in html


@pytest.mark.parametrize(
    "query", ["", "view=table", "view=map", "q=product&sort=updated", "sort=newest", "sort=longest"]
)
def test_one_product_or_three_cost_the_same(client: Client, query: str) -> None:
    def cost() -> int:
        page(client, query)
        with CaptureQueriesContext(connection) as queries:
            page(client, query)
        return len(queries)

    incubator = IncubatorFactory()
    client.force_login(UserFactory())
    DeploymentFactory(product=ProductFactory(incubator=incubator, phase="construction"))
    one = cost()
    for _number in range(2):
        DeploymentFactory(product=ProductFactory(incubator=incubator, phase="acceleration"))
    assert cost() == one
    assert one < 10


def test_all_filters_at_once_stay_under_ten_queries(client: Client, world: dict[str, Any]) -> None:
    client.force_login(UserFactory())
    query = "q=product&status=active&phase=construction&incubator=north&theme=Sant%C3%A9&users=particulier&technology=x"
    query += "&sponsor=dgx&territory=FR-75&missing=code&missing=budget"
    page(client, query)
    with CaptureQueriesContext(connection) as queries:
        page(client, query)
    assert len(queries) < 10


def test_pages_follow_one_another_and_keep_the_address(client: Client) -> None:
    for number in range(30):
        ProductFactory(name=f"Service {number:02}", phase="construction")
    first, second = page(client, "status=active"), page(client, "status=active&page=2")
    assert 'href="?status=active&amp;page=2"' in first
    assert "Service 00" in first
    assert "Service 00" not in second
    assert "Service 29" in second
    assert "Page 2 of 2" in second


def test_orders(client: Client) -> None:
    from datetime import date

    for key, since in (("b", date(2020, 1, 1)), ("a", date(2024, 1, 1)), ("c", None)):
        product = ProductFactory(key=key, name=key)
        if since:
            Product.objects.filter(pk=product.pk).update(current_phase="construction", current_since=since)
    assert found("sort=name") == ["a", "b", "c"]
    assert found("sort=newest") == ["a", "b", "c"]
    assert found("sort=longest") == ["b", "a", "c"]


def test_filters_write_the_same_address_that_they_read() -> None:
    query = "q=a+b&status=active&theme=Sant%C3%A9&theme=x&missing=code&sort=name"
    assert Filters.parse(QueryDict(query)).query() == query
    assert Filters.parse(QueryDict(query)).toggled("theme", "x").theme == ("Santé",)
    assert Filters.parse(QueryDict("sort=relevance")).order == "name"
