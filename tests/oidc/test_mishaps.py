"""What developers read when their application is refused: what came, why, and nothing of anybody."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from parvis.oidc import mishaps, tasks
from parvis.oidc.differences import nearest
from parvis.oidc.models import ClientDay, Mishap
from tests.factories.oidc import REDIRECT_URI, Application, secret_of


@pytest.fixture(autouse=True)
def forget() -> None:
    mishaps._noted.clear()
    mishaps._last.clear()


def kept(app: Application) -> list[tuple[str, str]]:
    return [(one.endpoint, one.code) for one in Mishap.objects.filter(client=app.client)]


def test_an_unregistered_address_is_kept_to_the_character(app: Application) -> None:
    wrong = REDIRECT_URI.rstrip("/")
    assert app.authorize(redirect_uri=wrong).status_code == 400
    mishap = Mishap.objects.get()
    assert (mishap.endpoint, mishap.code) == ("authorize", "invalid_redirect_uri")
    assert mishap.received["redirect_uri"] == wrong
    assert ClientDay.objects.get(client=app.client).refusals == 1


def test_a_request_that_needs_a_page_is_kept_once(app: Application) -> None:
    app.authorize(redirect_uri="https://elsewhere.example.org/")
    app.browser.get("/oidc/authorize", app.query(redirect_uri="https://elsewhere.example.org/"))
    assert len(kept(app)) == 1


def test_refusals_of_the_token_endpoint_are_kept_without_secrets(app: Application) -> None:
    code = app.code()
    app.redeem(code, client_secret="wrong-secret-0123")
    app.redeem(code, redirect_uri="https://other.example.org/")
    assert kept(app) == [("token", "invalid_grant"), ("token", "invalid_client")]
    text = str(list(Mishap.objects.values("received", "description")))
    for private in (code, "wrong-secret-0123", secret_of(app.client)):
        assert private not in text
    assert Mishap.objects.first().received["authentication"] == "client_secret_post"  # type: ignore[union-attr]  # two were made


def test_what_people_answer_is_no_mishap(app: Application) -> None:
    app.browser.logout()
    app.authorize(prompt="none")
    assert kept(app) == []


def test_nobody_fills_the_table(app: Application) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(mishaps.A_MINUTE + 5):
            app.authorize(redirect_uri=f"https://elsewhere.example.org/{number}")
    assert Mishap.objects.count() == mishaps.A_MINUTE


def test_old_and_many_refusals_are_forgotten(app: Application) -> None:
    def made(number: int, **values: object) -> None:
        rows = [Mishap(client=app.client, endpoint="token", code="x", **values) for _ in range(number)]
        Mishap.objects.bulk_create(rows)

    made(3, at=timezone.now() - timedelta(days=31))
    made(2, at=timezone.now() - timedelta(days=29))
    assert tasks.purge_mishaps() == 3
    made(Mishap.MOST_KEPT + 7)
    assert tasks.purge_mishaps() == 9
    assert Mishap.objects.count() == Mishap.MOST_KEPT
    assert not Mishap.objects.filter(at__lt=timezone.now() - timedelta(days=1)).exists(), "the oldest go first"


def test_sign_ins_are_counted_by_day_and_again_without_change(app: Application) -> None:
    for _time in range(3):
        app.tokens()
    assert tasks.count_sign_ins() == 1
    tasks.count_sign_ins()
    assert list(ClientDay.objects.values_list("client_id", "sign_ins")) == [(app.client.pk, 3)]


def test_the_nearest_registered_address_comes_first_with_what_differs() -> None:
    received = "http://app.example.org/callback"
    first, second = nearest(received, ["https://other.example.org/x", "https://app.example.org/callback/"])
    assert first.registered == "https://app.example.org/callback/"
    assert [text for text, same in first.parts if not same] == ["s", "/"]
    assert second.registered == "https://other.example.org/x"


def test_a_long_change_is_not_searched_for_what_both_share() -> None:
    registered = f"{REDIRECT_URI}{'ab' * 900}?end"
    (found,) = nearest(f"{REDIRECT_URI}{'ac' * 900}?end", [registered])
    assert [same for _text, same in found.parts] == [True, False, True]
    assert "".join(text for text, _same in found.parts) == registered
