"""The page of an incubator: its products on one axis, its teams, who may read what."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.portfolio.models import ProductIncubator
from tests.factories.directory import MembershipFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    EventFactory,
    IncubatorFactory,
    MissionFactory,
    PersonCardFactory,
    PhaseFactory,
    ProductFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db


def numbers(client: Client, what: str) -> list[list[str]]:
    response = client.get(f"/portfolio/incubators/nord/{what}.csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def page(client: Client, url: str = "/portfolio/incubators/nord/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def nord() -> Any:
    return IncubatorFactory(
        name="Fabrique du Nord",
        key="nord",
        contact="equipe@nord.example",
        short_description="On <b>écoute</b> &amp; on livre<script>alert(1)</script>",
        description="## Qui sommes-nous\n\nUne équipe.\n\n<script>alert(2)</script>",
    )


def test_it_shows_the_lives_of_its_active_products(client: Client, nord: Any) -> None:
    product = ProductFactory(name="Aides", incubator=nord)
    PhaseFactory(product=product, name="investigation", start_on=days_ago(2000), end_on=days_ago(1700))
    PhaseFactory(product=product, name="construction", start_on=days_ago(1500))
    type(product).objects.refresh_phases()
    EventFactory(product=product)
    ProductFactory(name="Fini", incubator=nord, phase="abandon")
    html = page(client)
    assert "Aides" in html
    assert "Fini" not in html
    assert "Fini" in page(client, "/portfolio/incubators/nord/?show=all")
    rows = numbers(client, "phases")
    assert [row[0] for row in rows[1:]] == ["Aides", "Aides", "Aides"]
    # A phase lasts until the next one begins, whatever end was announced.
    assert rows[1][2:4] == [days_ago(2000).isoformat(), days_ago(1500).isoformat()]


def test_its_texts_are_cleaned(client: Client, nord: Any) -> None:
    html = page(client)
    assert "On écoute &amp; on livre" in html
    assert "alert(1)" not in html
    assert "<script>alert" not in html
    assert "Qui sommes-nous</h2>" in html or "Qui sommes-nous</h3>" in html


def test_its_mailbox_is_for_the_signed_in(client: Client, nord: Any) -> None:
    assert "equipe@nord.example" not in page(client)
    client.force_login(UserFactory())
    assert "equipe@nord.example" in page(client)


def test_its_old_address_leads_to_it(client: Client, nord: Any) -> None:
    nord.redirect_from = ["/incubators/ancien"]
    nord.save()
    response = client.get("/portfolio/incubators/ancien/")
    assert (response.status_code, response["Location"]) == (301, "/portfolio/incubators/nord/")


@pytest.mark.parametrize("key", ["nowhere", "%00", "x" * 4000, "..%2f..", "nord/phases", "nord/nothing.csv"])
def test_what_does_not_exist_is_not_found(client: Client, nord: Any, key: str) -> None:
    assert client.get(f"/portfolio/incubators/{key}").status_code in {301, 400, 404}
    assert client.get(f"/portfolio/incubators/{key}/").status_code in {400, 404}


def test_teams_are_counted_by_what_they_lack(client: Client, nord: Any) -> None:
    lonely = ProductFactory(name="Seul", incubator=nord, phase="construction")
    ProductFactory(name="Personne", incubator=nord, phase="construction")
    MissionFactory(user=PersonCardFactory(domain="Développement").user, product=lonely, end_on=days_ago(-30))
    rows = numbers(client, "teams")
    assert [row[1:3] for row in rows[1:]] == [["1", "2"], ["0", "2"], ["1", "2"], ["1", "2"], ["1", "2"]]


def test_only_those_in_charge_see_what_waits_for_a_decision(client: Client, nord: Any) -> None:
    ProductFactory(name="Personne", incubator=nord, phase="construction")
    assert 'id="decisions"' not in page(client)
    client.force_login(UserFactory())
    assert 'id="decisions"' not in page(client)
    manager = UserFactory()
    MembershipFactory(user=manager, group=nord.group, role="manager")
    client.force_login(manager)
    assert 'id="decisions"' in page(client)
    assert "/portfolio/decisions/?incubator=nord" in page(client)


def test_products_shared_with_others_are_told_but_not_hidden_ones(client: Client, nord: Any) -> None:
    shared = ProductFactory(name="Ensemble", incubator=nord, phase="construction")
    for position, (name, hidden) in enumerate([("Atelier du Sud", False), ("Atelier secret", True)], start=1):
        other = IncubatorFactory(name=name, is_hidden=hidden)
        ProductIncubator.objects.create(product=shared, incubator=other, raw_key=other.key, position=position)
    html = page(client)
    assert "Atelier du Sud" in html
    assert "Atelier secret" not in html


def test_highlighted_products_and_committees_are_shown(client: Client, nord: Any) -> None:
    ProductFactory(name="En avant", key="en.avant", phase="acceleration", mission="Voir loin")
    nord.highlighted = ["en.avant", "gone", 7]
    nord.save()
    CommitteeFactory(incubator=nord, on=days_ago(-10), title="Comité de printemps")
    CommitteeFactory(incubator=nord, on=days_ago(-11), title="Comité discret", is_public=False)
    html = page(client)
    assert "En avant" in html
    assert "Voir loin" in html
    assert "Comité de printemps" in html
    assert "Comité discret" not in html


def test_a_proposed_product_is_not_in_the_portfolio(client: Client, nord: Any) -> None:
    ProductFactory(name="Idée", incubator=nord, phase="investigation", state="proposed")
    assert "Idée" not in page(client, "/portfolio/incubators/nord/?show=all")


def test_one_product_or_three_cost_the_same(client: Client, nord: Any) -> None:
    def cost() -> int:
        page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    ProductFactory(incubator=nord, phase="construction")
    one = cost()
    for _number in range(2):
        product = ProductFactory(incubator=nord, phase="construction")
        EventFactory(product=product)
    assert cost() == one
    assert one <= 18


def test_the_list_is_in_order_of_size(client: Client, nord: Any) -> None:
    IncubatorFactory(name="Atelier vide", key="vide")
    ProductFactory(incubator=nord, phase="construction")
    html = page(client, "/portfolio/incubators/")
    assert html.index("Fabrique du Nord") < html.index("Atelier vide")
