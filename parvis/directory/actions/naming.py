"""Addresses of pages, made from names."""

from parvis.directory.models.group import Group
from parvis.directory.models.organization import Organization
from parvis.lib.text import fold

_LONGEST = 90


def free_slug(model: type[Group] | type[Organization], name: str) -> str:
    """Return the name as a slug that no row has yet: `equipe`, `equipe-2`... Two at once: the constraint decides."""
    base = fold(name).replace(" ", "-")[:_LONGEST].strip("-") or model._meta.model_name or "page"
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
