"""A screen without a keyboard signs in: its person types the code in a real browser (RFC 8628, section 3.3)."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]
SCOPE = "openid email siret organization_label"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


def post(product: Product, path: str, **fields: str) -> dict[str, Any]:
    """Ask as the device does."""
    try:
        with urllib.request.urlopen(f"{product.url}{path}", urlencode(fields).encode(), timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        found = json.load(error)
    return found


@pytest.fixture(scope="module")
def screen(product: Product) -> str:
    """Return the client_id of a screen."""
    options = ("--type", "public", "--grant-type", "device_code", "--scope", SCOPE)
    return str(product.json("app", "create", "--name", "Screen", *options)["client_id"])


@pytest.mark.parametrize("answer", ["allow", "refuse"])
def test_a_person_with_two_organisations_answers(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any], screen: str, answer: str
) -> None:
    codes = post(product, "/oidc/device_authorization", client_id=screen, scope=SCOPE)
    page = open_profile(storage_state=signed_in("aicha.benali")).new_page()
    page.goto(codes["verification_uri_complete"])
    page.locator("main button").first.click()
    expect(page.get_by_text(codes["user_code"])).to_be_visible()
    chosen = page.locator("main input[type=radio]").nth(1)
    if answer == "allow":
        page.locator(f"label:has(#{chosen.get_attribute('id')}), label[for={chosen.get_attribute('id')}]").first.click()
    page.locator(f"main button[value={answer}]").click()
    page.wait_for_url("**/device/done?*")
    told = post(product, "/oidc/token", client_id=screen, grant_type=GRANT_TYPE, device_code=codes["device_code"])
    if answer == "refuse":
        assert told["error"] == "access_denied"
        return
    asked = urllib.request.Request(f"{product.url}/oidc/userinfo")
    asked.add_header("Authorization", f"Bearer {told['access_token']}")
    with urllib.request.urlopen(asked, timeout=60) as found:
        person = json.load(found)
    assert person["email"] == product.people["aicha.benali"]
    assert person["organization_label"]
