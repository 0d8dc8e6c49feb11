"""An application without a server, in a real browser: what its own origin may read, and what another's may not."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.product import ROOT, Product

OpenProfile = Callable[..., BrowserContext]
PAGE = ROOT / "tests" / "peers" / "browser_app.html"
PERSON = "noe.lambert"


@contextmanager
def origin() -> Iterator[str]:
    """Serve the application's only page at an origin of its own."""
    document = PAGE.read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def origins() -> Iterator[tuple[str, str]]:
    """Serve the page twice: where the application is registered, and elsewhere."""
    with ExitStack() as stack:
        yield stack.enter_context(origin()), stack.enter_context(origin())


@pytest.fixture
def registered(product: Product, origins: tuple[str, str]) -> str:
    """Return the client_id of the application."""
    made = product.json(
        "app", "create", "--name", "Sans serveur", "--redirect-uri", f"{origins[0]}/", "--type", "public", "--trusted"
    )
    return str(made["client_id"])


def told(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.locator("pre").inner_text())
    return found


def open_at(page: Page, home: str, product: Product, client_id: str, **more: str) -> None:
    page.goto(f"{home}/?{urlencode({'issuer': product.url, 'client_id': client_id, **more})}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready")


@pytest.mark.parametrize("scheme", ["Bearer", "DPoP"])
def test_rfc9700_2_6_code_pkce_token_userinfo_and_revocation_by_fetch(
    open_profile: OpenProfile,
    product: Product,
    signed_in: Callable[[str], Any],
    origins: tuple[str, str],
    registered: str,
    scheme: str,
) -> None:
    page = open_profile(storage_state=signed_in(PERSON)).new_page()
    more = {"dpop": "yes"} if scheme == "DPoP" else {}
    open_at(page, origins[0], product, registered, **more)
    assert told(page)["kids"] > 0
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed in")
    found = told(page)
    assert (found["type"], found["email"]) == (scheme, product.people[PERSON])
    assert (found["revoked"], found["after"]) == (200, 401)
    assert "invalid_token" in found["challenge"] or "DPoP" in found["challenge"]
    assert found["unknown"] == "TypeError", "a token that nobody holds concerns no application"


def test_an_origin_that_is_not_registered_reads_no_token(
    open_profile: OpenProfile,
    product: Product,
    signed_in: Callable[[str], Any],
    origins: tuple[str, str],
    registered: str,
) -> None:
    page = open_profile(storage_state=signed_in(PERSON)).new_page()
    stranger = open_profile().new_page()
    home, elsewhere = origins
    open_at(page, home, product, registered)
    kept = page.evaluate("sessionStorage.getItem('kept')")
    # The code itself has leaked, with its verifier: another site's script still reads nothing with it.
    page.route(f"{home}/?code=*", lambda route: route.fulfill(body="caught"))
    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/?code=*")
    open_at(stranger, elsewhere, product, registered)
    stranger.evaluate("kept => sessionStorage.setItem('kept', kept)", kept)
    stranger.goto(page.url.replace(home, elsewhere))
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Failed: TypeError")
