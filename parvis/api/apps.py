"""The JSON interface's Django configuration."""

from django.apps import AppConfig
from django.urls import reverse


class ApiConfig(AppConfig):
    """`/api/v1/`: the portfolio for programs, described by an OpenAPI document."""

    name = "parvis.api"

    def ready(self) -> None:
        """Put the same for programs beside the pages of products."""
        from parvis.portfolio.registry import Alternate, list_alternates, product_alternates

        for kind, label, name in [
            ("text/csv", "CSV", "api:table_products"),
            ("application/json", "JSON", "api:list_products"),
        ]:
            list_alternates.append(
                Alternate(kind, label, lambda query, name=name: reverse(name) + (f"?{query}" if query else ""))
            )
        product_alternates.append(
            Alternate("application/json", "JSON", lambda product: reverse("api:product", args=[product.key]))
        )
