"""The journey of somebody who arrives: account, sign-in and sign-out, by keyboard alone and without JavaScript."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.browsing import ADDRESS, CONTINUE, SIGN_IN, give_address, sign_in
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]
CODE = "input[autocomplete=one-time-code]"


def newcomer() -> str:
    """Return an address that nobody has; the domain belongs to no organisation."""
    return f"lea.{uuid4().hex[:10]}@messagerie.example"


def press_until(page: Page, key: str, css: str, most: int = 60) -> None:
    """Press a key until the focus is where it should be: what cannot be reached by it fails."""
    for _press in range(most):
        page.keyboard.press(key)
        if page.evaluate("css => document.activeElement?.matches(css)", css):
            return
    raise AssertionError(f"{css} is not reached with {key} on {page.url}")


def has_visible_focus(page: Page) -> bool:
    """Say whether the focused element shows it, by an outline or a shadow."""
    return bool(
        page.evaluate(
            """() => {
                const style = getComputedStyle(document.activeElement);
                const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                return isOutlined || style.boxShadow !== "none";
            }"""
        )
    )


def test_a_newcomer_makes_an_account_and_comes_back_with_the_keyboard_alone(page: Page, product: Product) -> None:
    address = newcomer()
    page.goto(product.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    press_until(page, "Tab", "a[href*='/sign-in/']")
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    expect(page.get_by_label(ADDRESS)).to_be_focused()
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/**")
    expect(page.locator(CODE)).to_be_focused()
    page.keyboard.type(product.code_for(address))
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/new-account/**")
    if not page.evaluate("document.activeElement.matches('input[name=given_name]')"):
        press_until(page, "Tab", "input[name=given_name]")
    page.keyboard.type("Léa")
    press_until(page, "Tab", "input[name=family_name]")
    page.keyboard.type("Martin")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    press_until(page, "Tab", ".account-menu > summary")
    assert has_visible_focus(page)
    page.keyboard.press("Enter")
    press_until(page, "Tab", "form[action='/sign-out/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner").get_by_role("link", name=SIGN_IN)).to_be_visible()
    sign_in(page, product, address)
    expect(page.locator(".account-menu > summary")).to_contain_text("Léa Martin")


def test_a_wrong_code_is_explained_and_the_right_one_still_works(page: Page, product: Product) -> None:
    address = product.people["noe.lambert"]
    known = product.codes_sent_to(address)
    page.goto(f"{product.url}/sign-in/")
    give_address(page, address)
    code = product.code_for(address, known=known)
    digits = re.sub(r"\D", "", code)
    page.locator(CODE).fill(str((int(digits) + 1) % 10 ** len(digits)).zfill(len(digits)))
    page.get_by_role("main").get_by_role("button", name=SIGN_IN).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator(CODE).fill(code)
    page.get_by_role("main").get_by_role("button", name=SIGN_IN).click()
    expect(page.locator(".account-menu > summary")).to_be_visible()


def test_everything_works_without_javascript(open_profile: OpenProfile, product: Product) -> None:
    page = open_profile(java_script_enabled=False).new_page()
    address = newcomer()
    page.goto(f"{product.url}/sign-in/")
    give_address(page, address)
    page.locator(CODE).fill(product.code_for(address))
    page.get_by_role("main").get_by_role("button", name=SIGN_IN).click()
    page.locator("input[name=given_name]").fill("Ana")
    page.locator("input[name=family_name]").fill("Silva")
    page.get_by_role("main").locator("button[type=submit]").first.click()
    page.locator(".account-menu > summary").click()
    page.locator("form[action='/sign-out/'] button").click()
    expect(page.get_by_role("banner").get_by_role("link", name=SIGN_IN)).to_be_visible()


def test_the_launcher_opens_without_javascript_and_pins_are_arranged_by_buttons(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], object]
) -> None:
    page = open_profile(java_script_enabled=False, storage_state=signed_in("julien.petit")).new_page()
    page.goto(f"{product.url}/apps/")
    launcher = page.get_by_role("banner").locator("details", has=page.locator(".launcher"))
    launcher.locator("summary").click()
    tiles = launcher.locator(".launcher-name")
    expect(tiles.first).to_be_visible()
    before = tiles.all_inner_texts()[:2]
    page.get_by_role("main").get_by_role(
        "button", name=re.compile(f"^(Move|Monter) {re.escape(before[1])}( up)?$")
    ).click()
    launcher.locator("summary").click()
    assert tiles.all_inner_texts()[:2] == before[::-1]


def test_the_language_is_switched_and_kept(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/apps/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("contentinfo").get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto(f"{product.url}/sign-in/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("button", name=CONTINUE)).to_have_text("Continuer")


@pytest.mark.parametrize("menu", ["launcher", "account"])
def test_header_menus_close_with_escape_and_give_the_focus_back(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], object], menu: str
) -> None:
    page = open_profile(storage_state=signed_in("julien.petit")).new_page()
    page.goto(product.url)
    found = (
        page.locator("details.header-menu", has=page.locator(".launcher"))
        if menu == "launcher"
        else page.locator(".account-menu")
    )
    found.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(found).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(found).not_to_have_attribute("open", "")
    expect(found.locator("summary")).to_be_focused()
