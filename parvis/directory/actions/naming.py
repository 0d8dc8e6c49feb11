"""Addresses of pages, made from names."""

from django.db import models

from parvis.lib.text import slug

RESERVED = {"new"}
"""Words that stand in the place of a slug in our own addresses."""

_LONGEST = 90


def free_slug(model: type[models.Model], name: str) -> str:
    """Return the name as a slug that no row has yet: `equipe`, `equipe-2`... Two at once: the constraint decides."""
    base = slug(name)[:_LONGEST].strip("-") or model._meta.model_name or "page"
    taken = RESERVED | set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
