"""The face: what every page is made of."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, components, forms, styles, error pages and the outer middleware."""

    name = "parvis.web"
    label = "web"
    default = True
