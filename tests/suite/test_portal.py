"""The desk of those who develop an application: what was refused, secrets, more data, a trial of the sign-in."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client as Browser
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from parvis.audit.models import Event
from parvis.directory.models import User
from parvis.mail.models import Message
from parvis.oidc import mishaps, trials
from parvis.oidc.actions.clients import update_client
from parvis.oidc.models import Client, ClientDay, Grant, Mishap
from parvis.suite.mishap_cases import CASES
from parvis.suite.models import Application, ScopeRequest
from tests.factories.directory import EmailFactory, GroupFactory, MembershipFactory, UserFactory
from tests.factories.oidc import Application as Relying
from tests.factories.suite import ApplicationFactory, browser_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def forget() -> None:
    mishaps._noted.clear()
    mishaps._last.clear()


@pytest.fixture
def manager() -> User:
    found: User = MembershipFactory(group=GroupFactory(), manager=True).user
    EmailFactory(user=found, is_primary=True, verified_at=timezone.now())
    return found


@pytest.fixture
def application(manager: User) -> Application:
    made: Application = ApplicationFactory(owner=manager.memberships.get().group, signs_in=True)
    return made


def client_of(application: Application) -> Client:
    assert application.client
    return application.client


# --- What was refused -------------------------------------------------------------------------------------------------
def test_developers_read_which_address_came_and_which_is_registered(manager: User, application: Application) -> None:
    client = client_of(application)
    wrong = client.redirect_uris[0].rstrip("/") + "//"
    Relying(client, browser_of(manager)).authorize(redirect_uri=wrong)
    page = browser_of(manager).get(f"/apps/{application.slug}/activity/").content.decode()
    assert "invalid_redirect_uri" in page
    assert "<mark>/</mark>" in page
    assert "Only the last slash differs." in page


KEY = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
KEYS = {"keys": [KEY.as_dict(private=False)]}
UNREGISTERED = "redirect_uri is not one of those registered for this application."
UNPROVEN = "Unknown client, wrong secret, or a method that this client does not use."
ADDRESS = "https://app.example.org/callback/"


@pytest.mark.parametrize(
    ("code", "description", "received", "words"),
    [
        (
            "invalid_redirect_uri",
            UNREGISTERED,
            {"redirect_uri": ADDRESS.replace("https", "http")},
            "One uses http and the other https",
        ),
        (
            "invalid_redirect_uri",
            UNREGISTERED,
            {"redirect_uri": ADDRESS.replace("app", "APP")},
            "Only upper and lower case differ",
        ),
        (
            "invalid_redirect_uri",
            UNREGISTERED,
            {"redirect_uri": ADDRESS.replace("org", "org:8443")},
            "The ports differ",
        ),
        ("invalid_request", UNREGISTERED, {"redirect_uri": ADDRESS.replace("app", "other")}, "The hosts differ"),
        (
            "invalid_grant",
            "redirect_uri differs from the one of the authorization request.",
            {"redirect_uri": ADDRESS.rstrip("/")},
            "The token request names another redirect address",
        ),
        ("invalid_grant", "This code was already used: the access…", {}, "A code was used twice"),
        ("invalid_grant", "This code has expired: codes live…", {}, "A code came too late"),
        ("invalid_grant", "code_verifier is missing.", {}, "look at its cookies"),
        ("invalid_request", "This application must use PKCE: code_challenge is missing.", {}, "PKCE is missing"),
        ("invalid_scope", "The scope must contain openid.", {"scope": "email"}, "The scope openid is missing"),
        ("invalid_scope", "This…", {"scope": "openid groups"}, "Not allowed to this application: groups"),
        ("invalid_client", UNPROVEN, {"authentication": "private_key_jwt"}, "It used private_key_jwt"),
        (
            "invalid_client",
            UNPROVEN,
            {"authentication": "client_secret_post"},
            "the secret or the key is not the one that we know",
        ),
        (
            "invalid_client",
            "client_assertion: aud must be the issuer…",
            {},
            "neither the address of the token endpoint",
        ),
        ("invalid_dpop_proof", "DPoP proof: htu must be…", {}, "The DPoP proof is for another address"),
        ("invalid_logout", f"post_logout_{UNREGISTERED}", {}, "The address after signing out is not registered"),
        ("something_new", "Why.", {}, "The reason says why"),
    ],
)
def test_each_refusal_says_what_to_change(
    manager: User, application: Application, code: str, description: str, received: dict[str, str], words: str
) -> None:
    client = client_of(application)
    client.redirect_uris, client.scopes = [ADDRESS], ["openid", "email"]
    client.save()
    Mishap.objects.create(client=client, endpoint="token", code=code, description=description, received=received)
    page = unescape(browser_of(manager).get(f"/apps/{application.slug}/activity/").content.decode())
    assert words in page
    assert description in page


def test_every_case_is_known_by_words_that_the_provider_says() -> None:
    said = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "parvis" / "oidc").rglob("*.py"))
    assert [case.says for case in CASES if case.says not in said] == []


def test_the_same_refusal_is_shown_once_with_its_number(manager: User, application: Application) -> None:
    for _number in range(3):
        Mishap.objects.create(
            client=client_of(application), endpoint="token", code="invalid_grant", description="Unknown code."
        )
    page = browser_of(manager).get(f"/apps/{application.slug}/activity/").content.decode()
    assert page.count("The code is not one that we gave to this application") == 1
    assert "3 times, the last" in page


def test_a_restricted_scope_leads_to_where_it_is_asked_for(manager: User, application: Application) -> None:
    client = client_of(application)
    client.scopes = ["openid"]
    client.save()
    Relying(client, browser_of(manager)).authorize(scope="openid groups")
    page = browser_of(manager).get(f"/apps/{application.slug}/activity/").content.decode()
    assert f'href="/apps/{application.slug}/scopes/"' in page[page.index('id="refused"') :]


def test_the_refused_page_leads_those_who_look_after_the_application_to_their_desk(
    manager: User, application: Application, settings: Any
) -> None:
    settings.IS_DEVELOPMENT = False
    client = client_of(application)
    wrong = client.redirect_uris[0].rstrip("/")
    theirs = Relying(client, browser_of(manager)).authorize(redirect_uri=wrong).content.decode()
    assert f'href="/apps/{application.slug}/activity/"' in theirs
    assert client.redirect_uris[0].rstrip("/") + "<mark>/</mark>" in theirs
    others = Relying(client, browser_of(UserFactory())).authorize(redirect_uri=wrong).content.decode()
    assert "/activity/" not in others
    assert "<mark>" not in others
    assert application.owner
    assert application.owner.name in others, "whom to tell"


def test_what_a_proof_said_of_itself_is_shown_without_its_signature(manager: User, application: Application) -> None:
    client = client_of(application)
    update_client(client=client, by=None, token_endpoint_auth_method="private_key_jwt", jwks=KEYS)
    now = int(timezone.now().timestamp())
    aud = "https://parvis.example.org/oidc/token"
    claims = {"iss": client.client_id, "sub": client.client_id, "aud": aud, "exp": now + 60, "jti": "once"}
    proof = jwt.encode({"alg": "ES256", "kid": "one"}, claims, KEY)
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    fields = {"grant_type": "authorization_code", "client_assertion": proof, "client_assertion_type": kind}
    answer = Browser().post("/oidc/token", urlencode(fields), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 401, answer.content
    page = unescape(browser_of(manager).get(f"/apps/{application.slug}/activity/").content.decode())
    assert "The signed proof is addressed to somebody else" in page
    assert aud in page
    assert proof.rpartition(".")[2] not in page


def test_operators_are_led_to_what_waits_for_them(manager: User, application: Application, operator: User) -> None:
    assert "/apps/requests/" not in browser_of(manager).get("/apps/").content.decode()
    ScopeRequest.objects.create(application=application, scopes=["groups"], reason="To share.", by=manager)
    page = browser_of(operator).get("/apps/").content.decode()
    assert "/apps/requests/" in page
    assert "1 waits" in page


def test_a_refused_sign_out_is_kept_and_explained(manager: User, application: Application) -> None:
    client = client_of(application)
    client.post_logout_redirect_uris = ["https://app.example.org/"]
    client.save()
    asked = {"client_id": client.client_id, "post_logout_redirect_uri": "https://app.example.org"}
    page = browser_of(manager).get("/oidc/logout", asked).content.decode()
    assert "https://app.example.org<mark>/</mark>" in page
    page = browser_of(manager).get(f"/apps/{application.slug}/activity/").content.decode()
    assert "The address after signing out is not registered" in page
    assert "Only the last slash differs." in page


def test_nobody_else_reads_refusals(application: Application) -> None:
    url = f"/apps/{application.slug}/activity/"
    assert browser_of(UserFactory()).get(url).status_code == 403
    assert Browser().get(url).status_code == 302


def test_an_application_that_nobody_opened_is_led_to_its_trial(manager: User, application: Application) -> None:
    browser, url = browser_of(manager), f"/apps/{application.slug}/activity/"
    page = browser.get(url).content.decode()
    assert "Nobody has signed in yet" in page
    assert '<svg class="chart' not in page
    ClientDay.objects.create(client=client_of(application), day=timezone.localdate(), sign_ins=1)
    assert "Nobody has signed in yet" not in browser.get(url).content.decode()


def test_sign_ins_of_a_month_are_drawn_and_come_as_csv(manager: User, application: Application) -> None:
    today = timezone.localdate()
    ClientDay.objects.create(client=client_of(application), day=today, sign_ins=7, refusals=2)
    ClientDay.objects.create(client=client_of(application), day=today - timedelta(days=40), sign_ins=99)
    browser = browser_of(manager)
    page = browser.get(f"/apps/{application.slug}/activity/").content.decode()
    assert "In thirty days, sign-ins: 7; refused requests: 2" in page
    csv = browser.get(f"/apps/{application.slug}/activity/?format=csv").content.decode()
    assert csv.strip().splitlines()[-1].endswith(",7,2")


# --- Secrets ----------------------------------------------------------------------------------------------------------
def test_a_new_secret_works_beside_the_former_for_as_long_as_was_chosen(
    manager: User, application: Application
) -> None:
    client = client_of(application)
    browser, url = browser_of(manager), f"/apps/{application.slug}/secrets/"
    assert "client_secret" in browser.post(url, {"keep": "30"}).content.decode()
    ends = client.secrets.last().expires_at  # type: ignore[union-attr]  # there are two
    assert timedelta(days=29) < ends - timezone.now() <= timedelta(days=30)  # type: ignore[operator]  # it ends
    page = browser.get(url).content.decode()
    assert "End the former secrets now" in page
    browser.post(f"{url}end/")
    assert client.secrets.live().count() == 1
    assert "End the former secrets now" not in browser.get(url).content.decode()


def test_a_secret_that_got_out_ends_at_once(manager: User, application: Application) -> None:
    browser_of(manager).post(f"/apps/{application.slug}/secrets/", {"keep": "0"})
    assert client_of(application).secrets.live().count() == 1


# --- More data --------------------------------------------------------------------------------------------------------
@pytest.fixture
def operator() -> User:
    found: User = UserFactory(is_operator=True, language="en")
    EmailFactory(user=found, is_primary=True, verified_at=timezone.now())
    return found


def asked(manager: User, application: Application, **fields: Any) -> Any:
    client = client_of(application)
    client.scopes = ["openid", "email"]
    client.save()
    data = {"scopes": ["groups"], "reason": "To show each team its own documents."} | fields
    return browser_of(manager).post(f"/apps/{application.slug}/scopes/", data)


def test_a_team_asks_an_operator_accepts_and_the_application_may(
    manager: User, application: Application, operator: User
) -> None:
    assert asked(manager, application).status_code == 302
    waiting = ScopeRequest.objects.get()
    assert operator.emails.get().address in {message.to for message in Message.objects.all()}
    browser = browser_of(operator)
    assert "To show each team its own documents." in browser.get("/apps/requests/").content.decode()
    assert browser.post(f"/apps/requests/{waiting.pk}/", {"verdict": "accept", "answer": ""}).status_code == 302
    assert Client.objects.get(application=application).scopes == ["openid", "email", "groups"]
    assert {event.tag for event in Event.objects.all()} >= {"scopes.asked", "scopes.granted"}
    assert browser.post(f"/apps/requests/{waiting.pk}/", {"verdict": "refuse", "answer": "Late."}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "accepted"


def test_a_refusal_says_why(manager: User, application: Application, operator: User) -> None:
    asked(manager, application)
    waiting = ScopeRequest.objects.get()
    browser = browser_of(operator)
    page = browser.post(f"/apps/requests/{waiting.pk}/", {"verdict": "refuse", "answer": ""})
    assert "Say why" in page.content.decode()
    browser.post(f"/apps/requests/{waiting.pk}/", {"verdict": "refuse", "answer": "Ask for less."})
    assert "Ask for less." in browser.get("/apps/requests/").content.decode()
    assert "Ask for less." in browser_of(manager).get(f"/apps/{application.slug}/scopes/").content.decode()
    assert Client.objects.get(application=application).scopes == ["openid", "email"]


def test_only_one_request_waits_and_only_operators_answer(manager: User, application: Application) -> None:
    asked(manager, application)
    asked(manager, application, scopes=["phone"])
    waiting = ScopeRequest.objects.get()
    assert browser_of(manager).get("/apps/requests/").status_code == 403
    assert browser_of(manager).post(f"/apps/requests/{waiting.pk}/", {"verdict": "accept"}).status_code == 403


def test_a_team_cannot_tick_restricted_scopes_itself(manager: User, application: Application) -> None:
    client = client_of(application)
    client.scopes = ["openid"]
    client.save()
    page = browser_of(manager).get(f"/apps/{application.slug}/sign-in/").content.decode()
    assert 'value="email"' in page
    assert 'value="groups"' not in page


# --- A trial of the sign-in -------------------------------------------------------------------------------------------
def begin(browser: Browser, application: Application, **fields: Any) -> str:
    """Begin a trial; return where the browser is led."""
    page = browser.post(f"/apps/{application.slug}/try/", {"scope": ["email", "siret"]} | fields).content.decode()
    found = re.search(r'href="([^"]*/oidc/authorize[^"]*)"', page)
    assert found, page
    parts = urlsplit(unescape(found[1]))
    return f"{parts.path}?{parts.query}"


def follow(browser: Browser, address: str) -> Any:
    answer = browser.get(address)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    parts = urlsplit(answer["Location"])
    assert parts.path == trials.PATH
    return browser.get(f"{parts.path}?{parts.query}")


@pytest.fixture
def trusted(application: Application, signing_keys: None) -> Application:
    Client.objects.filter(application=application).update(is_trusted=True)
    return application


def test_a_trial_shows_each_step_and_each_claim_and_leaves_no_access(manager: User, trusted: Application) -> None:
    browser = browser_of(manager)
    page = unescape(follow(browser, begin(browser, trusted)).content.decode())
    assert page.count("Good") == 5
    assert "Failed" not in page
    assert manager.emails.get().address in page
    assert "nothing is known, so nothing is said" in page  # They have no SIRET.
    assert Grant.objects.get().revoked_at is not None
    assert Event.objects.filter(tag="sign-in.tried").count() == 1


def test_a_trial_that_may_ask_nothing_says_what_the_application_would_get(manager: User, trusted: Application) -> None:
    Client.objects.filter(application=trusted).update(is_trusted=False)
    browser = browser_of(manager)
    page = follow(browser, begin(browser, trusted, prompt="none")).content.decode()
    assert "consent_required" in page
    assert "Failed" in page
    assert not Grant.objects.exists()


@pytest.mark.parametrize("profile", ["", "fapi2"])
def test_a_trial_works_for_applications_that_push_and_prove(manager: User, trusted: Application, profile: str) -> None:
    fields: dict[str, Any] = {"requires_pushed_requests": True, "requires_dpop": True, "profile": profile}
    Client.objects.filter(application=trusted).update(**fields)
    browser = browser_of(manager)
    assert "Failed" not in follow(browser, begin(browser, trusted)).content.decode()


def test_the_address_of_trials_is_nobody_s_redirect_uri(manager: User, trusted: Application) -> None:
    browser = browser_of(manager)
    other = ApplicationFactory(signs_in=True)
    relying = Relying(client_of(trusted), browser)
    for state in ("state-0123456789", trials.new_state(client_of(other).client_id)):
        assert relying.authorize(redirect_uri=trials.redirect_uri(), state=state).status_code == 400


def test_a_trial_is_finished_once_and_in_the_browser_that_began_it(manager: User, trusted: Application) -> None:
    browser = browser_of(manager)
    answer = browser.get(begin(browser, trusted))
    parts = urlsplit(answer["Location"])
    address = f"{parts.path}?{parts.query}"
    stranger = browser_of(UserFactory(is_operator=True))
    assert stranger.get(address).status_code == 302
    assert browser.get(address).status_code == 200
    assert browser.get(address).status_code == 302


def test_a_secret_is_checked_without_being_kept(manager: User, trusted: Application) -> None:
    browser = browser_of(manager)
    url = f"/apps/{trusted.slug}/secrets/"
    shown = browser.post(url, {"keep": "7"}).content.decode()
    secret = shown[shown.index("ps_") :].split("<")[0]
    assert "does not work" in browser.post(url, {"secret": "wrong"}, follow=True).content.decode()
    assert "This secret works." in browser.post(url, {"secret": secret}, follow=True).content.decode()
    assert client_of(trusted).secrets.count() == 2, "checking makes none"
    assert "secret_error" in browser.post(url, {"secret": ""}).content.decode()
