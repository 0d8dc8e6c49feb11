"""The page of the network: its figures are the statistics', each picture has its numbers, hidden names stay hidden."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.portfolio import statistics
from parvis.portfolio.models import Event, Phase
from parvis.portfolio.queries.census import ITEMS, census, take
from parvis.portfolio.views.network_pictures import ITEM_LABELS, MISSING, NAMING, PLAIN
from tests.factories.directory import UserFactory
from tests.factories.portfolio import (
    DeploymentFactory,
    EventFactory,
    IncubatorFactory,
    MissionFactory,
    PhaseFactory,
    ProductFactory,
    TerritoryFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db


def lived(incubator: Any, *names: str, years: int = 6, **more: Any) -> Any:
    """Return a product that went through these phases, one a year, the last one a hundred days ago."""
    product = ProductFactory(incubator=incubator, phase=names[-1], **more)
    for index, name in enumerate(names[:-1]):
        PhaseFactory(product=product, name=name, start_on=days_ago((years - index) * 365))
    return product


@pytest.fixture
def network() -> dict[str, Any]:
    nord, ghost = (
        IncubatorFactory(name="Fabrique du Nord", key="nord"),
        IncubatorFactory(name="Atelier secret", key="ghost", is_hidden=True),
    )
    for _index in range(6):
        lived(nord, "investigation", "construction", repository="https://code.example/x")
    lived(nord, "investigation", "abandon-investigation")
    lived(ghost, "investigation", "construction", "acceleration", "transfere", name="Vu de tous")
    return {"nord": nord, "ghost": ghost}


def page(client: Client, url: str = "/portfolio/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_reads_the_network(client: Client, network: dict[str, Any]) -> None:
    html = page(client)
    for anchor in ("flow", "growth", "survival", "transparency", "incubators", "territories"):
        assert f'id="{anchor}"' in html
    assert "Fabrique du Nord" in html
    assert "/portfolio/explore/?phase=construction" in html


def test_its_figures_are_those_of_the_statistics(client: Client, network: dict[str, Any]) -> None:
    today = timezone.localdate()
    expected = statistics.compute(["products_active", "phase_transitions", "survival_after_launch"], today)
    seen = census()
    assert {name: seen.figures[name] for name in expected} == expected
    rows = list(csv.reader(io.StringIO(client.get("/portfolio/figures/flow.csv").content.decode("utf-8-sig"))))
    assert ["Investigation", "Construction", "7"] in rows


def test_its_curve_agrees_with_the_statistics(network: dict[str, Any]) -> None:
    seen = take(timezone.localdate())
    part = {days: part for days, part in seen.lives["all"].steps if days <= 1095}
    assert round(part[max(part)], 4) == seen.figures["survival"]["1095"]
    assert seen.lives["all"].at_risk[0] == seen.figures["survival"]["n"]


@pytest.mark.parametrize("name", [*PLAIN, *NAMING])
def test_each_picture_has_its_numbers_as_a_file(client: Client, network: dict[str, Any], name: str) -> None:
    if name == "territories":
        DeploymentFactory(
            product=ProductFactory(phase="construction"), territory=TerritoryFactory(code="FR-75", geocode="75")
        )
    response = client.get(f"/portfolio/figures/{name}.csv")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert response.content.decode("utf-8-sig").count("\n") >= 2
    assert f"/portfolio/figures/{name}.csv" in page(client)


@pytest.mark.parametrize("key", ["nothing", "flow.csv", "%00", "a" * 3000])
def test_numbers_that_nobody_draws_are_not_found(client: Client, key: str) -> None:
    assert client.get(f"/portfolio/figures/{key}.csv").status_code in {400, 404}


def test_a_hidden_incubator_is_named_nowhere(client: Client, network: dict[str, Any]) -> None:
    for url in ("/portfolio/", "/portfolio/incubators/", "/portfolio/figures/incubators.csv",
                "/portfolio/figures/transparency-by-incubator.csv"):  # fmt: skip
        assert "Atelier secret" not in page(client, url)
    assert client.get("/portfolio/incubators/ghost/").status_code == 404
    assert client.get("/portfolio/incubators/ghost/phases.csv").status_code == 404
    client.force_login(UserFactory(is_operator=True))
    assert "Atelier secret" in page(client)
    assert client.get("/portfolio/incubators/ghost/").status_code == 200


def test_an_empty_network_says_so(client: Client) -> None:
    html = page(client)
    assert "<figure" not in html
    assert client.get("/portfolio/figures/flow.csv").status_code == 404


def test_one_product_or_three_cost_the_same(client: Client) -> None:
    nord = IncubatorFactory(key="nord")

    def cost() -> int:
        page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    lived(nord, "investigation", "construction")
    one = cost()
    for number in range(2):
        lived(IncubatorFactory(key=f"sud-{number}"), "investigation", "construction")
    assert cost() == one
    assert one <= 12


def test_the_census_follows_what_changes() -> None:
    nord = IncubatorFactory(key="nord")
    product = lived(nord, "investigation", "construction")
    assert census().figures["products_active"] == 1
    lived(nord, "construction")
    assert census().figures["products_active"] == 2
    assert [one.team for one in census().standings] == [0, 0]
    MissionFactory(product=product)
    assert sorted(one.team for one in census().standings) == [0, 1]
    Phase.objects.filter(product=product, name="construction").delete()
    assert census().figures["entered_phase"]["construction"] == 1
    EventFactory(product=product, kind=Event.Kind.NATIONAL_IMPACT)
    assert census().figures["national_impact_products"] == 1


def test_the_flow_counts_each_step_once(network: dict[str, Any]) -> None:
    picture = PLAIN["flow"](take(timezone.localdate()))
    assert picture is not None
    steps = [tuple(str(getattr(cell, "text", cell)) for cell in row) for row in picture.table.rows]
    drawn = [
        int(count) for _source, target, count in steps if target and "now" not in target and "aujourd" not in target
    ]
    assert sum(drawn) == statistics.compute(["phase_transitions_total"])["phase_transitions_total"]


def test_each_thing_that_is_shown_has_words_and_a_filter() -> None:
    assert set(ITEM_LABELS) == set(ITEMS) == set(MISSING)


def test_the_map_leads_to_the_products_of_a_department(client: Client, network: dict[str, Any]) -> None:
    paris = TerritoryFactory(code="FR-75", geocode="75", name_fr="Paris", name_en="Paris")
    DeploymentFactory(product=ProductFactory(phase="construction"), territory=paris)
    DeploymentFactory(product=ProductFactory(phase="construction"), territory=paris, to_on=days_ago(3))
    DeploymentFactory(product=ProductFactory(phase="abandon"), territory=paris)
    rows = list(csv.reader(io.StringIO(client.get("/portfolio/figures/territories.csv").content.decode("utf-8-sig"))))
    assert rows[1][:3] == ["75", "Paris", "1"]
    assert "territory=FR-75" in page(client)


def test_years_before_the_network_was_one_are_left_out() -> None:
    from parvis.portfolio.views.network_pictures import drawn_years

    by_year = {"2012": {"construction": 1}, "2013": {"construction": 5}, "2014": {}}
    assert list(drawn_years(by_year)) == ["2013", "2014"]


def test_a_costly_census_may_be_late_but_never_old(monkeypatch: pytest.MonkeyPatch) -> None:
    from parvis.portfolio.queries import census as module

    seen, now = take(timezone.localdate()), 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)

    def is_good(cost: float, age: float, mark: str = "other") -> bool:
        return module._is_good(module._Kept(seen, mark, cost, now - age), "mark")

    assert is_good(2.0, 59)
    assert not is_good(2.0, 61)
    assert not is_good(0.2, 1)
    assert is_good(0.2, 899, "mark")
    assert not is_good(0.2, 901, "mark")
