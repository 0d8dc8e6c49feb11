"""`/oidc/par`: requests that applications send before their person's browser (RFC 9126)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser

from parvis.accounts.rates import Limit
from parvis.directory.models import User
from parvis.oidc import tasks
from parvis.oidc.actions import clients as actions
from parvis.oidc.endpoints import par
from parvis.oidc.models import Grant, PushedRequest
from tests.factories.fapi import FORM, FapiApplication
from tests.factories.oidc import Application, answer_of, make_client, secret_of
from tests.oidc.test_checks import page_of
from tests.oidc.test_prompts import demand_of


def test_rfc9126_2_2_the_answer_is_a_reference_that_lives_shortly_and_of_which_a_digest_is_kept(
    fapi: FapiApplication,
) -> None:
    answer = fapi.push()
    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert 5 <= answer.body["expires_in"] <= 90
    found = re.fullmatch(r"urn:ietf:params:oauth:request_uri:(pp_[A-Za-z0-9_-]{43})", answer.body["request_uri"])
    assert found
    row = PushedRequest.objects.get()
    assert found[1] not in str(row.__dict__)
    assert "client_assertion" not in row.parameters


def test_rfc9126_4_the_reference_stands_for_the_whole_request(fapi: FapiApplication) -> None:
    pushed = fapi.push(state="pushed")
    beside = {"state": "beside", "scope": "openid siret", "redirect_uri": "https://evil.example/"}
    answer = answer_of(fapi.visit(pushed.body["request_uri"], **beside))
    assert answer["state"] == "pushed"
    assert Grant.objects.get().scope == "openid email"


def test_rfc9126_7_3_a_reference_works_once(fapi: FapiApplication) -> None:
    uri = fapi.push().body["request_uri"]
    assert "code" in answer_of(fapi.visit(uri))
    assert "invalid_request_uri" in page_of(fapi.visit(uri))
    assert Grant.objects.count() == 1


def test_rfc9126_4_a_reference_is_for_the_application_that_pushed(fapi: FapiApplication) -> None:
    uri = fapi.push().body["request_uri"]
    other = FapiApplication.made()
    other.browser = fapi.browser
    assert "invalid_request_uri" in page_of(other.visit(uri))


def test_rfc9126_4_a_reference_expires(fapi: FapiApplication) -> None:
    uri = fapi.push().body["request_uri"]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=91)):
        assert "invalid_request_uri" in page_of(fapi.visit(uri))


@pytest.mark.parametrize("uri", ["pp_x", "pp_" + "x" * 43, "", "\x7f"])
def test_an_unknown_reference_is_refused(fapi: FapiApplication, uri: str) -> None:
    response = fapi.visit(f"urn:ietf:params:oauth:request_uri:{uri}")
    assert response.status_code == 400


def test_a_person_may_take_longer_to_sign_in_than_the_reference_lives(fapi: FapiApplication, person: User) -> None:
    fapi.browser = Browser()
    uri = fapi.push().body["request_uri"]
    demand = demand_of(fapi.visit(uri))
    assert demand_of(fapi.visit(uri)).next != demand.next
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        fapi.sign_in_as(person)
        assert "code" in answer_of(fapi.browser.get(demand.next))
        assert fapi.browser.get(demand.next).status_code == 400
    assert Grant.objects.count() == 1


def test_the_address_of_another_browser_is_worth_nothing_once_the_reference_has_expired(
    fapi: FapiApplication, person: User
) -> None:
    fapi.browser = Browser()
    demand = demand_of(fapi.visit(fapi.push().body["request_uri"]))
    fapi.browser = Browser()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        fapi.sign_in_as(person)
        assert fapi.browser.get(demand.next).status_code == 400
    assert not Grant.objects.exists()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "redirect_uri unknown": ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
    "redirect_uri missing": ({"redirect_uri": None}, "invalid_request"),
    "response_type": ({"response_type": "token"}, "unsupported_response_type"),
    "scope": ({"scope": "email"}, "invalid_scope"),
    "pkce missing": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "pkce plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "request_uri (section 2.1)": ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    "interaction": ({"interaction": "x"}, "invalid_request"),
    "another client": ({"client_id": "another"}, "invalid_request"),
    "too long": ({"extra": "x" * 17_000}, "invalid_request"),
    "prompt": ({"prompt": "none login"}, "invalid_request"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_rfc9126_2_3_what_the_browser_would_be_refused_is_refused_at_once(fapi: FapiApplication, name: str) -> None:
    changes, code = REFUSED[name]
    answer = fapi.push(**changes)
    assert (answer.status, answer.body["error"]) == (400, code)
    assert not PushedRequest.objects.exists()


def test_rfc9126_2_1_the_application_proves_itself_as_at_the_token_endpoint(fapi: FapiApplication) -> None:
    answer = fapi.push(credentials={"client_assertion": None, "client_assertion_type": None})
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")
    assert fapi.server.get("/oidc/par").status_code == 405
    assert fapi.server.put("/oidc/par").status_code == 405


def test_an_application_with_a_secret_may_push_and_need_not(app: Application) -> None:
    fields = app.query() | {"client_secret": secret_of(app.client)}
    pushed = app.server.post("/oidc/par", urlencode(fields), FORM)
    assert pushed.status_code == 201
    query = {"client_id": app.client.client_id, "request_uri": pushed.json()["request_uri"]}
    assert "code" in answer_of(app.browser.get("/oidc/authorize", query))
    assert "code" in answer_of(app.authorize())


def test_rfc9126_2_3_who_proves_nothing_is_slowed_down(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(par, "BY_CALLER", Limit("pushed-test", 1, timedelta(minutes=1)))
    public = Application(make_client(type="public"))
    statuses = [public.server.post("/oidc/par", urlencode(public.query()), FORM).status_code for _time in range(3)]
    assert statuses == [201, 429, 429]
    assert PushedRequest.objects.count() == 1
    proven = urlencode(app.query() | {"client_secret": secret_of(app.client)})
    assert app.server.post("/oidc/par", proven, FORM).status_code == 201


def test_rfc9126_6_an_application_that_must_push_is_refused_in_the_address(fapi: FapiApplication) -> None:
    answer = answer_of(fapi.authorize())
    assert answer["error"] == "invalid_request"
    assert not Grant.objects.exists()


def test_a_suspended_application_cannot_go_on(fapi: FapiApplication) -> None:
    uri = fapi.push().body["request_uri"]
    actions.update_client(client=fapi.client, by=None, state="suspended")
    page_of(fapi.visit(uri))


def test_rfc9126_5_metadata(fapi: FapiApplication) -> None:
    told = fapi.server.get("/.well-known/openid-configuration").json()
    assert told["pushed_authorization_request_endpoint"] == f"{settings.ISSUER}/oidc/par"
    assert told["require_pushed_authorization_requests"] is False
    assert told["request_uri_parameter_supported"] is False
    assert make_client().requires_pushed_requests is False


def test_pushed_requests_are_forgotten_once_nobody_can_be_signing_in_for_them(fapi: FapiApplication) -> None:
    fapi.push()
    for minutes, left in ((30, 1), (65, 0)):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes)):
            tasks.purge()
        assert PushedRequest.objects.count() == left
