"""Acceptance: each recipe, pasted as it is printed, signs people in with the library that it is for."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import browsing, peers, recipe_peers
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


def test_an_application_in_the_browser_alone_signs_in_and_out(
    open_profile: OpenProfile, product: Product, tmp_path: Path
) -> None:
    address = product.anybody()
    page = open_profile().new_page()
    with recipe_peers.in_the_browser(product, tmp_path) as peer:
        page.goto(f"{peer.url}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{product.url}/**")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        shown = told(page)
        assert shown["profile"]["email"] == address
        assert shown["address"] == "", "the code does not stay in the address"
        page.reload()
        assert told(page)["profile"]["sub"] == shown["profile"]["sub"], "until the tab is closed"
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{peer.url}/**")
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
        page.goto(f"{product.url}/account/")
        page.wait_for_url(f"{product.url}/sign-in/**")


def test_what_the_person_refuses_comes_back_to_the_browser_as_an_error(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any], tmp_path: Path
) -> None:
    page = open_profile(storage_state=signed_in("liis.tamm")).new_page()
    with recipe_peers.in_the_browser(product, tmp_path, trusted="no") as peer:
        page.goto(f"{peer.url}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Do not share").click()
        page.wait_for_url(f"{peer.url}/**")
        expect(page.get_by_role("heading", level=1)).to_have_text("Failed")
        assert json.loads(page.locator("#told").inner_text())["error"] == "access_denied"


def test_a_device_signs_in(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any], tmp_path: Path
) -> None:
    options = ("--type", "public", "--grant-type", "device_code", "--scope", "openid email")
    screen = product.json("app", "create", "--name", "Screen", *options)
    recipe = tmp_path / "device.py"
    recipe.write_text(product.parvis("app", "recipe", "device", screen["client_id"]), encoding="utf-8")
    page = open_profile(storage_state=signed_in("liis.tamm")).new_page()
    running = subprocess.Popen([sys.executable, str(recipe)], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout
        found = re.search(r"open (\S+) and type (\S+)", running.stdout.readline())
        assert found
        page.goto(found[1])
        page.get_by_role("textbox", name="Code").fill(found[2])
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Let this device in").click()
        page.wait_for_url("**/device/done?*")
        assert json.loads(running.stdout.readline())["email"] == product.people["liis.tamm"]
    finally:
        running.kill()
        running.communicate()


def test_a_program_gets_its_own_token(product: Product, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("the recipe asks with curl: apt install curl")
    program = product.json("app", "create", "--name", "Nightly", "--grant-type", "client_credentials")
    recipe = tmp_path / "token.sh"
    recipe.write_text(peers.printed(product, "machine", program), encoding="utf-8")
    done = subprocess.run(["sh", str(recipe)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["access_token"]


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
