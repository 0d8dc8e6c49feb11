"""Open data's Django configuration."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def _with(name: str, query: str) -> str:
    path = reverse(name)
    return f"{path}?{query}" if query else path


class OpendataConfig(AppConfig):
    """The portfolio for machines: files, feeds, calendars, and the interface of beta.gouv.fr for those who use it."""

    name = "parvis.opendata"

    def ready(self) -> None:
        """Put the documents of a product, and of a list of products, beside the pages that show the same."""
        from parvis.opendata import linked_data
        from parvis.portfolio.registry import Alternate, list_alternates, product_alternates, product_data

        list_alternates.append(
            Alternate("application/atom+xml", _("Feed of changes"), lambda query: _with("opendata:changes", query))
        )
        product_data.append(lambda product, viewer: linked_data.as_script_text(linked_data.product(product, viewer)))
        product_alternates.append(
            Alternate(
                "application/yaml",
                "publiccode.yml",
                lambda product: (
                    reverse("opendata:product-publiccode", args=[product.key]) if product.repository else ""
                ),
            )
        )
        product_alternates.extend(
            Alternate(kind, label, lambda product, name=name: reverse(f"opendata:{name}", args=[product.key]))
            for kind, label, name in [
                ("application/atom+xml", _("Feed of changes"), "product-changes"),
                ("application/ld+json", _("Linked data"), "product-linked-data"),
            ]
        )
