"""What teams paste: it holds the exact values, and nothing of it can break out of the file it goes to."""

import ast

import pytest
from click.testing import CliRunner

from parvis.oidc.models import Client
from parvis.suite import recipes
from parvis.suite.cli import app_group
from tests.factories.oidc import make_client
from tests.factories.suite import ApplicationFactory

pytestmark = pytest.mark.django_db
SECRET = "s3cr3t-0123456789"


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda recipe: recipe.slug)
def test_each_recipe_holds_who_the_application_is(recipe: recipes.Recipe) -> None:
    client = make_client()
    text = recipe.text(client, SECRET)
    assert client.client_id in text
    assert SECRET in text
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
    offered = {recipe.slug for recipe, _text in recipes.integration(client).recipes}
    assert offered == {"openid_client", "environment"}


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
