"""Acceptance: each recipe, pasted as it is printed, signs people in with the library that it is for."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import browsing, recipe_peers
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]


def told(page: Page) -> dict[str, Any]:
    """Return what the application says of who is signed in."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed in")
    found: dict[str, Any] = json.loads(page.locator("#told").inner_text())
    return found


def test_authlib_signs_in_and_refreshes(open_profile: OpenProfile, product: Product, tmp_path: Path) -> None:
    address = product.anybody()
    page = open_profile().new_page()
    with recipe_peers.authlib(product, tmp_path) as peer:
        page.goto(f"{peer.url}/login")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        first = told(page)
        assert first["claims"]["iss"] == product.url
        assert first["claims"]["aud"] == peer.registered["client_id"]
        assert first["userinfo"]["email"] == address
        page.get_by_role("link", name="Refresh").click()
        second = told(page)
        assert second["access"] != first["access"]
        assert second["userinfo"] == first["userinfo"]


def test_mozilla_django_oidc_signs_in(open_profile: OpenProfile, product: Product, tmp_path: Path) -> None:
    address = product.anybody()
    page = open_profile().new_page()
    with recipe_peers.mozilla(product, tmp_path) as peer:
        page.goto(f"{peer.url}/oidc/authenticate/")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        assert told(page) == {"email": address, "id_token": True}


def test_openid_client_signs_in_and_out(open_profile: OpenProfile, product: Product, tmp_path: Path) -> None:
    address = product.anybody()
    page = open_profile().new_page()
    with recipe_peers.openid_client(product, tmp_path) as peer:
        page.goto(f"{peer.url}/login")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        assert told(page)["userinfo"]["email"] == address
        page.get_by_role("link", name="Sign out").click()
        page.wait_for_url(f"{peer.url}/bye**")
        expect(page.locator("#state")).to_have_text("over")


def test_apache_signs_in_and_out(open_profile: OpenProfile, product: Product, tmp_path: Path) -> None:
    address = product.anybody()
    page = open_profile().new_page()
    with recipe_peers.apache(product, tmp_path, "apache") as peer:
        page.goto(f"{peer.url}/")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        shown = told(page)
        assert shown["email"] == address
        assert re.fullmatch(r"[0-9a-f-]{36}", shown["sub"].partition("@")[0])
        page.goto(f"{peer.url}/oidc-callback?logout={peer.url}/")
        page.wait_for_url(f"{product.url}/sign-in/**")


@pytest.mark.parametrize("forged", ["X-Forwarded-Email", "X-Forwarded-Groups"])
def test_headers_say_who_is_there_and_visitors_cannot_send_them(
    open_profile: OpenProfile, product: Product, tmp_path: Path, forged: str
) -> None:
    address = product.anybody()
    page = open_profile().new_page()
    with recipe_peers.apache(product, tmp_path, "headers") as peer:
        page.goto(f"{peer.url}/")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        page.set_extra_http_headers({forged: "root@example.org"})
        page.goto(f"{peer.url}/")
        shown = told(page)
        assert shown["x-forwarded-email"] == address
        assert "root@example.org" not in json.dumps(shown)
