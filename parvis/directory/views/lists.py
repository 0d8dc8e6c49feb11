"""What list pages share: the words in their titles and the filters in force."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from parvis.directory.queries import COUNT_CAP, capped_count
from parvis.web.nav import with_query


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address of the page without it."""

    label: str
    href: str


def counted(rows: QuerySet[Any], words: Callable[[int], str]) -> str:
    """Return how many there are as a sentence of the reader's language; beyond the cap only that there are more.

    `words` gives the sentence for a number, with the place %(count)s.
    """
    number = capped_count(rows)
    count = number_format(min(number, COUNT_CAP), use_l10n=True, force_grouping=True)
    if number > COUNT_CAP:
        count = _("more than %(count)s") % {"count": count}
    return words(number) % {"count": count}


def chip(request: HttpRequest, name: str, label: object) -> Chip:
    """Return the chip of the filter held in a query parameter."""
    return Chip(str(label), with_query(request, **{name: None}))
