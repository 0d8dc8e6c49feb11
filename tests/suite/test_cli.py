import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from joserfc.jwk import RSAKey

from parvis.oidc import clients
from parvis.oidc.models import Client
from parvis.oidc.scopes import DEFAULT_SCOPES
from parvis.suite.cli import commands
from parvis.suite.models import Application
from tests.factories.directory import GroupFactory, OrganizationFactory
from tests.factories.suite import ApplicationFactory

pytestmark = pytest.mark.django_db
CREATE = ("create", "--name", "Écrits", "--redirect-uri", "https://ecrits.example.org/callback/")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands[0], arguments)


def told(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def opens(printed: Any) -> bool:
    """Say whether the provider takes what was printed."""
    found = clients.find(printed["client_id"])
    return found is not None and found.has_secret(printed["client_secret"])


def test_create_prints_an_identifier_and_a_secret_that_work() -> None:
    printed = told(*CREATE)
    assert opens(printed)
    client = Client.objects.get()
    assert (client.id_token_alg, client.userinfo_alg, client.is_trusted) == ("RS256", "none", False)
    assert client.scopes == list(DEFAULT_SCOPES)
    application = Application.objects.get()
    assert (application.url, application.is_public) == ("https://ecrits.example.org/", False)


def test_create_takes_every_option() -> None:
    team = GroupFactory(slug="writers")
    printed = told(
        *CREATE,
        "--redirect-uri", "http://127.0.0.1:9000/callback/",
        "--post-logout-redirect-uri", "https://ecrits.example.org/bye/",
        "--post-logout-redirect-uri", "http://127.0.0.1:9000/bye/",
        "--backchannel-logout-uri", "https://ecrits.example.org/backchannel/",
        "--id-token-alg", "ES256", "--userinfo-alg", "RS256",
        "--scope", "openid email", "--scope", "siret",
        "--trusted", "--public", "--url", "https://ecrits.example.org/start", "--owner", "writers",
        "--name-en", "Writings",
    )  # fmt: skip
    client = Client.objects.get()
    assert client.redirect_uris == ["https://ecrits.example.org/callback/", "http://127.0.0.1:9000/callback/"]
    assert client.post_logout_redirect_uris == ["https://ecrits.example.org/bye/", "http://127.0.0.1:9000/bye/"]
    assert client.backchannel_logout_uri == "https://ecrits.example.org/backchannel/"
    assert (client.id_token_alg, client.userinfo_alg, client.is_trusted) == ("ES256", "RS256", True)
    assert client.scopes == ["openid", "email", "siret"]
    application = Application.objects.get()
    assert (application.owner, application.name_en, application.is_public) == (team, "Writings", True)
    assert printed["url"] == "https://ecrits.example.org/start"


def test_an_application_that_acts_for_itself_needs_no_redirect_uri() -> None:
    printed = told("create", "--name", "Robot", "--grant-type", "client_credentials")
    assert printed["grant_types"] == ["client_credentials"]
    assert opens(printed)
    assert Application.objects.get().audience == "chosen"


def test_what_people_sign_in_to_may_act_for_itself_too() -> None:
    printed = told(*CREATE, "--grant-type", "client_credentials")
    assert printed["grant_types"] == ["authorization_code", "refresh_token", "client_credentials"]


def test_a_resource_server_with_its_keys(tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048, {"kid": "rs-1"}, private=True)
    file = tmp_path / "jwks.json"
    create = ("create", "--name", "Données", "--grant-type", "client_credentials", "--jwks", str(file))
    kind: tuple[str, ...] = (
        "--resource-server",
        "--resource",
        "https://api.example.org/",
        "--auth-method",
        "private_key_jwt",
    )
    kind += ("--introspection-encryption-alg", "RSA-OAEP", "--scope", "groups")
    file.write_text("[" * 100_000)
    refused = run(*create, *kind)
    assert (refused.exit_code, "not JSON" in refused.output) == (2, True)
    file.write_text(json.dumps({"keys": [key.as_dict(private=True)]}))
    assert run(*create, *kind).exit_code == 1
    file.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    printed = told(*create, *kind)
    assert (printed["client_secret"], printed["resources"]) == ("", ["https://api.example.org/"])
    client = Client.objects.get()
    assert (client.is_resource_server, client.introspection_encryption_alg) == (True, "RSA-OAEP")
    assert run("rotate-secret", printed["client_id"]).exit_code == 1
    file.write_text("nonsense")
    assert run(*create).exit_code == 2


def test_without_redirect_uri_nor_grant_type_there_is_nothing_to_register() -> None:
    result = run("create", "--name", "Rien")
    assert (result.exit_code, "--redirect-uri" in result.output) == (2, True)


def test_a_public_application_has_no_secret() -> None:
    printed = told("create", "--name", "Poche", "--type", "public", "--redirect-uri", "org.example.poche:/callback",
                   "--url", "https://poche.example.org/")  # fmt: skip
    assert printed["client_secret"] == ""
    assert Client.objects.get().is_public


@pytest.mark.parametrize(
    ("extra", "code", "words"),
    [
        (("--redirect-uri", "http://elsewhere.example/"), 2, "http://elsewhere.example/"),
        (("--redirect-uri", "https://a.example/#part"), 2, "fragment"),
        (("--redirect-uri", "not a url"), 2, "not a url"),
        (("--post-logout-redirect-uri", "https://*.example/"), 2, "--post-logout-redirect-uri"),
        (("--backchannel-logout-uri", "ftp://a.example/"), 2, "--backchannel-logout-uri"),
        (("--id-token-alg", "none"), 2, "--id-token-alg"),
        (("--userinfo-alg", "HS256"), 2, "--userinfo-alg"),
        (("--scope", "everything"), 2, "everything"),
        (("--owner", "nobody"), 2, "nobody"),
        (("--url", "ftp://a.example/"), 1, "url"),
        (("--name", ""), 1, "name"),
        (("--name", "x" * 500), 1, "name"),
    ],
)
def test_mistakes_are_explained_and_change_nothing(extra: tuple[str, ...], code: int, words: str) -> None:
    result = run(*CREATE, *extra)
    assert result.exit_code == code
    assert words in result.output
    assert not Application.objects.exists()
    assert not Client.objects.exists()


def test_list_tells_no_secret() -> None:
    made = told(*CREATE)
    ApplicationFactory()
    listed = told("list")
    assert {one["client_id"] for one in listed} == {made["client_id"], ""}
    assert made["client_secret"] not in run("list", "--json").output
    assert "(link only)" in run("list").output


def test_a_rotated_secret_works_beside_the_former_one_unless_told_now() -> None:
    made = told(*CREATE)
    second = told("rotate-secret", made["client_id"])
    assert [opens(made), opens(second)] == [True, True]
    third = told("rotate-secret", made["slug"], "--now")
    assert [opens(made), opens(second), opens(third)] == [False, False, True]


def test_rotating_what_has_no_secret_is_an_error() -> None:
    assert run("rotate-secret", "unknown").exit_code == 1
    assert run("rotate-secret", ApplicationFactory().slug).exit_code == 1


def test_without_json_people_read_lines() -> None:
    result = run(*CREATE)
    assert "client_secret: ps_" in result.stdout
    assert "client_secret: ps_" not in result.stderr


def test_edit_changes_where_an_application_is_told_of_sign_outs_and_for_whom_it_is() -> None:
    organization = OrganizationFactory(slug="culture")
    printed = told(*CREATE, "--frontchannel-logout-uri", "https://ecrits.example.org/front/")
    assert printed["frontchannel_logout_uri"] == "https://ecrits.example.org/front/"
    slug = printed["slug"]
    changed = told(
        "edit", slug, "--backchannel-logout-uri", "https://ecrits.example.org/back/", "--organization", "culture"
    )
    assert changed["backchannel_logout_uri"] == "https://ecrits.example.org/back/"
    assert changed["frontchannel_logout_uri"] == "https://ecrits.example.org/front/"
    assert changed["organization"] == "culture"
    assert Client.objects.get().organization == organization
    cleared = told("edit", slug, "--frontchannel-logout-uri", "", "--organization", "")
    assert (cleared["frontchannel_logout_uri"], cleared["organization"]) == ("", "")
    assert cleared["redirect_uris"] == printed["redirect_uris"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--frontchannel-logout-uri", "https://elsewhere.example.org/"), "same site"),
        (("--backchannel-logout-uri", "ftp://ecrits.example.org/"), "https://"),
        (("--organization", "nowhere"), "no organisation"),
        (("--redirect-uri", "https://*/"), "wildcard"),
    ],
)
def test_edit_refuses_what_create_would(arguments: tuple[str, str], words: str) -> None:
    slug = told(*CREATE)["slug"]
    result = run("edit", slug, *arguments)
    assert result.exit_code != 0
    assert words in result.output
