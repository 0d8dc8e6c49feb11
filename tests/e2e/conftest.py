"""The product, a browser, and people who are signed in: started once for the session, whatever the number of tests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.e2e import browsing
from tests.e2e.product import Product

HERE = Path(__file__).parent
# A laptop that does other things meanwhile is slow, not broken.
expect.set_options(timeout=20_000)
MISSING = "The browser tests need Debian's chromium: apt install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that it runs only when it is asked for (`make e2e`)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def chromium() -> str | None:
    """Return the browser that Debian installs; Playwright downloads none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Start the real thing; each process of a parallel run has its own."""
    running = Product(tmp_path_factory.mktemp("product"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser."""
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, headless=True, args=browsing.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_profile(browser: Browser, product: Product) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens fresh profiles, closed at the end of the test."""
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        opened.append(browsing.context_for(browser, product, **options))  # type: ignore[arg-type]  # passed through
        return opened[-1]

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(open_profile: Callable[..., BrowserContext]) -> Page:
    """Open an empty page of a visitor who reads English."""
    return open_profile().new_page()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, product: Product) -> Callable[[str], StorageState]:
    """Return a function that gives a person's cookies: each signs in once for the session."""
    kept: dict[str, StorageState] = {}

    def cookies_of(name: str) -> StorageState:
        if name not in kept:
            context = browsing.context_for(browser, product)
            browsing.sign_in(context.new_page(), product, product.people[name])
            kept[name] = context.storage_state()
            context.close()
        return kept[name]

    return cookies_of
