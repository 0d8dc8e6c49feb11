"""What teams paste: it holds the exact values, and nothing of it can break out of the file it goes to."""

import ast
import re
from html import unescape
from typing import Any

import pytest
from click.testing import CliRunner

from parvis.oidc.models import Client
from parvis.suite import recipes
from parvis.suite.cli import app_group
from tests.factories.directory import UserFactory
from tests.factories.oidc import make_client
from tests.factories.suite import ApplicationFactory, browser_of

pytestmark = pytest.mark.django_db
SECRET = "s3cr3t-0123456789"


def offered_to(client: Client) -> set[str]:
    return {recipe.slug for recipe, _text in recipes.integration(client).recipes}


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda recipe: recipe.slug)
def test_each_recipe_holds_who_the_application_is(recipe: recipes.Recipe) -> None:
    client = make_client()
    text = recipe.text(client, SECRET)
    assert client.client_id in text
    assert (SECRET in text) == (recipe.slug not in {"browser", "device"})
    assert "{{" not in text
    assert "&quot;" not in text
    assert SECRET not in recipe.text(client)


@pytest.mark.parametrize("slug", ["django_lasuite", "mozilla_django_oidc", "authlib"])
def test_python_recipes_are_python(slug: str) -> None:
    recipe = recipes.find(slug)
    assert recipe
    text = recipe.text(make_client(userinfo_alg="ES256", id_token_alg="ES256"), 'a"b\\c')
    ast.parse(text)
    if slug == "django_lasuite":
        settings: dict[str, object] = {}
        exec(text, settings)
        assert settings["OIDC_RP_CLIENT_SECRET"] == 'a"b\\c'
        assert settings["OIDC_OP_USER_ENDPOINT_FORMAT"] == "JWT"
        assert settings["OIDC_RP_SIGN_ALGO"] == "ES256"


def test_a_public_application_is_offered_what_needs_no_secret() -> None:
    client = make_client(type=Client.Type.PUBLIC)
    assert offered_to(client) == {"openid_client", "browser", "environment"}


@pytest.mark.parametrize(
    ("registered", "offered"),
    [
        (
            {"type": "public", "grant_types": [Client.GrantType.DEVICE_CODE], "redirect_uris": []},
            {"device", "environment"},
        ),
        ({"grant_types": ["client_credentials"], "redirect_uris": []}, {"machine", "environment"}),
        ({"token_endpoint_auth_method": "private_key_jwt"}, {"environment"}),
    ],
)
def test_each_kind_of_application_is_offered_what_it_can_use(registered: dict[str, Any], offered: set[str]) -> None:
    client = make_client(**registered)
    assert offered_to(client) == offered
    environment = recipes.find("environment")
    assert environment
    assert ("OIDC_CLIENT_SECRET" in environment.text(client)) == client.has_secrets


def test_recipes_ask_for_all_that_the_application_may_ask_for() -> None:
    client = make_client(scopes=["openid", "email", "siret", "groups", "offline_access"])
    for slug in ("django_lasuite", "openid_client", "apache"):
        recipe = recipes.find(slug)
        assert recipe
        assert '"openid email siret groups"' in recipe.text(client), slug


def test_recipes_say_which_addresses_are_to_be_registered_first() -> None:
    recipe = recipes.find("django_lasuite")
    assert recipe
    client = make_client(redirect_uris=["https://app.example.org/cb"], post_logout_redirect_uris=[])
    text = recipe.text(client)
    assert "# First register https://app.example.org/callback/ among the redirect addresses" in text
    assert "# First register https://app.example.org/logout-callback/ among the addresses after signing out" in text
    client.redirect_uris = ["https://app.example.org/callback/"]
    client.post_logout_redirect_uris = ["https://app.example.org/logout-callback/"]
    assert "First register" not in recipe.text(client)


def test_the_page_shows_each_recipe_as_the_command_prints_it() -> None:
    application = ApplicationFactory(signs_in=True)
    operator = UserFactory(is_operator=True)
    page = browser_of(operator).get(f"/apps/{application.slug}/connect/").content.decode()
    shown = [unescape(block) for block in re.findall(r"<code data-copy-source>([^<]*)</code></pre>", page)]
    assert shown == [text for _recipe, text in recipes.integration(application.client).recipes]


def test_the_command_prints_a_recipe_with_the_secret_it_is_given() -> None:
    application = ApplicationFactory(signs_in=True)
    command = ["recipe", "apache", application.slug, "--secret-stdin"]
    done = CliRunner().invoke(app_group, command, input=f"{SECRET}\n")
    assert done.exit_code == 0, done.output
    assert f"OIDCClientSecret {SECRET}" in done.output
    assert f"OIDCClientID {application.client.client_id}" in done.output


def test_the_command_lists_recipes_and_refuses_unknown_ones() -> None:
    assert CliRunner().invoke(app_group, ["recipe"]).output.split() == [recipe.slug for recipe in recipes.RECIPES]
    refused = CliRunner().invoke(app_group, ["recipe", "perl", ApplicationFactory(signs_in=True).slug])
    assert refused.exit_code == 1
    assert "Unknown recipe" in refused.output
    link = CliRunner().invoke(app_group, ["recipe", "apache", ApplicationFactory().slug])
    assert "does not sign people in that way" in link.output
