"""Pages that no link opens: steps of a journey, refused forms, results of a form, menus that are open."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e import browsing
from tests.e2e.inspection import Watch, none, problems
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_step_of_the_sign_in(open_profile: OpenProfile, product: Product, language: str) -> None:
    page = open_profile(language=language).new_page()
    watch = Watch(page)
    address = f"steps-{language}@messagerie.example"
    page.goto(f"{product.url}/sign-in/")
    found = problems(page, watch)
    browsing.give_address(page, "not an address")
    expect(page.get_by_role("alert")).to_be_visible()
    watch.take()  # Chromium tells of the status 422 of a refused form.
    found += problems(page, watch, shape="a refused address")
    browsing.give_address(page, address)
    found += problems(page, watch, shape="the code")
    page.locator("input[autocomplete=one-time-code]").fill(product.code_for(address))
    page.get_by_role("main").get_by_role("button", name=browsing.SIGN_IN).click()
    page.wait_for_url("**/new-account/**")
    found += problems(page, watch, shape="a new account")
    none(found)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_launcher_when_it_is_open(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any], width: int
) -> None:
    page = open_profile(storage_state=signed_in("claire.moreau")).new_page()
    watch = Watch(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(product.url)
    page.locator("details.header-menu", has=page.locator(".launcher")).locator("summary").click()
    expect(page.locator(".launcher-list")).to_be_visible()
    none(problems(page, watch, shape=f"the launcher at {width}"))


def test_registering_an_application(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any]
) -> None:
    page = open_profile(storage_state=signed_in("claire.moreau")).new_page()
    watch = Watch(page)
    page.goto(f"{product.url}/apps/new/")
    page.locator("input[name=name_fr]").fill("Carnet")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()
    watch.take()
    found = problems(page, watch, shape="a refused application")
    expect(page.locator("input[name=name_fr]")).to_have_value("Carnet")
    page.locator("[name=description_fr]").fill("Noter à plusieurs.")
    page.locator("input[name=url]").fill("https://carnet.example.org/")
    page.locator("[name=sign-in-redirect_uris]").fill("https://carnet.example.org/callback/")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("client_secret").first).to_be_visible()
    found += problems(page, watch, shape="the secret, shown once")
    none(found)
