"""The home: the only app that may know every other."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Landing page, a person's day, search, legal pages."""

    name = "parvis.home"

    def ready(self) -> None:
        """Put the legal pages in the footer."""
        from parvis.home.models import LegalPage
        from parvis.web.registry import footer_links

        for order, (slug, label) in enumerate(LegalPage.titles().items()):
            footer_links.add(label, "home:legal", args=(slug,), order=10 + order)
