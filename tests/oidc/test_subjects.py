"""Identifiers of people: the same everywhere, or another in each sector (OpenID Connect Core 1.0, section 8)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from parvis.directory.models import User
from parvis.oidc import clients, subjects
from parvis.oidc.models import Client
from tests.factories.oidc import LOGGED_OUT_URI, Application, answer_of, make_client, read_jwt
from tests.oidc.test_introspection import ask


def pairwise(sector: str = "app.example.org", **changes: Any) -> Client:
    """Return an application of a sector."""
    return make_client(subject_type="pairwise", sector_identifier=sector, **changes)


@pytest.fixture
def hidden(signing_keys: None, person: User) -> Application:
    """An application with pairwise identifiers, in a browser where the person is signed in."""
    return Application(pairwise()).sign_in_as(person)


def subject_in(application: Application) -> str:
    """Return the `sub` of the ID token of a sign-in."""
    return str(read_jwt(application.tokens()["id_token"])[1]["sub"])


def test_core_8_the_same_person_in_two_sectors(hidden: Application, person: User) -> None:
    elsewhere = Application(pairwise("other.example.org"), hidden.browser)
    first, second = subject_in(hidden), subject_in(elsewhere)
    assert len({first, second, str(person.pk)}) == 3
    assert first == subject_in(hidden), "the same again"
    beside = Application(pairwise(), hidden.browser)
    assert subject_in(beside) == first, "one sector, one identifier"


def test_core_8_1_two_people_never_share_one_and_it_reads_back(hidden: Application) -> None:
    client = clients.registered(hidden.client)
    people = [uuid4() for _ in range(200)]
    named = [subjects.subject_of(client, user_id) for user_id in people]
    assert len(set(named)) == len(people)
    assert [subjects.person_of(client, name) for name in named] == people
    assert [subjects.session_of(client, subjects.sid_of(client, sid)) for sid in people] == people
    assert subjects.person_of(client, "nonsense") is None


def test_public_identifiers_are_those_of_accounts(app: Application, person: User) -> None:
    client = clients.registered(app.client)
    assert subjects.subject_of(client, person.pk) == subject_in(app) == str(person.pk)
    assert subjects.person_of(client, str(person.pk)) == person.pk
    assert subjects.person_of(client, str(person.pk).upper()) is None


def test_core_5_3_2_userinfo_and_uid_say_the_same_and_no_more(hidden: Application, person: User) -> None:
    tokens = hidden.tokens(scope="openid uid profile email")
    told = hidden.userinfo(tokens["access_token"]).json()
    assert told["sub"] == told["uid"] == read_jwt(tokens["id_token"])[1]["sub"]
    assert str(person.pk) not in json.dumps(told)


def test_the_session_is_named_anew_for_each_application(hidden: Application) -> None:
    tokens = hidden.tokens()
    sid = tokens["sid"]
    assert sid == read_jwt(tokens["id_token"])[1]["sid"]
    assert sid != str(hidden.session.sid)
    assert subjects.session_of(clients.registered(hidden.client), sid) == hidden.session.sid
    assert Application(pairwise(), hidden.browser).tokens()["sid"] != sid


def test_introspection_tells_a_resource_server_its_own_name_of_the_person(hidden: Application, person: User) -> None:
    token = hidden.tokens(scope="openid groups")["access_token"]
    server = pairwise("data.example.org", is_resource_server=True, scopes=["openid", "groups"])
    own = subjects.subject_of(clients.registered(server), person.pk)
    assert ask(server, token).json()["sub"] == own
    assert ask(hidden.client, token).json()["sub"] == subject_in(hidden) != own


def test_an_id_token_hint_names_the_person_in_the_words_of_the_application(hidden: Application, person: User) -> None:
    hint = hidden.tokens()["id_token"]
    assert "code" in answer_of(hidden.authorize(id_token_hint=hint, prompt="none"))
    hidden.sign_in_as(User.objects.create(given_name="Sam"))
    assert answer_of(hidden.authorize(id_token_hint=hint, prompt="none"))["error"] == "login_required"


def test_signing_out_with_a_pairwise_id_token(hidden: Application) -> None:
    fields = {"id_token_hint": hidden.tokens()["id_token"], "post_logout_redirect_uri": LOGGED_OUT_URI}
    assert hidden.browser.get("/oidc/logout", fields).headers["Location"] == LOGGED_OUT_URI
    assert answer_of(hidden.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize("member", ["id_token", "userinfo"])
@pytest.mark.parametrize("kind", ["public", "pairwise"])
def test_core_5_5_1_a_subject_asked_for_by_value_is_answered_or_nobody(
    signing_keys: None, person: User, kind: str, member: str
) -> None:
    app = Application(pairwise() if kind == "pairwise" else make_client()).sign_in_as(person)
    subject = subject_in(app)

    def asked(value: str) -> dict[str, str]:
        return answer_of(app.authorize(claims=json.dumps({member: {"sub": {"value": value}}}), prompt="none"))

    assert "code" in asked(subject)
    assert asked(str(UUID(int=1)))["error"] == "login_required"
    assert asked("somebody")["error"] == "login_required"
    app.sign_in_as(User.objects.create(given_name="Sam"))
    assert asked(subject)["error"] == "login_required"


def test_the_secret_of_identifiers_outlives_that_of_keys(hidden: Application, person: User, settings: Any) -> None:
    client = clients.registered(hidden.client)
    before = subjects.subject_of(client, person.pk)
    former = settings.KEY_SECRET or settings.SECRET_KEY
    settings.KEY_SECRET = "another, because the former got out"
    assert subjects.subject_of(client, person.pk) != before
    settings.SUBJECT_SECRET = former
    assert subjects.subject_of(client, person.pk) == before


def test_registration_2_default_max_age(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(default_max_age=600)
    clients.forget()
    assert "code" in answer_of(app.authorize(prompt="none"))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert answer_of(app.authorize(prompt="none"))["error"] == "login_required"
        assert "code" in answer_of(app.authorize(prompt="none", max_age="6000"))
