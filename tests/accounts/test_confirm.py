"""Confirming who one is: what is offered, what it changes, where it leads; and demands of applications."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.accounts import assurance, demands, destinations
from parvis.accounts.demands import Demand
from parvis.accounts.models import EmailChallenge
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.mail.models import Message
from tests.accounts.steps import (
    age_proofs,
    ask,
    demand_in,
    give,
    last_code,
    person_with_totp,
    proven_at,
    session_of,
    sign_in,
    wrong,
)
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
SENSITIVE = "/account/emails/add/"


def test_a_fresh_sign_in_is_not_asked_again(client: Client) -> None:
    make_person()
    sign_in(client)
    assert client.get(SENSITIVE).status_code == 200


def test_an_older_sign_in_is_confirmed_by_a_code(client: Client) -> None:
    user = make_person()
    client.force_login(user)
    age_proofs(client, 1000)
    before = session_of(user)
    asked = client.get(SENSITIVE)
    query = "?" + asked.headers["Location"].partition("?")[2]
    assert "Send me a code by e-mail" in client.get(asked.headers["Location"]).text
    assert Message.objects.count() == 0
    client.post(reverse("accounts:confirm-code") + query)
    assert client.post(asked.headers["Location"], {"code": wrong(last_code())}).status_code == 422
    assert client.post(asked.headers["Location"], {"code": last_code()}).headers["Location"] == SENSITIVE
    after = session_of(user)
    assert (after.sid, after.amr) == (before.sid, ["mail"])
    assert after.pk != before.pk
    assert proven_at(after) > proven_at(before)
    assert after.expire_date == before.expire_date
    assert Event.objects.filter(tag=Tag.STEPPED_UP, person_id=user.pk).count() == 1
    assert client.get(SENSITIVE).status_code == 200


def test_after_a_form_the_way_back_is_the_page_that_it_was_on(client: Client) -> None:
    client.force_login(make_person())
    age_proofs(client, 1000)
    url = reverse("accounts:totp-start")
    asked = client.post(url, headers={"referer": "http://testserver/account/sign-in-methods/"})
    assert demand_in(asked.headers["Location"]).next == "/account/sign-in-methods/"
    asked = client.post(url, headers={"referer": "https://evil.example/account/"})
    assert demand_in(asked.headers["Location"]).next == "/account/sign-in-methods/"


def test_confirming_needs_a_session(client: Client) -> None:
    for name in ("confirm", "confirm-code", "confirm-passkey", "confirm-passkey-options"):
        assert client.post(reverse(f"accounts:{name}")).headers["Location"].startswith(reverse("accounts:sign-in"))


def test_codes_of_confirmation_are_limited(client: Client) -> None:
    client.force_login(make_person())
    age_proofs(client, 1000)
    statuses = [client.post(reverse("accounts:confirm-code")).status_code for _try in range(11)]
    assert statuses == [302] * 10 + [429]


# --- Demands of applications ----------------------------------------------------------------------------------------
def test_a_demand_comes_back_as_it_was() -> None:
    demand = Demand(
        next="/oidc/authorize?x=1",
        login_hint="ada@example.org",
        reauthenticate=True,
        acr="eidas1-mfa",
        client_name="Grist",
        max_age=60,
        mfa=True,
    )
    assert demands.read(demands.sign(demand)) == demand


def test_a_forged_or_old_demand_is_nothing() -> None:
    token = demands.sign(Demand("/account/"))
    assert demands.read(token) is not None
    assert demands.read(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert demands.read("nonsense") is None
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert demands.read(token) is None


def test_an_application_is_named_and_its_hint_is_filled_in(client: Client) -> None:
    make_person()
    url = demands.url_for_sign_in(Demand("/oidc/authorize?a=b", login_hint="ada@example.org", client_name="Grist"))
    page = client.get(url)
    assert "to go on to Grist" in page.text
    assert 'value="ada@example.org"' in page.text
    query = "?" + url.partition("?")[2]
    answer = sign_in(client, query=query)
    assert 'url=/oidc/authorize?a=b"' in answer.text


def test_whoever_has_to_sign_in_again_finds_their_address_there(client: Client) -> None:
    make_person()

    def page(**wanted: Any) -> str:
        demand = Demand("/oidc/authorize?a=b", client_name="Grist", reauthenticate=True, **wanted)
        return str(client.get(demands.url_for_sign_in(demand)).text)

    assert "ada@example.org" not in page()
    sign_in(client)
    assert 'value="ada@example.org"' in page()
    assert 'value="b@example.org"' in page(login_hint="b@example.org")
    assert "ada@example.org" not in page(by_another=True)


def test_a_demand_that_is_met_is_left_at_once(client: Client) -> None:
    make_person()
    sign_in(client)
    answer = client.get(demands.url_for_sign_in(Demand("/oidc/authorize?a=b", acr="eidas0")))
    assert answer.headers["Location"] == "/oidc/authorize?a=b"


def test_reauthentication_asks_a_signed_in_person_and_keeps_their_session(client: Client) -> None:
    user = make_person()
    sign_in(client)
    before = session_of(user)
    url = demands.url_for_sign_in(Demand("/oidc/authorize?a=b", reauthenticate=True))
    query = "?" + url.partition("?")[2]
    assert client.get(url).status_code == 200
    ask(client, "ada@example.org", query)
    assert 'url=/oidc/authorize?a=b"' in give(client, last_code(), query).text
    after = session_of(user)
    assert after.sid == before.sid
    assert proven_at(after) > proven_at(before)
    assert client.get(url).headers["Location"] == "/oidc/authorize?a=b"


def test_a_proof_older_than_the_demand_does_not_answer_it(client: Client) -> None:
    make_person()
    with time_machine.travel(timezone.now(), tick=False):
        sign_in(client)
        demand = Demand("/oidc/authorize", reauthenticate=True)
        assert client.get(demands.url_for_sign_in(demand)).status_code == 200


def test_two_factors_are_asked_of_a_session_that_has_one(client: Client) -> None:
    user, app = person_with_totp()
    client.force_login(user)
    url = demands.url_for_sign_in(Demand("/oidc/authorize?a=b", acr="eidas0-mfa", client_name="Grist"))
    asked = client.get(url)
    assert asked.headers["Location"].startswith(reverse("accounts:confirm"))
    assert "Grist asks for it" in client.get(asked.headers["Location"]).text
    assert 'url=/oidc/authorize?a=b"' in client.post(asked.headers["Location"], {"code": app.now()}).text
    assert session_of(user).amr == ["mail", "otp", "mfa"]


def test_who_has_no_second_factor_is_told_to_add_one(client: Client) -> None:
    make_person()
    url = demands.url_for_sign_in(Demand("/oidc/authorize?a=b", acr="eidas1-mfa", client_name="Grist"))
    query = "?" + url.partition("?")[2]
    answer = sign_in(client, query=query)
    page = client.get(answer.headers["Location"])
    assert "Grist asks for two factors" in page.text
    assert client.post(answer.headers["Location"], {"code": "12345678"}).status_code == 200


# --- Levels ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        ([], []),
        (["mail"], ["mail"]),
        (["mail", "mail"], ["mail"]),
        (["otp", "mail"], ["mail", "otp", "mfa"]),
        (["mail", "rc"], ["mail", "rc", "mfa"]),
        (["pop"], ["pop", "mfa"]),
        (["mail", "mfa"], ["mail"]),
    ],
)
def test_methods_make_an_amr(methods: list[str], expected: list[str]) -> None:
    assert assurance.amr(methods) == expected


@pytest.mark.parametrize(
    ("reached", "demanded", "answer"),
    [
        ("eidas1", "eidas1", True),
        ("eidas1-mfa", "eidas1", True),
        ("eidas1-mfa", "eidas0-mfa", True),
        ("eidas1", "eidas0-mfa", False),
        ("eidas0-mfa", "eidas1", False),
        ("eidas2", "eidas1-mfa", True),
        ("eidas1-mfa", "eidas2", False),
        ("eidas3", "eidas2", True),
        ("eidas1", "eidas9", False),
        ("eidas9", "eidas0", False),
        ("", "", False),
    ],
)
def test_levels_are_compared_by_their_place(reached: str, demanded: str, answer: bool) -> None:
    assert assurance.satisfies(reached, demanded) is answer


def test_belonging_to_an_organization_raises_the_level() -> None:
    from parvis.directory.models import Organization, OrganizationMembership

    user = make_person()
    assert assurance.level_of(user.pk, ["mail"]) == "eidas0"
    organization = Organization.objects.create(name="Culture", slug="culture")
    place = OrganizationMembership.objects.create(organization=organization, user=user)
    assert assurance.level_of(user.pk, ["mail"]) == "eidas1"
    assert assurance.level_of(user.pk, ["pop"]) == "eidas1-mfa"
    place.ends_on = timezone.localdate() - timedelta(days=1)
    place.starts_on = place.ends_on
    place.save()
    assert assurance.level_of(user.pk, ["mail"]) == "eidas0"


# --- Destinations ---------------------------------------------------------------------------------------------------
@given(st.one_of(st.text(max_size=200), st.text("/\\:@.?#%a\t\n ", max_size=12)))
def test_a_destination_is_a_path_of_ours_or_nothing(text: str) -> None:
    found = destinations.safe(text)
    assert found in {"", text}
    if found:
        assert found[0] == "/"
        assert found[1:2] not in {"/", "\\"}
        assert "\n" not in found


def test_an_endless_destination_is_dropped() -> None:
    assert destinations.safe("/" + "a" * 9000) == ""


@given(st.text(max_size=100))
def test_any_demand_in_an_address_is_read(text: str) -> None:
    request: HttpRequest = RequestFactory().get("/sign-in/", {"demand": text, "next": "//evil"})
    assert demands.of(request).next == ""


def test_a_challenge_of_another_person_confirms_nothing(client: Client) -> None:
    ada, bob = make_person(), make_person("bob@example.org")
    client.force_login(ada)
    client.post(reverse("accounts:confirm-code"))
    EmailChallenge.objects.update(user=bob)
    age_proofs(client, 1000)
    assert client.post(reverse("accounts:confirm"), {"code": last_code()}).status_code == 422
    assert max(client.session["proofs"].values()) < time.time() - 900


def test_the_guard_of_a_sensitive_page_costs_one_statement_beside_the_session_and_the_page(
    client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(make_person())
    with django_assert_num_queries(3):
        client.post(reverse("accounts:email-make-primary", args=["00000000-0000-7000-8000-000000000000"]))
