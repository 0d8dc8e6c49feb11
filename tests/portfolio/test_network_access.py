"""Who may open the pages of the network, of its incubators and of decisions, role by role."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.directory import MembershipFactory, UserFactory
from tests.factories.portfolio import IncubatorFactory, ProductFactory

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "signed-in", "team", "incubator", "operator")
# Page: what each role gets, in the order above. 302 leads to the sign-in page.
TABLE: dict[str, tuple[int, ...]] = {
    "/portfolio/": (200, 200, 200, 200, 200),
    "/portfolio/figures/flow.csv": (200, 200, 200, 200, 200),
    "/portfolio/incubators/": (200, 200, 200, 200, 200),
    "/portfolio/incubators/open/": (200, 200, 200, 200, 200),
    "/portfolio/incubators/open/phases.csv": (200, 200, 200, 200, 200),
    "/portfolio/incubators/hidden/": (404, 404, 200, 200, 200),
    "/portfolio/incubators/hidden/phases.csv": (404, 404, 200, 200, 200),
    "/portfolio/decisions/": (302, 403, 403, 200, 200),
    "/portfolio/decisions/?format=csv": (302, 403, 403, 200, 200),
    "POST /portfolio/decisions/service/ask/": (302, 403, 403, 302, 302),
    "POST /portfolio/decisions/unknown/ask/": (302, 404, 404, 404, 404),
}


@pytest.fixture
def people() -> dict[str, Any]:
    """Return one person for each role; the team and the manager are those of a hidden incubator."""
    IncubatorFactory(key="open")
    hidden = IncubatorFactory(key="hidden", is_hidden=True)
    product = ProductFactory(key="service", incubator=hidden, phase="construction")
    ProductFactory(key="other", incubator=IncubatorFactory(key="busy"), phase="construction")
    ProductFactory(incubator=type(hidden).objects.get(key="open"), phase="construction")
    team, manager = UserFactory(), UserFactory()
    MembershipFactory(user=team, group=product.group)
    MembershipFactory(user=manager, group=hidden.group, manager=True)
    return {
        "visitor": None,
        "signed-in": UserFactory(),
        "team": team,
        "incubator": manager,
        "operator": UserFactory(operator=True),
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_says(client: Client, people: dict[str, Any], role: str) -> None:
    if people[role] is not None:
        client.force_login(people[role])
    got = {}
    for address in TABLE:
        method, _space, path = address.rpartition(" ")
        response = client.post(path) if method else client.get(path)
        got[address] = response.status_code
        if response.status_code == 302 and role == "visitor":
            assert response["Location"].startswith("/sign-in/")
    assert got == {address: statuses[ROLES.index(role)] for address, statuses in TABLE.items()}


@pytest.mark.parametrize("role", ["visitor", "signed-in", "incubator"])
def test_a_manager_asks_about_their_own_products_only(client: Client, people: dict[str, Any], role: str) -> None:
    if people[role] is not None:
        client.force_login(people[role])
    response = client.post("/portfolio/decisions/other/ask/")
    assert response.status_code == (302 if role == "visitor" else 403)
