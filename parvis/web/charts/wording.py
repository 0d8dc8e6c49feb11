"""Numbers and dates as the reader writes them."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Number = int | float | Decimal
BILLION, MILLION, THOUSAND = 1_000_000_000, 1_000_000, 10_000


def number(value: Number, decimals: int | None = None) -> str:
    """Return a number with the separators of the reader's language; fractions show one decimal unless told."""
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return _number(round(Decimal(str(value)), decimals), decimals, get_language())


@lru_cache(maxsize=4096)
def _number(value: Decimal, decimals: int, _language: str | None) -> str:
    return formats.number_format(value, decimals, force_grouping=True)


def short(value: Number) -> str:
    """Return a number for an axis: millions and billions in words, so that labels stay short."""
    size = abs(float(value))
    if size >= BILLION:
        return _("%(number)s bn") % {"number": number(float(value) / BILLION)}
    if size >= MILLION:
        return _("%(number)s M") % {"number": number(float(value) / MILLION)}
    if size >= THOUSAND:
        return _("%(number)s k") % {"number": number(float(value) / 1000)}
    return number(value, None if size >= 1 or not size else 2)


def percent(part: float, decimals: int = 0) -> str:
    """Return a part of one as a percentage."""
    return _("%(number)s%%") % {"number": number(part * 100, decimals)}


def day(value: dt.date) -> str:
    """Return a date in few letters; three would not tell June from July in French."""
    return _date(value, "j N Y", get_language())


@lru_cache(maxsize=4096)
def _date(value: dt.date, shape: str, _language: str | None) -> str:
    """Write a date once for each language: a page of lives writes the same few thousand days again and again."""
    return formats.date_format(value, shape)


def month(value: dt.date) -> str:
    """Return a month and its year in few letters."""
    return _date(value, "N Y", get_language())
