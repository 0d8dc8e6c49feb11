"""What layers above the portfolio add to its pages and to its work; they fill it in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.http import HttpRequest

    from parvis.portfolio.models import Product
    from parvis.portfolio.policies import Viewer

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """A section of a product's page: its anchor, its title, and what draws it; empty HTML leaves it out."""

    anchor: str
    title: Label
    draw: "Callable[[HttpRequest, Product], str]"
    order: int = 100


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same thing for machines: a type, a label, and the address that a query string or a product leads to."""

    content_type: str
    label: Label
    url: Callable[..., str]


product_panels: dict[str, Panel] = {}
"""Sections added to the page of a product, by anchor, such as its similar services."""

product_alternates: list[Alternate] = []
"""Documents about one product, such as its publiccode.yml: `url` is called with the product."""

product_data: "list[Callable[[Product, Viewer], str]]" = []
"""What a product's page says to search engines: each returns JSON that is safe inside a script element."""

list_alternates: list[Alternate] = []
"""Documents about the list of products: `url` is called with the query string of its filters."""


ways: list[tuple[Label, str, str]] = []
"""Ways into the portfolio beside its own: a label, the name of an address, an icon."""


def add_product_panel(
    anchor: str, title: Label, draw: "Callable[[HttpRequest, Product], str]", *, order: int = 100
) -> None:
    """Add a section to the page of a product; `draw` returns safe HTML, or an empty string to show nothing."""
    product_panels[anchor] = Panel(anchor, title, draw, order)
