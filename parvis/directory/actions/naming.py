"""Addresses of pages, made from names; and rows that are inserted once."""

from typing import TypeVar

from django.db import IntegrityError, models, transaction

from parvis.directory.models.group import Group
from parvis.directory.models.organization import Organization
from parvis.lib.text import slug

RESERVED = {"new"}
"""Words that stand in the place of a slug in our own addresses."""

_LONGEST = 90
_ATTEMPTS = 5
_Named = TypeVar("_Named", Group, Organization)


def free_slug(model: type[models.Model], name: str) -> str:
    """Return the name as a slug that no row has yet: `equipe`, `equipe-2`... Two at once: the constraint decides."""
    base = slug(name)[:_LONGEST].strip("-") or model._meta.model_name or "page"
    taken = RESERVED | set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))  # noqa: SLF001 - any model with a slug
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def insert_once(row: _Named) -> tuple[_Named, bool]:
    """Insert a row; return it and whether it is new.

    Of two requests that carry the same identifier, as a form sent twice does, one inserts and the other gets that row.
    Of two rows that chose the same free slug at once, the second takes the next one.
    """
    model: type[_Named] = type(row)
    for _attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if existing := model.objects.filter(pk=row.pk).first():
                return existing, False
            row.slug = free_slug(model, row.name)
        else:
            return row, True
    message = f"no free address for {row.name!r} after {_ATTEMPTS} attempts"
    raise IntegrityError(message)
