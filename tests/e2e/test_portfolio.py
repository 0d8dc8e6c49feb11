"""The portfolio in a browser: explore, filter, open, edit, decide; in both languages, and by keyboard alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.inspection import Watch, none, problems
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]


def _found(page: Page, product: Product, text: str, search: str, active: str) -> None:
    """Find a product by words and a filter."""
    page.goto(f"{product.url}/portfolio/explore/")
    main = page.get_by_role("main")
    main.get_by_role("searchbox").fill(text)
    main.get_by_role("button", name=search, exact=True).click()
    main.get_by_role("link", name=re.compile(active)).first.click()
    expect(page).to_have_url(re.compile(rf"q={text}.*status=active"))


def test_an_incubator_explores_filters_edits_and_decides_in_french(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any]
) -> None:
    page = open_profile(language="fr", storage_state=signed_in("claire.moreau")).new_page()
    watch, main = Watch(page), page.get_by_role("main")
    _found(page, product, "demarche", "Rechercher", "Actif")
    main.get_by_role("link", name="Tableau").click()
    expect(page.get_by_role("table")).to_contain_text("Démarche claire")
    found = problems(page, watch, shape="explored as a table")
    page.get_by_role("link", name="Démarche claire").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Démarche claire")
    main.get_by_role("link", name="Modifier cette page").click()
    main.get_by_label(re.compile(r"^Le problème(?!,)")).first.fill("Raconté par un essai.")
    main.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Raconté par un essai.").first).to_be_visible()
    main.get_by_role("link", name="Enregistrer une décision").click()
    main.get_by_label("Continuer dans la même phase").check()
    main.get_by_label("Motifs").fill("Encore six mois.")
    main.get_by_role("button", name="Enregistrer la décision").click()
    expect(main.get_by_text("Encore six mois.")).to_be_visible()
    none(found + problems(page, watch, shape="decided"))


def test_a_team_edits_its_page_and_asks_for_a_phase_in_english(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any]
) -> None:
    page = open_profile(storage_state=signed_in("liis.tamm")).new_page()
    watch, main = Watch(page), page.get_by_role("main")
    _found(page, product, "forms", "Search", "Active")
    page.get_by_role("link", name="Open Forms").first.click()
    main.get_by_role("link", name="Edit this page").click()
    main.get_by_label(re.compile("^The problem, in English")).fill("Told by a test.")
    main.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Told by a test.").first).to_be_visible()
    main.get_by_role("link", name="Ask for another phase").click()
    main.get_by_label("Phase that you ask for").select_option(index=1)
    main.get_by_label("Why").fill("A thousand users.")
    main.get_by_role("button", name="Send the request").click()
    expect(main.get_by_role("heading", name="Waiting for the incubator")).to_be_visible()
    none(problems(page, watch, shape="asked"))


def _press_until(page: Page, name: str, *, most: int = 120) -> None:
    """Press Tab until what has the focus reads like this."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(name):
            return
    pytest.fail(f"{name} cannot be reached by keyboard")


def test_a_visitor_finds_a_product_by_keyboard(open_profile: OpenProfile, product: Product) -> None:
    page = open_profile().new_page()
    page.goto(f"{product.url}/portfolio/explore/")
    page.get_by_role("main").get_by_role("searchbox").focus()
    page.keyboard.type("maree")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portfolio/explore/?q=maree**")
    _press_until(page, "Marées")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marées")
