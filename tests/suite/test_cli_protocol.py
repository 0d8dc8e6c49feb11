"""`parvis app`: finer settings of a sign-in, and tokens for programs that register by themselves."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone
from joserfc.jwk import ECKey

from parvis.oidc.actions.registrations import USUAL_SCOPES
from parvis.oidc.models import Client, InitialAccessToken, SigningKey
from parvis.suite.cli import commands
from parvis.suite.models import Application

pytestmark = pytest.mark.django_db
CREATE = ("create", "--name", "Écrits", "--redirect-uri", "https://ecrits.example.org/callback/")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(commands[0], [*arguments, "--json"])


def test_an_application_with_encryption_and_identifiers_by_sector(tmp_path: Any) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}))
    options = ("--id-token-alg", "EdDSA", "--id-token-encryption-alg", "ECDH-ES", "--jwks", str(keys))
    more = ("--subject-type", "pairwise", "--default-max-age", "0", "--access-token-alg", "PS256")
    printed = run(*CREATE, *options, *more)
    assert printed.exit_code == 0, printed.output
    client = Client.objects.get()
    assert (client.id_token_alg, client.id_token_encryption_alg) == ("EdDSA", "ECDH-ES")
    assert (client.subject_type, client.sector_identifier) == ("pairwise", "ecrits.example.org")
    assert client.default_max_age == 0
    assert {"EdDSA", "PS256"} <= set(SigningKey.objects.values_list("alg", flat=True))


def test_a_resource_server_that_reads_tokens_by_itself() -> None:
    address = ("--resource-server", "--resource", "https://api.example.org/", "--reads-access-tokens")
    assert run(*CREATE, *address).exit_code == 0
    assert Client.objects.get().reads_access_tokens
    refused = run(*CREATE, "--resource-server", "--reads-access-tokens")
    assert refused.exit_code
    assert "for one of them" in refused.output


def test_settings_are_changed_later() -> None:
    client_id = json.loads(run(*CREATE).stdout)["client_id"]
    changed = run(
        "edit", client_id, "--subject-type", "pairwise", "--initiate-login-uri", "https://ecrits.example.org/go"
    )
    assert changed.exit_code == 0, changed.output
    client = Client.objects.get()
    assert (client.subject_type, client.initiate_login_uri) == ("pairwise", "https://ecrits.example.org/go")


def test_an_application_of_devices_needs_no_redirect_uri() -> None:
    printed = run("create", "--name", "Screen", "--type", "public", "--grant-type", "device_code")
    assert printed.exit_code == 0, printed.output
    assert Client.objects.get().grant_types == ["urn:ietf:params:oauth:grant-type:device_code"]
    assert Application.objects.get().audience == "network", "people sign in to it"


def test_encryption_without_a_key_is_refused() -> None:
    printed = run(*CREATE, "--id-token-encryption-alg", "ECDH-ES")
    assert printed.exit_code == 1
    assert "jwks: Give its public keys, or their address." in printed.output


def test_a_token_is_printed_once() -> None:
    printed = run("registration-token", "--name", "A team", "--uses", "3", "--days", "2")
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    token = InitialAccessToken.objects.get()
    assert (token.name, token.uses_left, token.scopes) == ("A team", 3, list(USUAL_SCOPES))
    assert timedelta(days=1) < token.expires_at - timezone.now() < timedelta(days=3)
    assert told["registration_endpoint"].endswith("/oidc/register")
    assert told["registration_token"] not in token.digest
    plain = CliRunner().invoke(commands[0], ["registration-token", "--name", "B", "--scope", "openid email"])
    assert "registration_token: pi_" in plain.output


def test_an_unknown_scope_is_refused() -> None:
    refused = run("registration-token", "--name", "A team", "--scope", "everything")
    assert refused.exit_code == 2
    assert not InitialAccessToken.objects.exists()
