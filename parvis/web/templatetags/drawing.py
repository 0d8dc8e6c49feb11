"""How a component tag draws its template."""

from functools import lru_cache

from django.template.base import Template
from django.template.context import Context
from django.template.engine import Engine
from django.utils.safestring import SafeString


@lru_cache(maxsize=128)
def _template(name: str) -> Template:
    return Engine.get_default().get_template(f"components/{name}.html")


def draw(component: str, /, **values: object) -> SafeString:
    """Render `components/<component>.html` with these values and nothing else of the page."""
    return SafeString(_template(component).render(Context(values)).strip())
