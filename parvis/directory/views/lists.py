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
    """Return how many rows there are as a sentence of the reader's language; see `count_words`."""
    number = capped_count(rows)
    return count_words(min(number, COUNT_CAP), words, is_more=number > COUNT_CAP)


def count_words(number: int, words: Callable[[int], str], *, is_more: bool = False) -> str:
    """Return a number, or "more than" it, as a sentence; `words` gives it with the place %(count)s."""
    count = number_format(number, use_l10n=True, force_grouping=True)
    if is_more:
        count = _("more than %(count)s") % {"count": count}
    return words(number) % {"count": count}


def chip(request: HttpRequest, name: str, label: object) -> Chip:
    """Return the chip of the filter held in a query parameter."""
    return Chip(str(label), with_query(request, drop=[name]))
