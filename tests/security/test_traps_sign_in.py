"""Traps of the sign-in itself: how fresh and how sure it is said to be, and whose browser it happens in."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from parvis.directory.models import User
from parvis.oidc.models import Client as ClientRow
from parvis.oidc.models import Grant
from tests.accounts.steps import ask, ask_with, csrf_of, last_code, sign_in
from tests.factories.accounts import make_person
from tests.factories.oidc import Application, answer_of, make_client, read_jwt
from tests.oidc.test_prompts import MFA, agent, demand_of
from tests.oidc.test_sandbox import choose, trial

__all__ = ["agent", "trial"]
pytestmark = pytest.mark.django_db


# --- 8: when the person signed in -------------------------------------------------------------------------------------
@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "600"}])
def test_trap_08_a_new_proof_gives_a_new_auth_time(app: Application, changes: dict[str, str | None]) -> None:
    """ProConnect ignores prompt=login: here coming back without having signed in again changes nothing."""
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    demand = demand_of(app.authorize(**changes))
    assert demand.reauthenticate
    again = app.browser.get(demand.next)
    assert demand_of(again).next == demand.next
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    app.prove(now)
    code = answer_of(app.browser.get(demand.next))["code"]
    assert read_jwt(app.redeem(code).body["id_token"])[1]["auth_time"] == int(now.timestamp())


def test_trap_08_a_session_used_again_keeps_the_old_auth_time(app: Application) -> None:
    """ProConnect sets auth_time to the moment of the answer: nobody signed in at that moment."""
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    app.prove(then)
    tokens = app.tokens()
    other = Application(make_client(), app.browser).tokens()
    renewed = app.refresh(tokens["refresh_token"]).body
    for one in (tokens, other, renewed):
        assert read_jwt(one["id_token"])[1]["auth_time"] == int(then.timestamp())


# --- 9: how sure we are -----------------------------------------------------------------------------------------------
UNKNOWN = ["eidas9", "EIDAS1", "eidas1-mfa-mfa", "https://refeds.org/profile/mfa", "1", ""]


def essential(*levels: str) -> str:
    """Return a `claims` parameter that demands one of these levels."""
    return json.dumps({"id_token": {"acr": {"essential": True, "values": levels}}})


@pytest.mark.parametrize("level", UNKNOWN)
def test_trap_09_an_unknown_level_is_never_reached(app: Application, agent: User, level: str) -> None:
    """ProConnect takes an unknown level for eidas1: here nobody reaches one, and a wish for one raises nobody."""
    app.prove(datetime.now(UTC), "pop")
    for demanded in ((level,), (level, "eidas3")):
        assert answer_of(app.authorize(claims=essential(*demanded)))["error"] == "unmet_authentication_requirements"
    assert read_jwt(app.tokens(acr_values=level)["id_token"])[1]["acr"] == "eidas1-mfa"


@pytest.mark.parametrize(
    ("methods", "demanded", "is_enough"),
    [
        (("pop",), "eidas1", True),
        (("pop",), "eidas0", True),
        (("pop",), "eidas0-mfa", True),
        (("mail",), "eidas0", True),
        (("mail",), "eidas0-mfa", False),
        (("mail",), "eidas1-mfa", False),
        (("pop",), "eidas2", False),
        (("pop",), "eidas3", False),
    ],
)
def test_trap_09_levels_are_compared_by_their_order(
    app: Application, agent: User, methods: tuple[str, ...], demanded: str, is_enough: bool
) -> None:
    """A higher level answers a lower demand, two factors answer for identity no more than identity for factors."""
    app.prove(datetime.now(UTC), *methods)
    answer = answer_of(app.authorize(claims=essential(demanded), prompt="none"))
    assert ("code" in answer) is is_enough
    if is_enough:
        reached = read_jwt(app.redeem(answer["code"]).body["id_token"])[1]["acr"]
        assert reached == ("eidas1-mfa" if methods == ("pop",) else "eidas1")


# --- 10: words that change the rules ----------------------------------------------------------------------------------
@pytest.mark.parametrize("tag", ["proconnect", "mfa", "eidas3", "test", "admin"])
def test_trap_10_no_word_in_an_address_changes_the_rules(signing_keys: None, client: Client, tag: str) -> None:
    """Identité knows `+proconnect` and `+mfa`: a mailbox with a tag is a mailbox like any other."""
    make_person(f"ada+{tag}@example.org")
    sign_in(client, f"ada+{tag}@example.org")
    app = Application(make_client(), client)
    claims = read_jwt(app.tokens()["id_token"])[1]
    assert (claims["acr"], claims["amr"]) == ("eidas0", ["mail"])
    assert "code" not in answer_of(app.authorize(claims=MFA, prompt="none"))
    assert client.get(reverse("admin:index")).status_code in {302, 403}


def test_trap_10_a_fictional_person_opens_no_real_application(trial: Application, client_row: ClientRow) -> None:
    """A switch for tests that is left on in production: who was chosen for a trial is nobody anywhere else."""
    choose(trial, "camille.roux/prefecture-estuaire")
    for other in (client_row, make_client(is_sandbox=True)):
        answer = answer_of(Application(other, trial.browser).authorize(prompt="none"))
        assert answer["error"] == "login_required"


def test_trap_10_a_real_person_opens_no_application_on_trial(trial: Application, person: User) -> None:
    """The other way round: a trial never learns who somebody really is."""
    trial.sign_in_as(person)
    assert "Sign in as a fictional person" in trial.authorize().content.decode()
    assert answer_of(trial.authorize(prompt="none"))["error"] == "login_required"


# --- 13: sign-in CSRF ------------------------------------------------------------------------------------------------
def test_trap_13_a_form_of_another_site_signs_nobody_in() -> None:
    """Sign-in CSRF: a page of somebody else signs a visitor in to its author’s account."""
    make_person("mallory@example.org")
    attacker = Client()
    ask(attacker, "mallory@example.org")
    victim = Client(enforce_csrf_checks=True)
    assert victim.post(reverse("accounts:code"), {"code": last_code()}).status_code == 403
    forged = get_token(RequestFactory().get("/"))
    body = {"email": "mallory@example.org", "csrfmiddlewaretoken": forged}
    assert victim.post(reverse("accounts:sign-in"), body).status_code == 403
    for name in ("passkey-sign-in", "passkey-sign-in-options", "new-account", "second-factor", "code-resend"):
        assert victim.post(reverse(f"accounts:{name}")).status_code == 403


def test_trap_13_the_form_s_token_changes_at_the_sign_in(client: Client) -> None:
    """A form’s token that was known before the sign-in is worth nothing after it."""
    make_person()
    browser = Client(enforce_csrf_checks=True)
    token = csrf_of(browser)
    before = browser.cookies[django_settings.CSRF_COOKIE_NAME].value
    ask_with(browser, token)
    browser.post(reverse("accounts:code"), {"code": last_code(), "csrfmiddlewaretoken": token})
    assert browser.cookies[django_settings.CSRF_COOKIE_NAME].value != before


def test_trap_13_an_interaction_opened_in_another_browser_fails(app: Application, person: User) -> None:
    """Sign-in CSRF: an address carrying somebody's half-done sign-in is sent to a victim."""
    attacker = Application(app.client)
    demand = demand_of(attacker.authorize())
    answer = app.browser.get(demand.next)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert not Grant.objects.exists()


def test_trap_13_the_questions_of_one_browser_are_not_answered_by_another(app: Application) -> None:
    """Sign-in CSRF: the form of a question is answered in a browser where it was never asked."""
    ClientRow.objects.filter(pk=app.client.pk).update(is_trusted=False)
    request = app.authorize().context["request_query"]
    stranger = Application(app.client).sign_in_as(User.objects.create(given_name="Eve"))
    for path, fields in (("consent", {"answer": "allow"}), ("account", {"answer": "continue"})):
        answer = stranger.browser.post(f"/oidc/{path}", {"request": request} | fields)
        assert answer.status_code == 400
        assert "code=" not in answer.content.decode()


def test_trap_13_an_interaction_answers_its_own_request_only(app: Application, person: User) -> None:
    """What was begun for one request of one application does not carry another one through."""
    app.browser = Client()
    demand = demand_of(app.authorize())
    app.sign_in_as(person)
    assert app.browser.get(demand.next.replace("state-0", "state-1")).status_code == 400
    assert "code" in answer_of(app.browser.get(demand.next))
