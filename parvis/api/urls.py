"""Addresses of the JSON interface."""

from functools import partial
from typing import Any

from django.urls import URLPattern, path

from parvis.api import routes
from parvis.opendata.serving import public

_patterns, _app, _namespace = routes.INTERFACE.urls


def _served(pattern: Any) -> URLPattern:
    """Serve an operation as open data: from any origin, with an entity tag."""
    return path(f"api/v1/{pattern.pattern._route}", public(pattern.callback), name=pattern.name)  # noqa: SLF001 - there is no other way to a pattern's route


def _is_ours(pattern: Any) -> bool:
    """Leave out Ninja's own page at the root, which only leads to a documentation that we do not serve."""
    return not (pattern.name == "api-root" and isinstance(pattern.callback, partial))


urlpatterns = [_served(pattern) for pattern in _patterns if _is_ours(pattern)]
app_name = "api"
