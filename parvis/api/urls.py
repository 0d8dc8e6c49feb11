"""Addresses of the JSON interface."""

from typing import Any

from django.urls import URLPattern, path

from parvis.api import routes
from parvis.opendata.serving import public

_patterns, _app, _namespace = routes.INTERFACE.urls


def _served(pattern: Any) -> URLPattern:
    """Serve an operation as open data: from any origin, with an entity tag."""
    return path(f"api/v1/{pattern.pattern._route}", public(pattern.callback), name=pattern.name)  # noqa: SLF001 - there is no other way to a pattern's route


urlpatterns = [_served(pattern) for pattern in _patterns]
app_name = "api"
