"""Passkeys in a real browser, with the authenticator that Chromium simulates (WebAuthn, section 11)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import browsing
from tests.e2e.product import Product

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def local(open_profile: Callable[..., BrowserContext], product: Product) -> Page:
    """Open a page at localhost: browsers refuse passkeys at an address made of numbers."""
    page = open_profile().new_page()
    page.goto(f"http://localhost:{product.port}/sign-in/")
    return page


def add_authenticator(page: Page, **changes: Any) -> Callable[..., Any]:
    """Plug an authenticator into the page's browser; return a function that speaks to it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | changes})
    return lambda command, **more: devtools.send(command, {"authenticatorId": made["authenticatorId"], **more})


def join(page: Page, product: Product, address: str) -> None:
    """Make an account of one's own, so that no other test finds it protected."""
    browsing.give_address(page, address)
    page.get_by_label("Code").fill(product.code_for(address))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Given name").fill("Passkey")
    page.get_by_role("button", name="Create my account").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def sign_out(page: Page) -> None:
    page.goto(page.url.partition("/")[0] + "//" + page.url.split("/")[2] + "/account/sessions/")
    page.get_by_role("main").get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_load_state()


def test_a_passkey_is_added_and_opens_the_account_again(local: Page, product: Product) -> None:
    page = local
    home = f"http://localhost:{product.port}"
    ask = add_authenticator(page)
    join(page, product, "passkey@example.org")
    page.goto(f"{home}/account/passkeys/new/")
    page.get_by_label("Name").fill("Office computer")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/account/recovery-codes/")
    page.get_by_role("button", name="Make recovery codes").click()
    codes = page.get_by_role("main").locator("li code")
    expect(codes).to_have_count(10)
    code = codes.first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert code in download.value.path().read_text()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert len(ask("WebAuthn.getCredentials")["credentials"]) == 1

    # Without its button: the browser offers the passkey in the field, and this authenticator answers at once.
    sign_out(page)
    page.goto(f"{home}/sign-in/?next=/account/sign-in-methods/")
    page.wait_for_url("**/account/sign-in-methods/")
    expect(page.get_by_text("Office computer", exact=True)).to_be_visible()
    expect(page.get_by_text("last used")).to_be_visible()

    # With a mailbox alone, the second factor is asked for; a recovery code stands in for it.
    sign_out(page)
    ask("WebAuthn.removeVirtualAuthenticator")
    page.goto(f"{home}/sign-in/")
    known = product.codes_sent_to("passkey@example.org")
    browsing.give_address(page, "passkey@example.org")
    page.get_by_label("Code").fill(product.code_for("passkey@example.org", known=known))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/second-factor/")
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    assert product.errors() == []


def test_a_passkey_takes_the_place_of_the_code_after_the_mail(local: Page, product: Product) -> None:
    page = local
    home = f"http://localhost:{product.port}"
    add_authenticator(page)
    join(page, product, "second@example.org")
    page.goto(f"{home}/account/passkeys/new/")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/account/recovery-codes/")
    sign_out(page)
    page.context.clear_cookies()
    page.route("**/sign-in/passkey/options/", lambda route: route.abort())
    page.goto(f"{home}/sign-in/")
    known = product.codes_sent_to("second@example.org")
    browsing.give_address(page, "second@example.org")
    page.get_by_label("Code").fill(product.code_for("second@example.org", known=known))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/second-factor/")
    page.unroute("**/sign-in/passkey/options/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_a_refusal_of_the_device_is_told_in_words(local: Page, product: Product) -> None:
    page = local
    ask = add_authenticator(page, automaticPresenceSimulation=True)
    join(page, product, "refusal@example.org")
    ask("WebAuthn.setUserVerified", isUserVerified=False)
    page.goto(f"http://localhost:{product.port}/account/passkeys/new/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status").filter(has_text=re.compile("Nothing was confirmed|not accepted"))).to_be_visible()


def test_an_address_of_numbers_says_where_passkeys_work(page: Page, product: Product) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    link = page.get_by_role("link", name=f"http://localhost:{product.port}")
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url(f"http://localhost:{product.port}/sign-in/")
