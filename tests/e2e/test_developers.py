"""What developers of an application do on its pages, and what they are shown when something is refused."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import peers
from tests.e2e.inspection import Watch, none, problems
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]
_COPIED = "text => navigator.clipboard.readText().then(copied => copied.trim() === text)"
CALLBACK = "https://ledger.example.org/callback/"


@pytest.fixture(scope="module")
def ledger(product: Product) -> dict[str, Any]:
    """Return an application of an operator's."""
    farewell = ("--post-logout-redirect-uri", "https://ledger.example.org/")
    made: dict[str, Any] = product.json("app", "create", "--name", "Ledger", "--redirect-uri", CALLBACK, *farewell)
    return made


@pytest.fixture
def page(open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any]) -> Page:
    """Open a page of somebody who looks after it, in a browser that lets pages write to the clipboard."""
    context = open_profile(storage_state=signed_in("claire.moreau"))
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.url)
    return context.new_page()


def open_everything(page: Page) -> None:
    for summary in page.locator("main details > summary").all():
        summary.click()


def test_each_recipe_is_copied_as_the_command_prints_it(page: Page, product: Product, ledger: dict[str, Any]) -> None:
    watch = Watch(page)
    page.goto(f"{product.url}/apps/ledger/connect/")
    open_everything(page)
    blocks = page.locator(".copy-block")
    expect(blocks).to_have_count(7)
    for number, slug in ((0, "django_lasuite"), (2, "openid_client"), (4, "apache")):
        blocks.nth(number).get_by_role("button").click()
        printed = peers.printed(product, slug, ledger | {"client_secret": ""}).strip()
        page.wait_for_function(_COPIED, arg=printed)
    none(problems(page, watch, shape="what to paste, opened"))


def test_a_wrong_address_is_explained_on_the_page_and_at_the_desk(
    page: Page, product: Product, ledger: dict[str, Any]
) -> None:
    watch = Watch(page)
    asked = {"client_id": ledger["client_id"], "redirect_uri": CALLBACK.rstrip("/"), "response_type": "code"}
    page.goto(f"{product.url}/oidc/authorize?{urlencode(asked | {'scope': 'openid'})}")
    expect(page.locator("mark")).to_have_text("/")
    open_everything(page)
    watch.take()  # Chromium tells of the status 400.
    found = problems(page, watch, shape="a refused address")
    page.locator("a[href='/apps/ledger/activity/']").click()
    expect(page.locator("#refused mark")).to_have_text("/")
    expect(page.locator("#refused article")).to_have_count(1)
    open_everything(page)
    found += problems(page, watch, shape="what was refused")
    none(found)


def test_a_trial_shows_that_the_sign_in_works(page: Page, product: Product, ledger: dict[str, Any]) -> None:
    watch = Watch(page)
    page.goto(f"{product.url}/apps/{ledger['slug']}/try/")
    page.locator("main form").first.get_by_role("button").click()
    page.locator("button[value=allow]").click()
    page.wait_for_url("**/apps/try/**")
    expect(page.locator(".app-step")).to_have_count(5)
    expect(page.locator("#claims").get_by_text(product.people["claire.moreau"])).to_be_visible()
    open_everything(page)
    none(problems(page, watch, shape="a trial"))


def test_where_an_application_runs_says_what_it_is_asked(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/apps/new/")
    addresses = page.locator("[name=sign-in-redirect_uris]")
    expect(addresses).to_be_visible()
    page.locator("[name=sign-in-kind][value=server]").focus()
    for kind, asked in (("public", True), ("device", False), ("machine", False), ("link", False)):
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"[name=sign-in-kind][value={kind}]")).to_be_checked()
        expect(addresses).to_be_visible(visible=asked)
    expect(page.locator("[name=sign-in-scopes]").first).to_be_hidden()
