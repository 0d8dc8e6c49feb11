"""The JSON interface's Django configuration."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """`/api/v1/`: the portfolio for programs, described by an OpenAPI document."""

    name = "parvis.api"

    def ready(self) -> None:
        """Put the same for programs beside the pages of products."""
        from parvis.portfolio.registry import Alternate, list_alternates, product_alternates

        for kind, label, name in [
            ("text/csv", _("CSV"), "api:table_products"),
            ("application/json", _("JSON"), "api:list_products"),
        ]:
            list_alternates.append(
                Alternate(kind, label, lambda query, name=name: reverse(name) + (f"?{query}" if query else ""))
            )
        product_alternates.append(
            Alternate("application/json", _("JSON"), lambda product: reverse("api:product", args=[product.key]))
        )
