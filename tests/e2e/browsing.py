"""What people do in a browser, by what they see: labels, buttons, headings."""

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.product import Product

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADDRESS = re.compile("E-mail address|Adresse e-mail|Adresse électronique|Adresse de messagerie")
CONTINUE = re.compile("^(Continue|Continuer)$")
SIGN_IN = re.compile("^(Sign in|Se connecter|Connexion)$")


def context_for(browser: Browser, product: Product, *, language: str = "en", **options: object) -> BrowserContext:
    """Return a fresh browser profile that reads a language."""
    locale = {"en": "en-GB", "fr": "fr-FR"}[language]
    return browser.new_context(base_url=product.url, locale=locale, **options)  # type: ignore[arg-type]  # passed through


def give_address(page: Page, address: str) -> None:
    """Fill in the first page of the sign-in."""
    page.get_by_label(ADDRESS).fill(address)
    page.get_by_role("button", name=CONTINUE).click()


def sign_in(page: Page, product: Product, address: str) -> None:
    """Sign in with a code, from wherever the sign-in page was asked for."""
    known = product.codes_sent_to(address)
    if "/sign-in/" not in page.url:
        page.goto(f"{product.url}/sign-in/")
    give_address(page, address)
    page.locator("input[autocomplete=one-time-code]").fill(product.code_for(address, known=known))
    page.get_by_role("main").get_by_role("button", name=SIGN_IN).click()
    expect(page.locator("input[autocomplete=one-time-code]")).to_have_count(0)


def sign_out(page: Page, product: Product) -> None:
    """Sign out by the menu of the account."""
    page.goto(f"{product.url}/account/")
    page.locator(".account-menu > summary").click()
    page.locator("form[action='/sign-out/'] button").click()
