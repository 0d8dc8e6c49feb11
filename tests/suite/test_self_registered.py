"""Applications that register themselves have a card: nobody else vouches for them, so operators see and govern them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.directory.models import User
from parvis.oidc.models import Client
from parvis.suite import policies
from parvis.suite.models import Application
from parvis.suite.queries import menu_of
from tests.factories.directory import EmailFactory, GroupFactory, MembershipFactory, UserFactory
from tests.factories.oidc import Application as Protocol
from tests.factories.oidc import answer_of
from tests.factories.suite import ApplicationFactory, browser_of
from tests.oidc.conftest import signing_keys  # noqa: F401 - a fixture
from tests.oidc.test_registration import MINIMAL, Registrar

pytestmark = pytest.mark.django_db
NAMES = {"client_name": "Notebook", "client_name#fr": "Carnet"}


@pytest.fixture
def registrar(signing_keys: None) -> Registrar:  # noqa: F811 - the fixture
    return Registrar()


@pytest.fixture
def operator() -> User:
    person: User = UserFactory(operator=True)
    return person


def card() -> Application:
    return Application.objects.get()


def test_a_registration_makes_a_card_that_is_in_nobodys_menu(registrar: Registrar, operator: User) -> None:
    made = registrar.registered(**NAMES, client_uri="https://carnet.example.org/")
    row = card()
    assert (row.name_fr, row.name_en, row.url) == ("Carnet", "Notebook", "https://carnet.example.org/")
    assert row.client is not None
    assert row.client.client_id == made["client_id"]
    person = UserFactory()
    assert not menu_of(person).exists()
    assert not policies.can_see(person, row)
    assert browser_of(person).get(f"/apps/{row.slug}/").status_code == 404
    assert "Notebook" in browser_of(operator).get("/apps/").content.decode()


def test_people_sign_in_to_it_all_the_same(registrar: Registrar) -> None:
    registrar.registered()
    person = EmailFactory().user
    row = Client.objects.get()
    Client.objects.update(is_trusted=True)
    app = Protocol(row).sign_in_as(person)
    assert answer_of(app.authorize())["code"]


@pytest.mark.parametrize(
    ("document", "url"),
    [
        ({"redirect_uris": ["https://carnet.example.org:8443/callback"]}, "https://carnet.example.org:8443/"),
        ({"client_uri": "https://carnet.example.org/" + "a" * 600}, "https://app.example.org/"),
        (
            {"redirect_uris": ["org.example.carnet:/callback"], "token_endpoint_auth_method": "none"},
            "http://127.0.0.1:8000/",
        ),
    ],
)
def test_the_card_leads_to_its_site(registrar: Registrar, document: dict[str, Any], url: str) -> None:
    answer = registrar.register(MINIMAL | document)
    if answer.status != 201:
        pytest.skip(f"Not registered here: {answer.body}")
    assert card().url == url


def test_an_operator_finds_it_gives_it_a_team_and_opens_it(registrar: Registrar, operator: User) -> None:
    registrar.registered(**NAMES)
    browser, row = browser_of(operator), card()
    found = browser.get("/apps/registration-tokens/").content.decode()
    assert f"/apps/{row.slug}/" in found
    assert "nobody yet" in found
    page = browser.get(f"/apps/{row.slug}/").content.decode()
    assert "registered itself" in page
    assert "not open to you" not in page
    team = GroupFactory()
    told = {"name_fr": "Carnet", "description_fr": "Noter.", "url": row.url, "maturity": "beta", "owner": team.pk}
    assert browser.post(f"/apps/{row.slug}/edit/", told).status_code == 302
    assert browser.post(f"/apps/{row.slug}/access/", {"audience": "network"}).status_code == 302
    assert menu_of(UserFactory()).get() == row
    manager = MembershipFactory(group=team, role="manager").user
    assert browser_of(manager).get(f"/apps/{row.slug}/sign-in/").status_code == 200


def test_an_operator_closes_it_and_its_tokens_manage_nothing_more(registrar: Registrar, operator: User) -> None:
    made = registrar.registered()
    browser_of(operator).post(f"/apps/{card().slug}/state/", {"state": "closed"})
    assert Client.objects.get().state == Client.State.SUSPENDED
    assert registrar.manage(made, "GET").status == 401


def test_what_it_says_of_itself_changes_its_card_until_somebody_looks_after_it(registrar: Registrar) -> None:
    made = registrar.registered(**NAMES)
    replaced = MINIMAL | {"client_id": made["client_id"], "client_name": "Diary"}
    assert registrar.manage(made, "PUT", replaced).status == 200
    assert card().name_en == "Diary"
    Application.objects.update(owner=GroupFactory())
    assert registrar.manage(made, "PUT", replaced | {"client_name": "Your bank"}).status == 200
    assert card().name_en == "Diary"


@pytest.mark.parametrize("is_adopted", [False, True])
def test_rfc7592_2_3_a_registration_that_ends_leaves_no_open_card(registrar: Registrar, is_adopted: bool) -> None:
    made = registrar.registered()
    if is_adopted:
        Application.objects.update(owner=GroupFactory())
    assert registrar.manage(made, "DELETE").status == 204
    assert [one.state for one in Application.objects.all()] == (["closed"] if is_adopted else [])


def test_any_team_may_keep_its_application_out_of_the_menus() -> None:
    team = GroupFactory()
    row = ApplicationFactory(owner=team, audience="unlisted")
    member, other = MembershipFactory(group=team).user, UserFactory()
    assert menu_of(member).get() == row
    assert not menu_of(other).exists()
    assert policies.can_open(other, row)
    assert not policies.can_see(other, row)


def test_what_is_in_nobodys_menu_is_not_on_the_public_list(operator: User) -> None:
    row = ApplicationFactory(audience="unlisted", is_public=True)
    assert not Application.objects.on_public_list().exists()
    assert not policies.can_see(None, row)
    page = browser_of(operator).post(f"/apps/{row.slug}/access/", {"audience": "unlisted", "is_public": "on"})
    assert page.status_code == 200
    assert "not on the public list either" in page.content.decode()


def test_one_and_three_registrations_cost_the_same(registrar: Registrar, operator: User) -> None:
    browser = browser_of(operator)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/apps/registration-tokens/").status_code == 200
        return len(queries)

    registrar.registered()
    browser.get("/apps/registration-tokens/")
    one = cost()
    registrar.registered()
    registrar.registered()
    assert cost() == one
