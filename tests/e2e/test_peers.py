"""Acceptance: applications made with other people's libraries, unmodified, sign people in through a real browser."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import browsing, peers
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]


def told(page: Page) -> dict[str, Any]:
    """Return what the application says of who is signed in."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed in")
    found: dict[str, Any] = json.loads(page.locator("#told").inner_text())
    return found


@pytest.mark.parametrize(
    ("alg", "userinfo", "logout"), [("ES256", "JWT", "GET"), ("RS256", "JSON", "POST"), ("RS256", "JWT", "GET")]
)
def test_django_lasuite_signs_in_keeps_its_session_by_refresh_and_signs_out(
    open_profile: OpenProfile, product: Product, tmp_path: Path, alg: str, userinfo: str, logout: str
) -> None:
    address = product.people["nadia.cherif"]
    page = open_profile().new_page()
    with peers.lasuite_app(product, tmp_path, alg=alg, userinfo=userinfo, logout=logout) as peer:
        page.goto(peer.url)
        page.get_by_role("link", name="Sign in").click()
        page.wait_for_url(f"{product.url}/sign-in/**")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        first = told(page)
        assert first["email"] == address
        assert first["name"] == "Nadia Chérif"
        assert re.fullmatch(r"[0-9a-f-]{36}", first["sub"])

        page.get_by_role("button", name="Grow old").click()
        second = told(page)
        assert second["access"] != first["access"]
        assert {**second, "access": ""} == {**first, "access": ""}

        # After a refresh, the package has dropped its ID token and signs out here only: the hub's session goes on.
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
        page.get_by_role("link", name="Sign in").click()
        page.wait_for_url(f"{peer.url}/")
        assert told(page)["sub"] == first["sub"]

        # With an ID token it signs out everywhere: the next sign-in asks who is there.
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{peer.url}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
        page.get_by_role("link", name="Sign in").click()
        page.wait_for_url(f"{product.url}/sign-in/**")


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_django_lasuite_is_told_that_the_session_ended_elsewhere(
    open_profile: OpenProfile, product: Product, tmp_path: Path, alg: str
) -> None:
    page = open_profile().new_page()
    with peers.lasuite_app(product, tmp_path, alg=alg) as peer:
        browsing.sign_in(page, product, product.anybody())
        page.goto(f"{peer.url}/authenticate/")
        told(page)
        browsing.sign_out(page, product)
        # The application ends its own session when the logout token arrives: nobody visits it meanwhile.
        with closing(sqlite3.connect(tmp_path / "peer.sqlite3")) as database:
            until = time.monotonic() + 30
            while database.execute("SELECT count(*) FROM django_session").fetchone()[0] and time.monotonic() < until:
                time.sleep(0.2)
        page.goto(peer.url)
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")


def test_django_lasuite_signs_in_silently_or_not_at_all(
    open_profile: OpenProfile, product: Product, tmp_path: Path
) -> None:
    page = open_profile().new_page()
    with peers.lasuite_app(product, tmp_path, alg="ES256") as peer:
        page.goto(f"{peer.url}/authenticate/?silent=true")
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
        assert page.url.startswith(peer.url)
        address = product.anybody()
        browsing.sign_in(page, product, address)
        page.goto(f"{peer.url}/authenticate/?silent=true")
        assert told(page)["email"] == address


def test_django_lasuite_refuses_whom_it_has_disabled_and_who_lacks_an_essential_claim(
    open_profile: OpenProfile, product: Product, tmp_path: Path
) -> None:
    page = open_profile().new_page()
    browsing.sign_in(page, product, product.people["liis.tamm"])
    refused = page.get_by_role("heading", level=1)
    with peers.lasuite_app(product, tmp_path, alg="ES256") as peer:
        page.goto(f"{peer.url}/authenticate/")
        told(page)
        page.context.clear_cookies(name=f"peer_{urlsplit(peer.url).port}_session")
        with closing(sqlite3.connect(tmp_path / "peer.sqlite3")) as database:
            assert database.execute("UPDATE lasuite_app_user SET is_active = 0").rowcount == 1
            database.commit()
        page.goto(f"{peer.url}/authenticate/")
        expect(refused).not_to_have_text("Signed in")
        page.goto(peer.url)
        expect(refused).to_have_text("Signed out")
    # Liis' organisation is of another country: it has no SIRET.
    with peers.lasuite_app(product, tmp_path, alg="ES256", essential="email siret") as peer:
        page.goto(f"{peer.url}/authenticate/")
        expect(refused).to_have_text("Sign-in refused")


@pytest.mark.parametrize(
    ("alg", "userinfo_alg", "public"), [("ES256", "ES256", False), ("RS256", "none", False), ("ES256", "none", True)]
)
def test_openid_client_discovers_signs_in_refreshes_and_signs_out(
    open_profile: OpenProfile, product: Product, tmp_path: Path, alg: str, userinfo_alg: str, public: bool
) -> None:
    address = product.people["liis.tamm"]
    page = open_profile().new_page()
    with peers.openid_client(product, tmp_path, alg=alg, userinfo_alg=userinfo_alg, public=public) as peer:
        page.goto(f"{peer.url}/login")
        page.wait_for_url(f"{product.url}/sign-in/**")
        browsing.sign_in(page, product, address)
        page.wait_for_url(f"{peer.url}/")
        first = told(page)
        assert first["id_token_alg"] == alg
        assert first["claims"]["iss"] == product.url
        assert first["claims"]["aud"] == peer.registered["client_id"]
        assert first["userinfo"]["email"] == address
        assert first["userinfo"]["sub"] == first["claims"]["sub"]

        page.get_by_role("link", name="Refresh").click()
        second = told(page)
        assert second["access"] != first["access"]
        assert second["claims"]["sub"] == first["claims"]["sub"]

        page.get_by_role("link", name="Sign out").click()
        page.wait_for_url(f"{peer.url}/bye**")
        expect(page.locator("#state")).to_have_text("over")
        page.goto(f"{peer.url}/login")
        page.wait_for_url(f"{product.url}/sign-in/**")


@pytest.mark.parametrize("profile", ["fapi2", "fapi2-message-signing"])
def test_openid_client_pushes_its_requests_and_holds_its_tokens(
    open_profile: OpenProfile, product: Product, tmp_path: Path, profile: str
) -> None:
    """PAR, private_key_jwt and DPoP, whose nonces it learns from refusals; with message signing, JAR and JARM too."""
    page = open_profile().new_page()
    with peers.openid_client_of_fapi(product, tmp_path, profile=profile) as peer:
        page.goto(f"{peer.url}/login")
        page.wait_for_url(f"{product.url}/sign-in/**")
        browsing.sign_in(page, product, product.anybody())
        page.wait_for_url(f"{peer.url}/")
        first = told(page)
        assert first["token_type"].lower() == "dpop"
        assert first["opens_without_key"] is False
        assert first["id_token_alg"] == "ES256"
        assert first["userinfo"]["sub"] == first["claims"]["sub"]

        page.get_by_role("link", name="Refresh").click()
        second = told(page)
        assert second["access"] != first["access"]
        assert second["opens_without_key"] is False
