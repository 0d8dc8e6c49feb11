"""The finer settings of an application's sign-in, and the tokens for programs that register by themselves."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey

from parvis.directory.models import Group, User
from parvis.oidc.models import Client, InitialAccessToken
from parvis.suite.models import Application
from tests.factories.directory import GroupFactory, MembershipFactory, UserFactory
from tests.factories.suite import ApplicationFactory, ClientFactory, browser_of
from tests.oidc.test_registration import MINIMAL

pytestmark = pytest.mark.django_db
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "enc"}).as_dict(private=False)
SETTINGS = {"token_endpoint_auth_method": "client_secret", "subject_type": "public"}
TOKEN = {"name": "A team", "uses": "2", "days": "3", "scopes": ["openid", "email"]}


@pytest.fixture
def team() -> Group:
    return GroupFactory(name="Team of writings")


@pytest.fixture
def manager(team: Group) -> User:
    person: User = MembershipFactory(group=team, manager=True).user
    return person


@pytest.fixture
def application(team: Group) -> Application:
    found: Application = ApplicationFactory(owner=team, client=ClientFactory())
    return found


@pytest.fixture
def operator() -> User:
    person: User = UserFactory(operator=True)
    return person


def address(application: Application) -> str:
    return f"/apps/{application.slug}/sign-in/more/"


def test_a_manager_asks_for_keys_encryption_and_identifiers_by_sector(manager: User, application: Application) -> None:
    browser = browser_of(manager)
    assert address(application) in browser.get(f"/apps/{application.slug}/sign-in/").content.decode()
    assert browser.get(address(application)).status_code == 200
    changes = {
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": json.dumps({"keys": [KEY]}),
        "id_token_encryption_alg": "ECDH-ES",
        "subject_type": "pairwise",
        "default_max_age": "3600",
        "requires_dpop": "on",
    }
    answer = browser.post(address(application), SETTINGS | changes)
    assert answer.status_code == 302, answer.context["form"].errors
    client = Client.objects.get()
    assert client.token_endpoint_auth_method == "private_key_jwt"
    assert client.jwks == {"keys": [KEY]}
    assert (client.id_token_encryption_alg, client.subject_type) == ("ECDH-ES", "pairwise")
    assert client.sector_identifier
    assert (client.default_max_age, client.requires_dpop) == (3600, True)


def test_one_key_alone_is_taken_for_a_set_and_a_private_one_is_refused(manager: User, application: Application) -> None:
    url, client = address(application), Client.objects.get()
    browser_of(manager).post(url, SETTINGS | {"jwks": json.dumps(KEY)})
    client.refresh_from_db()
    assert client.jwks == {"keys": [KEY]}
    private = ECKey.generate_key("P-256", private=True).as_dict(private=True)
    page = browser_of(manager).post(url, SETTINGS | {"jwks": json.dumps({"keys": [private]})}).content.decode()
    assert "There is a private key in it." in page
    client.refresh_from_db()
    assert client.jwks == {"keys": [KEY]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id_token_encryption_alg": "ECDH-ES"}, "jwks"),
        ({"jwks": "nonsense"}, "jwks"),
        ({"jwks": "[1]"}, "jwks"),
        ({"jwks": '{"keys": [], "x": NaN}'}, "jwks"),
        ({"jwks": r'{"keys": [], "x": "\u0000"}'}, "jwks"),
        ({"jwks": "[" * 5_000}, "jwks"),
        ({"jwks": "9" * 5_000}, "jwks"),
        ({"jwks_uri": "http://app.example.org/"}, "jwks_uri"),
        ({"default_max_age": "-1"}, "default_max_age"),
        ({"profile": "fapi2"}, "token_endpoint_auth_method"),
        ({"subject_type": "odd"}, "subject_type"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    manager: User, application: Application, changes: dict[str, Any], field: str
) -> None:
    answer = browser_of(manager).post(address(application), SETTINGS | changes)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert Client.objects.get().token_endpoint_auth_method == "client_secret"


def test_only_those_who_look_after_it_see_these_settings(application: Application) -> None:
    assert browser_of(UserFactory()).get(address(application)).status_code in {403, 404}


def test_a_link_only_application_has_no_such_page(manager: User, team: Group) -> None:
    linked = ApplicationFactory(owner=team, client=None)
    assert browser_of(manager).get(address(linked)).status_code == 404


# --- Tokens for registering -------------------------------------------------------------------------------------------
def test_an_operator_makes_a_token_and_sees_it_once(operator: User) -> None:
    browser = browser_of(operator)
    assert "/apps/registration-tokens/" in browser.get("/apps/new/").content.decode()
    page = browser.post("/apps/registration-tokens/", TOKEN)
    assert page["Cache-Control"] == "no-store"
    row = InitialAccessToken.objects.get()
    assert (row.name, row.uses_left, row.by) == ("A team", 2, operator)
    given = page.context["given"]
    assert given in page.content.decode()
    assert given not in browser.get("/apps/registration-tokens/").content.decode()
    answer = browser.post(
        "/oidc/register", json.dumps(MINIMAL), "application/json", headers={"authorization": f"Bearer {given}"}
    )
    assert answer.status_code == 201
    assert answer.json()["scope"] == "openid email"


def test_an_operator_takes_a_token_back(operator: User) -> None:
    browser = browser_of(operator)
    browser.post("/apps/registration-tokens/", TOKEN)
    row = InitialAccessToken.objects.get()
    browser.post(f"/apps/registration-tokens/{row.pk}/revoke/")
    assert not InitialAccessToken.objects.live().exists()
    assert "taken back" in browser.get("/apps/registration-tokens/").content.decode()


def test_tokens_are_for_operators(manager: User) -> None:
    browser = browser_of(manager)
    assert browser.get("/apps/registration-tokens/").status_code == 403
    assert browser.post("/apps/registration-tokens/", TOKEN).status_code == 403
    assert not InitialAccessToken.objects.exists()


@pytest.mark.parametrize("changes", [{"uses": "0"}, {"days": "900"}, {"scopes": []}, {"name": " "}])
def test_a_token_that_makes_no_sense_is_refused(operator: User, changes: dict[str, Any]) -> None:
    assert browser_of(operator).post("/apps/registration-tokens/", TOKEN | changes).status_code == 200
    assert not InitialAccessToken.objects.exists()


def test_one_and_three_tokens_cost_the_same(operator: User) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = browser_of(operator)
    costs = []
    for number in (1, 2):
        for _turn in range(number):
            browser.post("/apps/registration-tokens/", TOKEN)
        with CaptureQueriesContext(connection) as queries:
            browser.get("/apps/registration-tokens/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- Resource servers -------------------------------------------------------------------------------------------------
SERVES = {
    "is_resource_server": "on",
    "resources": "https://api.example.org/\nhttps://api.example.org/v2",
    "reads_access_tokens": "on",
}


def test_an_operator_says_which_application_serves_data(operator: User, application: Application) -> None:
    answer = browser_of(operator).post(address(application), SETTINGS | SERVES)
    assert answer.status_code == 302, answer.context["form"].errors
    client = Client.objects.get()
    assert (client.is_resource_server, client.reads_access_tokens) == (True, True)
    assert client.resources == ["https://api.example.org/", "https://api.example.org/v2"]


def test_a_manager_cannot_make_it_ask_about_the_tokens_of_others(manager: User, application: Application) -> None:
    browser = browser_of(manager)
    assert "is_resource_server" not in browser.get(address(application)).content.decode()
    browser.post(address(application), SETTINGS | SERVES)
    assert not Client.objects.get().is_resource_server
    Client.objects.update(is_resource_server=True, resources=["https://api.example.org/"])
    assert browser.post(address(application), SETTINGS).status_code == 302
    assert Client.objects.get().resources == ["https://api.example.org/"], "what the form does not offer stays"


def test_tokens_that_it_reads_by_itself_are_for_an_address(operator: User, application: Application) -> None:
    answer = browser_of(operator).post(address(application), SETTINGS | SERVES | {"resources": ""})
    assert "reads_access_tokens" in answer.context["form"].errors
