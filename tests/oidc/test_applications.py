"""The page of applications with access, and what sessions, accounts and personal data have to do with grants."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.accounts.actions.signing_in import end_sessions
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import registry as directory
from parvis.directory.export import everything_about
from parvis.directory.models import User
from parvis.oidc import registry
from parvis.oidc.actions import clients as actions
from parvis.oidc.actions import consents, grants
from parvis.oidc.models import Client, Consent, Grant, Token
from parvis.oidc.registry import Face
from tests.accounts.steps import give, last_code
from tests.factories.oidc import REDIRECT_URI, Application, answer_of, make_client

LIST = reverse("oidc:consent-list")


def test_the_page_is_for_those_who_are_signed_in(app: Application) -> None:
    assert app.browser.get(LIST).status_code == 200
    assert app.server.get(LIST).status_code == 302


def test_it_says_when_there_is_nothing(app: Application) -> None:
    assert "No application has access" in app.browser.get(LIST).content.decode()


def test_it_lists_what_is_shared_and_withdraws_it(app: Application, person: User) -> None:
    consents.give(client=app.client, user=person, scopes=["openid", "email"])
    tokens = app.tokens()
    page = app.browser.get(LIST).content.decode()
    assert app.client.name_en in page
    assert "Your main e-mail address" in page
    app.browser.post(reverse("oidc:consent-withdraw", args=[app.client.pk]))
    assert not Consent.objects.exists()
    assert app.userinfo(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
    event = Event.objects.get(tag=Tag.CONSENT_WITHDRAWN)
    assert (event.by_id, event.person_id, event.target_id) == (person.pk, person.pk, app.client.pk)
    assert "No application has access" in app.browser.get(LIST).content.decode()


def test_nobody_withdraws_for_somebody_else(app: Application) -> None:
    app.tokens()
    stranger = Application(app.client).sign_in_as(User.objects.create(given_name="Eve"))
    assert stranger.browser.post(reverse("oidc:consent-withdraw", args=[app.client.pk])).status_code == 404
    assert Grant.objects.live().exists()


def test_one_application_and_three_cost_the_same(app: Application, person: User, monkeypatch: Any) -> None:
    found = lambda pks: {pk: Face(owner="The bridges team") for pk in pks}  # noqa: E731 - a line is enough
    monkeypatch.setattr(registry, "faces", [found])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "The bridges team" in app.browser.get(LIST).content.decode()
        return len(queries)

    app.tokens()
    one = cost()
    for _number in range(2):
        app.client = make_client()
        consents.give(client=app.client, user=person, scopes=["openid"])
        app.tokens()
    assert cost() == one


# --- Sessions and accounts --------------------------------------------------------------------------------------------
def test_ending_a_session_ends_its_grants_and_no_others(app: Application, person: User) -> None:
    here = app.tokens()
    elsewhere = Application(app.client).sign_in_as(person)
    there = elsewhere.tokens()
    end_sessions(by=person, user_ids=[person.pk], sids=[app.session.sid])
    assert app.userinfo(here["access_token"]).status_code == 401
    assert app.refresh(here["refresh_token"]).status == 400
    assert app.userinfo(there["access_token"]).status_code == 200


def test_signing_out_everywhere_ends_every_access(app: Application, person: User) -> None:
    tokens = app.tokens()
    end_sessions(by=person, user_ids=[person.pk])
    assert app.userinfo(tokens["access_token"]).status_code == 401


def test_suspending_a_client_ends_every_access(app: Application) -> None:
    tokens = app.tokens()
    actions.update_client(client=app.client, by=None, state="suspended")
    assert app.userinfo(tokens["access_token"]).status_code == 401
    actions.update_client(client=app.client, by=None, state="active")
    assert app.userinfo(tokens["access_token"]).status_code == 401


def test_an_operator_ends_an_access(app: Application, person: User) -> None:
    tokens = app.tokens()
    assert grants.end(ids=[Grant.objects.get().pk], by=person) == 1
    assert app.userinfo(tokens["access_token"]).status_code == 401
    assert Event.objects.filter(tag=Tag.GRANT_REVOKED, by_id=person.pk).exists()


def test_the_download_of_personal_data_holds_consents_and_sign_ins_but_no_token(app: Application, person: User) -> None:
    consents.give(client=app.client, user=person, scopes=["openid"])
    tokens = app.tokens()
    section = everything_about(person)["oidc"]
    assert section["consents"][0]["application"] == app.client.name_en
    assert section["sign_ins_to_applications"][0]["scope"] == "openid email"
    assert tokens["access_token"] not in str(section)


def test_erasure_deletes_them(app: Application, person: User) -> None:
    consents.give(client=app.client, user=person, scopes=["openid"])
    app.tokens()
    for hook in directory.account_erased:
        hook([person.pk])
    assert not Consent.objects.exists()
    assert not Grant.objects.exists()
    assert not Token.objects.exists()


# --- The whole sign-in, pages included --------------------------------------------------------------------------------
def test_a_visitor_signs_in_by_mail_and_lands_in_the_application(app: Application, person: User) -> None:
    visitor = Application(app.client)
    to_sign_in = visitor.authorize().headers["Location"]
    query = "?" + to_sign_in.partition("?")[2]
    visitor.browser.post(to_sign_in, {"email": "lea.martin@example.org"})
    page = give(visitor.browser, last_code("lea.martin@example.org"), query)
    assert page.status_code == 200  # A page that leads on, because a form may not be answered by a redirect elsewhere.
    (onward,) = [part for part in page.content.decode().split('"') if part.startswith("0;url=/oidc/authorize")]
    answer = answer_of(visitor.browser.get(onward.removeprefix("0;url=").replace("&amp;", "&")))
    assert visitor.redeem(answer["code"]).status == 200


# --- Registering ------------------------------------------------------------------------------------------------------
def test_an_application_is_registered_with_a_secret_shown_once(db: None) -> None:
    client, secret = actions.create_client(by=None, name_fr="A", name_en="A", redirect_uris=[REDIRECT_URI])
    assert secret.startswith("ps_")
    assert client.scopes[0] == "openid"
    assert Event.objects.get(tag=Tag.CLIENT_CREATED).data["client_id"] == client.client_id


def test_a_public_application_has_no_secret(db: None) -> None:
    client, secret = actions.create_client(
        by=None, name_fr="A", name_en="A", redirect_uris=["org.example.app:/done"], type="public"
    )
    assert secret == ""
    assert client.token_endpoint_auth_method == "none"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"post_logout_redirect_uris": ["https://*.example.org/"]},
        {"backchannel_logout_uri": "http://app.example.org/"},
        {"scopes": ["openid", "everything"]},
        {"id_token_alg": "none"},
        {"userinfo_alg": "HS256"},
        {"token_endpoint_auth_method": "none"},
        {"name_en": ""},
    ],
)
def test_settings_that_make_no_sense_are_refused(app: Application, changes: dict[str, Any]) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        actions.update_client(client=app.client, by=None, **changes)
    assert Client.objects.get().redirect_uris == [REDIRECT_URI]


def test_the_former_secrets_can_be_ended_at_once(app: Application) -> None:
    new = actions.rotate_secret(client=app.client, by=None)
    assert actions.revoke_former_secrets(client=app.client, by=None) == 1
    assert app.redeem(app.code()).body["error"] == "invalid_client"
    assert app.redeem(app.code(), client_secret=new).status == 200


def test_operators_look_after_applications_in_the_console(app: Application, person: User) -> None:
    from parvis.oidc.admin import ClientForm

    data = {
        "name_fr": "Carnet",
        "name_en": "Notebook",
        "redirect_uris": '["https://app.example.org/new"]',
        "post_logout_redirect_uris": "[]",
        "backchannel_logout_uri": "",
        "token_endpoint_auth_method": "client_secret",
        "id_token_alg": "ES256",
        "userinfo_alg": "none",
        "scopes": '["openid"]',
        "grant_types": '["authorization_code", "refresh_token"]',
        "access_token_alg": "ES256",
        "introspection_alg": "ES256",
        "resources": "",
        "subject_type": "public",
        "state": "active",
    }
    assert ClientForm(data, instance=app.client).is_valid()
    refused = ClientForm(data | {"redirect_uris": '["http://app.example.org/"]'}, instance=app.client)
    assert "redirect_uris" in refused.errors


def test_the_journal_names_applications_in_the_reader_s_language(app: Application) -> None:
    from parvis.audit.registry import resolvers

    assert resolvers["oidc.client"]([app.client.pk])[app.client.pk].name == app.client.name_en
