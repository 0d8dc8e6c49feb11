"""Somebody who has to add a second factor first finds the way back to what asked for it."""

import re
from html import unescape

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts import demands
from parvis.accounts.demands import Demand
from tests.accounts.steps import sign_in
from tests.accounts.test_second_factor import start
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
LIST = "/account/sign-in-methods/"


def asked(client: Client, *, cancel: str = "") -> str:
    """Come from an application that asks for two factors, and see that one is missing."""
    demand = Demand(next="/oidc/authorize?client_id=a", acr="eidas0-mfa", client_name="Notebook", cancel=cancel)
    page = client.get(demands.url_for_confirmation(demand))
    assert "A second factor is needed" in page.text
    return unescape(client.get(LIST).text)


def test_the_page_says_who_waits_and_leads_back_once_a_factor_is_there(client: Client) -> None:
    make_person()
    sign_in(client)
    page = asked(client)
    assert "Notebook is waiting for you" in page
    assert "/confirm/?demand=" not in page
    code = pyotp.TOTP(start(client)).now()
    assert client.post(reverse("accounts:totp-add"), {"code": code}).status_code == 302
    found = re.search(r'href="(/confirm/\?demand=[^"]+)"', unescape(client.get(LIST).text))
    assert found
    left = client.get(found[1])
    assert "/oidc/authorize?client_id=a" in unescape(left.text or left.headers.get("Location", ""))
    assert "waiting for you" not in client.get(LIST).text


def test_nothing_waits_for_who_was_asked_nothing(client: Client) -> None:
    make_person()
    sign_in(client)
    assert "waiting for you" not in client.get(LIST).text


def test_a_forged_cookie_says_nothing(client: Client) -> None:
    make_person()
    sign_in(client)
    client.cookies["parvis_waiting"] = "forged"
    assert client.get(LIST).status_code == 200
    assert "waiting for you" not in client.get(LIST).text


def test_a_demand_that_no_cookie_holds_is_left_to_the_back_button(client: Client) -> None:
    make_person()
    sign_in(client)
    long = "".join(chr(97 + (number * number) % 26) + str(number) for number in range(2000))
    assert "waiting for you" not in asked(client, cancel=f"/oidc/cancel?{long}")


def test_another_demand_that_is_met_on_the_way_leaves_it(client: Client) -> None:
    make_person()
    sign_in(client)
    assert "Notebook is waiting for you" in asked(client)
    client.get(demands.url_for_confirmation(Demand(next="/account/sessions/", max_age=900)))
    assert "Notebook is waiting for you" in client.get(LIST).text
