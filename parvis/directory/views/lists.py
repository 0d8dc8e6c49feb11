"""What list pages share: the words in their titles and the filters in force."""

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


def count_words(rows: QuerySet[Any]) -> str:
    """Return how many there are, in the reader's locale; beyond the cap only that there are more."""
    count = capped_count(rows)
    if count > COUNT_CAP:
        return _("more than %(count)s") % {"count": number_format(COUNT_CAP, use_l10n=True, force_grouping=True)}
    return number_format(count, use_l10n=True, force_grouping=True)


def chip(request: HttpRequest, name: str, label: object) -> Chip:
    """Return the chip of the filter held in a query parameter."""
    return Chip(str(label), with_query(request, **{name: None}))
