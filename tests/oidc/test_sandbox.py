"""Applications on trial: fictional people sign in as everybody would, and never meet anybody real."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from parvis.directory.models import Email, Organization, User
from parvis.oidc import clients, sandbox
from parvis.oidc.actions.clients import update_client
from parvis.oidc.actions.sandbox import ensure_people
from parvis.oidc.models import Client, Grant
from parvis.oidc.sandbox import PERSONAS
from tests.factories.oidc import LOGGED_OUT_URI, REDIRECT_URI, Application, make_client, way_back

SCOPE = "openid profile email phone siret siren organization_label roles"


@pytest.fixture
def trial(signing_keys: None, db: None) -> Application:
    """An application on trial, in a browser where nobody is signed in."""
    return Application(make_client(is_sandbox=True, is_trusted=False))


def choose(app: Application, person: str, *, factors: str = "one", **asked: str) -> dict[str, str]:
    """Ask, choose somebody on the page, and return what the application is answered."""
    page = app.authorize(scope=SCOPE, **asked)
    assert page.status_code == 200, page.status_code
    found = re.search(r'name="request" value="([^"]*)"', page.content.decode())
    assert found
    fields = {"request": unescape(found[1]), "person": person, "factors": factors}
    return went(app, app.browser.post("/oidc/sandbox", fields))


def went(app: Application, response: Any) -> dict[str, str]:
    """Follow the page that leads on, until the application is reached."""
    found = re.search(r'href="([^"]*)"[^>]*data-leave|url=([^"]*)"', response.content.decode())
    assert found, response.content.decode()
    address = unescape(found[1] or found[2])
    if address.startswith(REDIRECT_URI):
        return dict(parse_qsl(urlsplit(address).query))
    parts = urlsplit(address)
    answer = app.browser.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 303, answer.content.decode()
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def profile(app: Application, code: str) -> dict[str, Any]:
    tokens = app.redeem(code)
    assert tokens.status == 200, tokens.body
    told: dict[str, Any] = app.userinfo(tokens.body["access_token"]).json()
    return told


def test_somebody_of_the_list_signs_in_with_all_that_a_real_person_would_tell(trial: Application) -> None:
    told = profile(trial, choose(trial, "camille.roux/prefecture-estuaire")["code"])
    assert told["name"] == "Camille Roux"
    assert told["email"] == "camille.roux@sandbox.example"
    assert told["siret"] == "00000000100008"
    assert told["roles"] == ["agent_public", "agent_public_etat"]


def test_the_same_person_comes_for_one_organisation_or_the_other(trial: Application) -> None:
    first = profile(trial, choose(trial, "noel.le-goff/commune-saint-abri")["code"])
    second = profile(trial, choose(trial, "noel.le-goff/union-des-marais", prompt="login")["code"])
    assert first["sub"] == second["sub"]
    assert (first["siret"], second["siret"]) == ("00000000200006", "00000000300004")


def test_somebody_without_organisation_and_somebody_from_abroad_have_no_siret(trial: Application) -> None:
    alone = profile(trial, choose(trial, "sam")["code"])
    assert not {"siret", "organization_label"} & set(alone)
    abroad = profile(trial, choose(trial, "astrid.oedegaard/digital-agency", prompt="login")["code"])
    assert "siret" not in abroad
    assert abroad["organization_label"] == "Digitaliseringsbyrån"


def test_a_choice_lasts_and_max_age_and_levels_are_truthful(trial: Application) -> None:
    choose(trial, "camille.roux/prefecture-estuaire")
    assert "code" in dict(parse_qsl(urlsplit(trial.authorize(scope=SCOPE, prompt="none")["Location"]).query))
    demand = '{"id_token":{"acr":{"essential":true,"value":"eidas1-mfa"}}}'
    assert "code" in choose(trial, "camille.roux/prefecture-estuaire", factors="two", claims=demand)
    assert Grant.objects.order_by("-id")[0].acr == "eidas1-mfa"


def test_whoever_tries_may_refuse(trial: Application) -> None:
    page = trial.authorize(scope=SCOPE).content.decode()
    found = re.search(r'name="request" value="([^"]*)"', page)
    assert found
    answer = trial.browser.post("/oidc/sandbox", {"request": unescape(found[1]), "answer": "refuse"})
    assert went(trial, answer)["error"] == "access_denied"


def test_nobody_chosen_is_login_required(trial: Application) -> None:
    answer = dict(parse_qsl(urlsplit(trial.authorize(prompt="none")["Location"]).query))
    assert answer["error"] == "login_required"


@pytest.mark.parametrize("person", ["", "nobody", "noel.le-goff", "camille.roux/union-des-marais", "sam/x", "\x00"])
def test_only_people_of_the_list_can_be_chosen(trial: Application, person: str) -> None:
    page = trial.authorize(scope=SCOPE).content.decode()
    found = re.search(r'name="request" value="([^"]*)"', page)
    assert found
    answer = trial.browser.post("/oidc/sandbox", {"request": unescape(found[1]), "person": person})
    assert answer.status_code == 400
    assert not Grant.objects.exists()


def test_a_forged_cookie_is_nobody(trial: Application) -> None:
    trial.browser.cookies["parvis_sandbox"] = "forged"
    assert trial.authorize().status_code == 200
    assert not Grant.objects.exists()


def test_the_page_cannot_be_used_for_other_applications(app: Application) -> None:
    browser = Browser()
    page = Application(make_client(is_sandbox=True), browser).authorize().content.decode()
    found = re.search(r'name="request" value="([^"]*)"', page)
    assert found
    asked = unescape(found[1]).replace("client_id=", "client_id=x&other=")
    assert browser.post("/oidc/sandbox", {"request": asked, "person": "sam"}).status_code == 400


def test_fictional_people_are_in_no_list_and_cannot_sign_in(trial: Application) -> None:
    before = User.objects.count(), Organization.objects.count()
    ensure_people()
    ensure_people()
    assert (User.objects.count(), Organization.objects.count()) == before
    assert User.everybody.filter(is_fictional=True).count() == len(PERSONAS)
    assert Email.objects.holder_of("camille.roux@sandbox.example") is None


def test_signing_out_ends_the_choice_and_leaves_a_real_session(trial: Application, person: User) -> None:
    trial.sign_in_as(person)
    tokens = trial.redeem(choose(trial, "sam")["code"]).body
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "s"}
    answer = trial.browser.get("/oidc/logout", asked)
    assert answer["Location"] == f"{LOGGED_OUT_URI}?state=s"
    assert trial.userinfo(tokens["access_token"]).status_code == 401
    assert "login_required" in trial.authorize(prompt="none")["Location"]
    assert trial.session.user_id == person.pk


def test_signing_out_shows_the_frame_that_tells_the_application(trial: Application) -> None:
    """Front-Channel Logout 1.0, section 3: whoever tries an application tries its sign-out too."""
    uri = "https://app.example.org/frontchannel_logout"
    Client.objects.filter(pk=trial.client.pk).update(frontchannel_logout_uri=uri)
    clients.forget()
    tokens = trial.redeem(choose(trial, "sam")["code"]).body
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "s"}
    page = trial.browser.get(trial.browser.get("/oidc/logout", asked)["Location"])
    assert f'<iframe src="{uri}?' in page.content.decode()
    assert way_back(page)[1] == f"{LOGGED_OUT_URI}?state=s"
    assert "login_required" in trial.authorize(prompt="none")["Location"]


def test_a_wish_without_proof_signs_out_and_leads_nowhere_by_itself(trial: Application) -> None:
    trial.redeem(choose(trial, "sam")["code"])
    asked = {"client_id": trial.client.client_id, "post_logout_redirect_uri": LOGGED_OUT_URI}
    page = trial.browser.get("/oidc/logout", asked, follow=True)
    assert page.status_code == 200
    assert "http-equiv" not in page.content.decode()
    assert "login_required" in trial.authorize(prompt="none")["Location"]


def test_signing_out_without_naming_an_application_ends_every_choice(trial: Application) -> None:
    """RP-Initiated Logout 1.0, section 2: no parameter is required, and the page then says that one is signed out."""
    other = Application(make_client(is_sandbox=True, is_trusted=False), trial.browser)
    tokens = [app.redeem(choose(app, "sam")["code"]).body for app in (trial, other)]
    assert "You are signed out" in trial.browser.get("/oidc/logout").content.decode()
    assert [trial.userinfo(one["access_token"]).status_code for one in tokens] == [401, 401]
    for app in (trial, other):
        assert "login_required" in app.authorize(prompt="none")["Location"]


def test_the_end_of_a_trial_ends_every_access(trial: Application) -> None:
    tokens = trial.redeem(choose(trial, "sam")["code"]).body
    update_client(client=trial.client, by=None, is_sandbox=False)
    assert trial.userinfo(tokens["access_token"]).status_code == 401
    assert "login_required" in trial.authorize(prompt="none")["Location"]


def test_a_browser_remembers_the_last_applications_on_trial() -> None:
    chosen = [sandbox.choose(str(number), PERSONAS[0], None, is_strong=False) for number in range(7)]
    response = HttpResponse()
    sandbox.remember(response, chosen)
    assert sandbox.read(response.cookies["parvis_sandbox"].value) == chosen[-5:]
