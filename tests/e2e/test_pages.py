"""Every page of the demo data, as each kind of person sees it: found by following links, then inspected."""

import re
from collections import Counter, deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.inspection import SCHEMES, Scheme, Watch, anatomy, none, problems
from tests.e2e.product import Product

OpenProfile = Callable[..., BrowserContext]
# Not pages of ours, or not pages at all: downloads, Django's own console, what only a form or another site opens.
LEFT_OUT = re.compile(
    r"^/(static|media|api|console|oidc|dev)/|\.(json|jsonld|js|xml|csv|yml|atom|txt|webmanifest|ics)$"
    r"|/logo/|/photo/|/export|[?&]format=csv"
)
# What follows one of these words in an address names one object among many.
_OBJECTS = {
    "people",
    "organizations",
    "organisations",
    "groups",
    "apps",
    "passkeys",
    "emails",
    "sessions",
    "invitations",
    "products",
    "incubators",
    "committees",
    "reviews",
    "data",
}
_FIXED = {"new", "menu", "search", "import"}
# Every filter of a list opens the same kind of page, alone or with others.
_FILTERS = {"status", "phase", "incubator", "theme", "users", "technology", "sponsor", "territory", "missing"}
_UUID = re.compile(r"^[0-9a-f-]{32,36}$")


def shape_of(url: str) -> str:
    """Return what kind of page an address opens: objects' names become a star, parameters keep only their names."""
    parts = urlsplit(url)
    words = parts.path.strip("/").split("/")
    shape = [
        "*" if _UUID.match(word) or (index and words[index - 1] in _OBJECTS and word not in _FIXED) else word
        for index, word in enumerate(words)
    ]
    given = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)} - {"next"}
    names = sorted({"filter" if name in _FILTERS else name for name in given})
    return "/" + "/".join(shape) + (f"?{'&'.join(names)}" if names else "")


def links_of(page: Page, product: Product) -> list[str]:
    """Return the internal addresses that the page leads to."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    absolute = [urldefrag(urljoin(page.url, href))[0] for href in hrefs]
    inside = [url for url in absolute if url.startswith(f"{product.url}/")]
    return [url for url in dict.fromkeys(inside) if not LEFT_OUT.search(url.removeprefix(product.url))]


inspected: set[str] = set()
"""Anatomies that an earlier crawl has inspected: axe need not look again at the same page with other words."""


def crawl(page: Page, product: Product, *, most_of_a_shape: int = 1) -> list[str]:
    """Open one page of each shape that can be reached from the home page, and return every problem found."""
    watch = Watch(page)
    waiting, seen, shapes, found = deque([f"{product.url}/"]), {f"{product.url}/"}, Counter[str](), list[str]()
    while waiting:
        url = waiting.popleft()
        shape = shape_of(url)
        if shapes[shape] >= most_of_a_shape or "&" in shape:
            continue
        shapes[shape] += 1
        response = page.goto(url)
        if response is None or response.status >= 400:
            found.append(f"{url} answers {response.status if response else 'nothing'}")
            watch.take()
            continue
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        for link in links_of(page, product):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
        made_of = anatomy(page)
        schemes: tuple[Scheme, ...] = () if made_of in inspected else SCHEMES
        inspected.add(made_of)
        found += problems(page, watch, shape=f"{shape} ({urlsplit(url).path})", schemes=schemes)
    assert len(shapes) > 5, f"Only {list(shapes)} were reached."
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_visitors_see(open_profile: OpenProfile, product: Product, language: str) -> None:
    none(crawl(open_profile(language=language).new_page(), product))


@pytest.mark.parametrize("person", ["claire.moreau", "rozenn.quere", "nadia.cherif", "liis.tamm", "noe.lambert"])
def test_what_people_see(
    open_profile: OpenProfile, product: Product, signed_in: Callable[[str], Any], person: str
) -> None:
    """An operator, managers of an organisation and of a team, an ordinary person, and a newcomer."""
    none(crawl(open_profile(storage_state=signed_in(person)).new_page(), product))


def test_the_server_logged_no_error(product: Product) -> None:
    assert product.errors() == []
