"""Counters: exact in parallel, told in words, and never a way to lock somebody else out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts import rates
from parvis.accounts.actions import codes, factors
from parvis.accounts.models import EmailChallenge, RateCounter, Session
from parvis.accounts.rates import Limit
from parvis.mail.models import Message
from parvis.web.exceptions import TooManyRequestsError
from tests.accounts.authenticator import Authenticator
from tests.accounts.steps import ask, give, last_code, person_with_totp, sign_in
from tests.accounts.test_passkeys import add, use
from tests.factories.accounts import make_person

Parallel = Callable[[Callable[[], Any], int], list[Any]]
THREE = Limit("test", 3, timedelta(minutes=10))


def at(number: int) -> Client:
    """Return a browser somewhere else."""
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


@pytest.mark.django_db
def test_a_window_starts_with_the_first_try_and_does_not_slide() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(3):
            rates.spend([(THREE, ("ada",))])
            clock.shift(60)
        with pytest.raises(TooManyRequestsError) as refused:
            rates.spend([(THREE, ("ada",))])
        assert refused.value.retry_after == 421
        rates.spend([(THREE, ("bob",))])
        clock.shift(421)
        rates.spend([(THREE, ("ada",))])


@pytest.mark.django_db
def test_a_counter_keeps_no_address() -> None:
    rates.spend([(THREE, ("ada@example.org",))])
    key = RateCounter.objects.get().pk
    assert len(key) == 64
    assert "ada" not in key


@pytest.mark.django_db
def test_who_is_refused_by_their_own_counter_does_not_use_up_the_wider_one() -> None:
    wide = Limit("wide", 100, timedelta(minutes=10))
    for _try in range(10):
        try:
            rates.spend([(THREE, ("client",)), (wide, ())])
        except TooManyRequestsError:
            continue
    assert rates.hit(wide)[0] == 4


def test_parallel_tries_are_all_counted(in_parallel: Parallel) -> None:
    def attempt() -> bool:
        try:
            rates.spend([(THREE, ("ada",))])
        except TooManyRequestsError:
            return False
        return True

    assert sum(in_parallel(attempt, 20)) == 3
    assert RateCounter.objects.get().count == 20


def test_twenty_right_codes_at_once_are_accepted_once(in_parallel: Parallel) -> None:
    user = make_person()
    client = Client()
    ask(client, "ada@example.org")
    code = last_code()
    challenge = EmailChallenge.objects.get()

    def answer() -> bool:
        try:
            codes.answer_code(challenge_id=str(challenge.pk), purpose=EmailChallenge.Purpose.SIGN_IN, code=code)
        except codes.CodeError:
            return False
        return True

    assert sum(in_parallel(answer, 20)) == 1
    assert user.sessions.count() == 0


def test_twenty_double_submits_of_a_code_break_nothing(in_parallel: Parallel) -> None:
    user = make_person()
    client = Client()
    ask(client, "ada@example.org")
    code = last_code()
    cookie = {name: morsel.value for name, morsel in client.cookies.items()}

    def submit() -> int:
        browser = Client(raise_request_exception=False)
        browser.cookies.load(cookie)
        return int(give(browser, code).status_code)

    statuses = in_parallel(submit, 8)
    assert statuses.count(302) >= 1
    assert set(statuses) <= {302, 422}
    assert Session.objects.filter(user=user).count() == 1


def test_an_app_s_code_is_accepted_once_in_parallel(in_parallel: Parallel) -> None:
    user, app = person_with_totp()
    code = app.now()
    assert sum(in_parallel(lambda: factors.use_totp(user=user, code=code), 20)) == 1


def test_a_recovery_code_is_accepted_once_in_parallel(in_parallel: Parallel) -> None:
    user, _app = person_with_totp()
    code = factors.make_recovery_codes(user=user)[0]
    assert sum(in_parallel(lambda: factors.use_recovery_code(user=user, code=code), 10)) == 1


def test_eight_writers_sign_in_at_once(in_parallel: Parallel) -> None:
    make_person()

    def journey() -> int:
        browser = Client()
        browser.post(reverse("accounts:sign-in"), {"email": f"p{id(browser)}@example.org"})
        return int(browser.get(reverse("accounts:code")).status_code)

    assert in_parallel(journey, 8) == [200] * 8
    assert Message.objects.count() == 8


@pytest.mark.django_db
def test_the_answer_says_when_to_try_again() -> None:
    client = Client()
    for _try in range(6):
        assert ask(client, "ada@example.org").status_code == 302
    answer = ask(client, "ada@example.org")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "try again at" in answer.text
    assert Message.objects.count() == 6


@pytest.mark.django_db
def test_somebody_s_known_browser_has_no_privilege_for_another_address() -> None:
    make_person()
    mine = at(1)
    sign_in(mine)
    mine.post(reverse("accounts:sign-out"))
    for number in range(15):
        ask(at(10 + number), "bob@example.org")
    assert ask(mine, "bob@example.org").status_code == 429


@pytest.mark.django_db
def test_passkeys_are_not_touched_by_the_counters_of_an_address() -> None:
    user, authenticator = make_person(), Authenticator()
    client = at(1)
    client.force_login(user)
    add(client, authenticator)
    for number in range(20):
        ask(at(10 + number), "ada@example.org")
    elsewhere = at(250)
    assert ask(elsewhere, "ada@example.org").status_code == 429
    assert use(elsewhere, authenticator).status_code == 200


@pytest.mark.django_db
def test_one_client_cannot_write_to_the_whole_world() -> None:
    client = Client()
    statuses = [ask(client, f"person{number}@example.org").status_code for number in range(101)]
    assert statuses[:100] == [302] * 100
    assert statuses[100] == 429
