"""The Django configuration of the similar services."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from parvis.audit.tags import Tag


class SimilarConfig(AppConfig):
    """Who has done this before: services of all countries, which are near which, and what people say of it."""

    name = "parvis.similar"

    def ready(self) -> None:
        """Declare what other parts show or run for the similar services."""
        from parvis.audit import registry as audit_registry
        from parvis.lib import periodic
        from parvis.portfolio.registry import add_product_panel, ways
        from parvis.similar import tasks
        from parvis.similar.views import product

        add_product_panel("similar", _("Similar services"), product.panel, order=50)
        ways.append((_("Who has done this before?"), "similar:search", "people"))
        periodic.register("similar.follow_changes", tasks.follow_changes, every=tasks.EVERY)
        audit_registry.sentences |= {
            Tag.SIMILAR_CONFIRMED: _("{by} confirmed that {target} is similar to another service"),
            Tag.SIMILAR_REFUSED: _("{by} said that {target} is not similar to another service"),
            Tag.SIMILAR_WITHDRAWN: _("{by} took back what they said of {target} and another service"),
        }
