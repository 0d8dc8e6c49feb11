"""The menu on another site: our script under a policy without any "unsafe", by keyboard, without a leak."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.inspection import Watch, none, problems
from tests.e2e.product import Product, free_port

_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Host</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Another site</h1><button type="button" id="apps">Applications</button></main>
<script src="{parvis}/launcher.js" data-button="#apps" {extra} defer></script></body></html>"""


class Host:
    """Another site, on an origin of its own, that shows the menu."""

    def __init__(self, parvis: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        policy = f"default-src 'none'; script-src {parvis}; connect-src {parvis}; img-src {parvis}; base-uri 'none'"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                language = "fr" if "fr" in self.path else "en"
                extra = "data-personal" if "personal" in self.path else ""
                found = self.path != "/favicon.ico"
                body = _PAGE.format(parvis=parvis, language=language, extra=extra).encode() if found else b""
                self.send_response(200 if found else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)


@pytest.fixture(scope="module")
def host(product: Product) -> Iterator[Host]:
    """Serve the other site."""
    serving = Host(product.url)
    serving.thread.start()
    yield serving
    serving.server.shutdown()
    serving.server.server_close()
    serving.thread.join()


@pytest.mark.parametrize(("language", "names"), [("en", ["Documents", "Video calls"]), ("fr", ["Documents", "Visio"])])
def test_the_menu_opens_and_closes_by_keyboard(browser: Browser, host: Host, language: str, names: list[str]) -> None:
    page = browser.new_page()
    watch = Watch(page)
    page.goto(f"{host.url}/{language}")
    button = page.get_by_role("button", name="Applications")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_count(len(names))
    expect(button).to_have_attribute("aria-expanded", "true")
    assert [line.splitlines()[0] for line in dialog.get_by_role("listitem").all_inner_texts()] == names
    expect(dialog.locator("img").first).to_have_js_property("naturalWidth", 64)
    found = problems(page, watch, shape=f"the embedded menu, {language}")
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    none(found)
    page.close()


def test_a_site_that_the_operator_does_not_trust_gets_the_public_list(browser: Browser, host: Host) -> None:
    page = browser.new_page()
    page.goto(f"{host.url}/personal")
    page.get_by_role("button", name="Applications").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    page.close()
