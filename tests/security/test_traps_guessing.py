"""Traps of guessing and of second factors: who exists, who can be locked out, what a mail alone may do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.accounts import cli, devices
from parvis.accounts.models import EmailChallenge, Session, Totp
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import Email, User
from parvis.mail.models import Message
from parvis.web import cookies
from tests.accounts.steps import (
    age_proofs,
    ask,
    demand_in,
    give,
    last_code,
    person_with_totp,
    session_of,
    sign_in,
    wrong,
)
from tests.accounts.test_rates import at
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
Parallel = Callable[[Callable[[], Any], int], list[Any]]


# --- 31: enumeration and lock-out ------------------------------------------------
class Trace:
    """What a stranger can compare: the answer, its page, its statements, its mails."""

    def __init__(self, address: str, **client: Any) -> None:
        browser = Client(**client)
        mails = Message.objects.count()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(browser, address)
        with CaptureQueriesContext(connection) as shown:
            page = browser.get(answer.headers["Location"])
        with CaptureQueriesContext(connection) as refused:
            wrong = give(browser, "00000000")
        self.statements = [len(asked), len(shown), len(refused)]
        self.kinds = [[query["sql"].split()[0] for query in part.captured_queries] for part in (asked, shown, refused)]
        self.statuses = [answer.status_code, page.status_code, wrong.status_code]
        self.headers = [set(answer.headers), set(page.headers), set(wrong.headers)]
        self.shapes = [shape(page.text, address), shape(wrong.text, address)]
        self.mails = Message.objects.count() - mails
        message = Message.objects.latest("created_at")
        self.mail = (message.subject, message.language, re.sub(r"\d", "0", message.text))


def shape(text: str, address: str) -> str:
    """Return a page without what changes from one request to the next."""
    text = text.replace(address, "ADDRESS")
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|data-csrf=)"\w+"', "TOKEN", text)
    return re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "ID", text)


def test_trap_31_known_unknown_suspended_and_protected_people_look_the_same() -> None:
    """Known, unknown, suspended and protected people get one answer, one page, one mail and as many statements."""
    make_person("known@example.org")
    person_with_totp("totp0@example.org")
    make_person("gone0@example.org", state="suspended")
    mallory = make_person("mallory@example.org")
    Email.objects.create(user=mallory, address="maybe@example.org")
    addresses = ["known", "totp0", "gone0", "maybe", "nobod"]
    traces = [Trace(f"{name}@example.org", REMOTE_ADDR=f"192.0.2.{at}") for at, name in enumerate(addresses)]
    assert traces[0].statuses == [302, 200, 422]
    assert traces[0].mails == 1
    for trace in traces[1:]:
        for name, value in vars(trace).items():
            assert value == getattr(traces[0], name), name


def test_trap_31_a_browser_that_others_use_tells_nothing_about_strangers(client: Client) -> None:
    """A browser that has been used before is no oracle about the addresses of others."""
    make_person("known@example.org")
    mallory = make_person("mallory@example.org")
    token, _is_new = devices.remember(mallory, "")
    traces = []
    for address in ("known@example.org", "nobod@example.org"):
        browser = Client()
        browser.cookies[cookies.name("device")] = token
        with CaptureQueriesContext(connection) as queries:
            answer = ask(browser, address)
        traces.append((answer.status_code, len(queries)))
    assert traces[0] == traces[1]


def test_trap_31_twenty_wrong_codes_at_once_are_five_tries(in_parallel: Parallel) -> None:
    """CVE-2026-19607: tries that run in parallel are counted one by one."""
    make_person()
    client = Client()
    ask(client, "ada@example.org")
    code = last_code()
    cookie = {name: morsel.value for name, morsel in client.cookies.items()}

    def guess() -> int:
        browser = Client()
        browser.cookies.load(cookie)
        return int(give(browser, wrong(code)).status_code)

    assert in_parallel(guess, 20) == [422] * 20
    assert EmailChallenge.objects.get().tries == 5
    assert give(client, code).status_code == 422
    assert not Session.objects.filter(user__isnull=False).exists()


def test_trap_31_nobody_locks_a_known_browser_out() -> None:
    """A limit that anybody can use up for somebody else is a way to lock them out: their own browser has its own."""
    make_person()
    mine = at(1)
    sign_in(mine)
    mine.post(reverse("accounts:sign-out"))
    statuses = [ask(at(10 + number % 100), "ada@example.org").status_code for number in range(20)]
    assert statuses[-1] == 429
    assert ask(at(200), "ada@example.org").status_code == 429
    assert sign_in(mine).status_code == 302


# --- 32: recovery and second factors ---------------------------------------------------------------------------------
def test_trap_32_a_mail_alone_does_not_open_a_protected_account(client: Client) -> None:
    """A mailbox that was taken over does not open an account that has a second factor."""
    user, _app = person_with_totp()
    sign_in(client)
    for page in ("/account/", "/account/emails/add/", "/confirm/", "/console/"):
        assert client.get(page).status_code == 302
    assert not Session.objects.filter(user=user).exists()
    sign_in(client)
    assert not Session.objects.filter(user=user).exists()


def test_trap_32_a_second_mail_is_not_a_second_factor(client: Client) -> None:
    """A second code in the same mailbox proves nothing that the first did not."""
    user = make_person()
    sign_in(client)
    age_proofs(client, 1000)
    asked = client.get(reverse("accounts:email-add")).headers["Location"]
    client.post(reverse("accounts:confirm-code") + "?" + asked.partition("?")[2])
    client.post(asked, {"code": last_code()})
    assert session_of(user).amr == ["mail"]


def test_trap_32_a_protected_person_cannot_confirm_by_mail(client: Client) -> None:
    """What asks for two factors is never confirmed by a mail."""
    user, _app = person_with_totp()
    client.force_login(user)
    age_proofs(client, 1000)
    asked = client.get(reverse("accounts:totp-remove")).headers["Location"]
    assert demand_in(asked).mfa
    client.post(reverse("accounts:confirm-code") + "?" + asked.partition("?")[2])
    assert not Message.objects.exists()
    assert client.post(asked, {"code": "12345678"}).status_code == 422


def test_trap_32_a_fresh_mail_is_not_enough_to_remove_the_last_factor(client: Client) -> None:
    """Removing the last factor needs that factor."""
    user, _app = person_with_totp()
    client.force_login(user)
    answer = client.post(reverse("accounts:totp-remove"))
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    assert Totp.objects.filter(user=user).exists()


def test_trap_32_a_reset_of_factors_is_told_and_recorded() -> None:
    """An operator who takes a person’s factors away is seen doing it: by the person, and in the journal."""
    user, _app = person_with_totp()
    done = CliRunner().invoke(cli.accounts, ["reset-factors", "ada@example.org", "--yes"])
    assert done.exit_code == 0
    assert not hasattr(User.objects.get(pk=user.pk), "totp")
    assert Message.objects.filter(template="accounts/mail/factors-reset", to="ada@example.org").exists()
    assert Event.objects.filter(tag=Tag.FACTORS_RESET, person_id=user.pk).exists()
    assert CliRunner().invoke(cli.accounts, ["reset-factors", "x@example.org", "--yes"]).exit_code == 1
