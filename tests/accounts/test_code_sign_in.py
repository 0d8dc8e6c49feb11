"""Signing in by an address and a code that is sent to it."""

import re

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.accounts.forms import AddressForm, CodeForm, FactorForm
from parvis.accounts.models import EmailChallenge, Session
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import Email, EmailDomain, Organization, User
from parvis.mail.models import Message
from tests.accounts.steps import ask, give, last_code, session_of, sign_in, wrong
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def organization_with_domain(domain: str = "culture.gouv.fr") -> Organization:
    organization: Organization = Organization.objects.create(name="Ministère de la Culture", slug="culture")
    EmailDomain.objects.create(organization=organization, domain=domain, proof="operator", verified_at=timezone.now())
    return organization


def test_a_person_signs_in_with_the_code_sent_to_their_address(client: Client) -> None:
    person = make_person("ada@example.org")
    answer = ask(client, "Ada@Example.ORG ")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:code"))
    assert "Ada@example.org" in client.get(answer.headers["Location"]).text
    answer = give(client, last_code())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    session = session_of(person)
    assert session.amr == ["mail"]
    assert session.auth_time is not None
    assert client.get(reverse("accounts:overview")).status_code == 200
    assert Event.objects.filter(tag=Tag.SIGNED_IN, person_id=person.pk).count() == 1


def test_the_code_is_written_to_the_address_in_the_language_of_the_page(client: Client) -> None:
    client.post(reverse("accounts:sign-in"), {"email": "ada@example.org"}, headers={"accept-language": "fr"})
    message = Message.objects.get()
    assert (message.to, message.language) == ("ada@example.org", "fr")


@pytest.mark.parametrize("shape", ["{a} {b}", " {a}-{b}\n", "{a}\u00a0{b}", "{a}\u202f{b} ", "{a}.{b}"])
def test_a_pasted_code_may_hold_blanks_and_dashes(client: Client, shape: str) -> None:
    make_person()
    ask(client, "ada@example.org")
    code = last_code()
    assert give(client, shape.format(a=code[:4], b=code[4:])).status_code == 302


def test_a_code_works_once(client: Client) -> None:
    make_person()
    ask(client, "ada@example.org")
    code = last_code()
    challenge = client.session["sign_in"]
    assert give(client, code).status_code == 302
    other = Client()
    ask(other, "other@example.org")
    session = other.session
    session["sign_in"] = challenge
    session.save()
    assert "no longer works" in give(other, code).text


def test_a_code_ends_after_ten_minutes(client: Client) -> None:
    make_person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, "ada@example.org")
        clock.shift(601)
        answer = give(client, last_code())
    assert answer.status_code == 422
    assert "no longer works" in answer.text


def test_a_code_is_worth_nothing_after_five_tries(client: Client) -> None:
    make_person()
    ask(client, "ada@example.org")
    code = last_code()
    said = [give(client, wrong(code)).text for _try in range(5)]
    assert "4 more times" in said[0]
    assert "1 more time." in said[3]
    assert "no longer works" in said[4]
    assert "no longer works" in give(client, code).text
    assert not Session.objects.filter(user__isnull=False).exists()


def test_what_is_not_a_code_is_no_try(client: Client) -> None:
    ask(client, "ada@example.org")
    assert "8 digits" in give(client, "1234").text
    assert EmailChallenge.objects.get().tries == 0


def test_a_new_code_replaces_the_old_one(client: Client) -> None:
    make_person()
    ask(client, "ada@example.org")
    old = last_code()
    ask(client, "ada@example.org")
    assert give(client, old).status_code == (302 if old == last_code() else 422)
    assert EmailChallenge.objects.count() == 1


def test_another_code_is_sent_but_not_at_once(client: Client) -> None:
    make_person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, "ada@example.org")
        answer = client.post(reverse("accounts:code-resend"))
        assert "30 seconds" in str(next(iter(get_messages(answer.wsgi_request))))
        assert Message.objects.count() == 1
        clock.shift(31)
        client.post(reverse("accounts:code-resend"))
    assert Message.objects.count() == 2
    assert give(client, last_code()).status_code == 302


def test_a_code_works_only_in_the_browser_that_asked_for_it(client: Client) -> None:
    make_person()
    ask(client, "ada@example.org")
    other = Client()
    answer = give(other, last_code())
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:sign-in"))
    ask(other, "other@example.org")
    code = last_code("ada@example.org")
    assert code == last_code("other@example.org") or give(other, code).status_code == 422


def test_a_code_for_one_purpose_is_worth_nothing_for_another(client: Client) -> None:
    user = make_person()
    client.force_login(user)
    client.post(reverse("accounts:confirm-code"))
    challenge = client.session["confirm"]
    code = last_code()
    visitor = Client()
    ask(visitor, "ada@example.org")
    session = visitor.session
    session["sign_in"] |= challenge
    session.save()
    assert give(visitor, code).status_code == 422


def test_a_new_person_creates_an_account(client: Client) -> None:
    ask(client, "new@example.org")
    answer = give(client, last_code())
    assert answer.headers["Location"] == reverse("accounts:new-account")
    assert client.get(answer.headers["Location"]).status_code == 200
    client.post(answer.headers["Location"], {"given_name": " Grace\t", "family_name": "Hopper", "language": "fr"})
    user = User.objects.get(given_name="Grace")
    assert user.language == "fr"
    holder = Email.objects.holder_of("new@example.org")
    assert holder is not None
    assert (holder.user, holder.is_primary) == (user, True)
    assert client.get(reverse("accounts:overview")).status_code == 200
    assert not Message.objects.filter(template="accounts/mail/new-device").exists()


def test_the_domain_of_a_new_person_joins_them_to_its_organization(client: Client) -> None:
    organization = organization_with_domain()
    ask(client, "new@culture.gouv.fr")
    assert "Ministère de la Culture" in client.get(reverse("accounts:code")).text
    answer = give(client, last_code())
    assert "Ministère de la Culture" in client.get(answer.headers["Location"]).text
    client.post(answer.headers["Location"], {"given_name": "Grace", "language": "en"})
    user = User.objects.get(given_name="Grace")
    assert [place.organization for place in user.organization_memberships.current()] == [organization]


def test_an_unconfirmed_address_signs_nobody_in(client: Client) -> None:
    mallory = make_person("mallory@example.org")
    Email.objects.create(user=mallory, address="victim@example.org")
    ask(client, "victim@example.org")
    assert give(client, last_code()).headers["Location"] == reverse("accounts:new-account")


def test_a_suspended_person_learns_it_after_proving_the_mailbox(client: Client) -> None:
    user = make_person(state=User.State.SUSPENDED)
    assert ask(client, "ada@example.org").headers["Location"] == reverse("accounts:code")
    answer = give(client, last_code())
    assert answer.status_code == 403
    assert "suspended" in answer.text
    assert not Session.objects.filter(user=user).exists()


def test_two_requests_that_create_the_same_account_make_one(client: Client) -> None:
    ask(client, "new@example.org")
    page = give(client, last_code()).headers["Location"]
    make_person("new@example.org", given_name="First")
    assert client.post(page, {"given_name": "Second", "language": "en"}).status_code == 302
    assert User.objects.count() == 1
    assert Session.objects.filter(user__given_name="First").exists()


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client) -> None:
    make_person()
    assert sign_in(client, query="?next=/account/sessions/").headers["Location"] == "/account/sessions/"
    assert client.get(reverse("accounts:sign-in") + "?next=/account/").headers["Location"] == "/account/"


def test_a_way_to_an_application_leaves_by_a_page_and_not_by_a_redirect(client: Client) -> None:
    make_person()
    answer = sign_in(client, query="?next=/oidc/authorize%3Fclient_id%3Da%26scope%3Dopenid")
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/oidc/authorize?client_id=a&amp;scope=openid">' in answer.text


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: y", "evil"],
)
def test_a_foreign_destination_is_dropped(client: Client, next_page: str) -> None:
    make_person()
    ask(client, "ada@example.org", f"?next={next_page}")
    answer = give(client, last_code(), f"?next={next_page}")
    assert answer.headers["Location"] == "/"


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(client: Client) -> None:
    make_person()
    sign_in(client)
    assert Message.objects.filter(template="accounts/mail/new-device").count() == 1
    client.post(reverse("accounts:sign-out"))
    sign_in(client)
    assert Message.objects.filter(template="accounts/mail/new-device").count() == 1


def test_signing_out_ends_the_session_and_only_by_post(client: Client) -> None:
    user = make_person()
    sign_in(client)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    assert Session.objects.filter(user=user).exists()
    client.post(reverse("accounts:sign-out"))
    assert not Session.objects.filter(user=user).exists()
    assert client.get(reverse("accounts:overview")).status_code == 302


@pytest.mark.parametrize("address", ["", "ada", "ada@", "@example.org", f"{'a' * 300}@example.org", "a b@example.org"])
def test_what_is_not_an_address_is_refused_with_words(client: Client, address: str) -> None:
    answer = ask(client, address)
    assert answer.status_code == 422
    assert Message.objects.count() == 0


@pytest.mark.parametrize("name", ["sign-in", "code", "new-account", "second-factor"])
def test_pages_of_the_sign_in_are_public_and_write_nothing(name: str) -> None:
    client = Client()
    assert client.get(reverse(f"accounts:{name}")).status_code in {200, 302}
    assert client.head(reverse(f"accounts:{name}")).status_code in {200, 302}
    assert client.put(reverse(f"accounts:{name}")).status_code == 405
    assert Session.objects.count() == 0


@given(st.text(max_size=200))
def test_the_forms_of_codes_answer_whatever_is_typed(text: str) -> None:
    form = CodeForm({"code": text})
    if form.is_valid():
        assert re.fullmatch("[0-9]{8}", form.cleaned_data["code"])
    factor = FactorForm({"code": text})
    if factor.is_valid():
        assert re.fullmatch("[0-9]{6}|[a-z0-9]{12}", factor.cleaned_data["code"])


@given(st.one_of(st.text(max_size=300), st.emails()))
def test_the_form_of_the_address_answers_whatever_is_typed(text: str) -> None:
    form = AddressForm({"email": text})
    if form.is_valid():
        assert "@" in form.cleaned_data["email"]
        assert "\n" not in form.cleaned_data["email"]
