"""Dates as people say them, with the exact one for machines."""

import datetime as dt

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY = 1
WEEK = 7


def exact(value: dt.date) -> str:
    """Return the ISO 8601 form: with the zone for a moment, the day alone for a day."""
    if isinstance(value, dt.datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return moment.isoformat(timespec="seconds")
    return value.isoformat()


def full(value: dt.date) -> str:
    """Return the whole date in the reader's language."""
    if isinstance(value, dt.datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return _("%(day)s at %(time)s") % {
            "day": formats.date_format(moment, "DATE_FORMAT"),
            "time": formats.date_format(moment, "TIME_FORMAT"),
        }
    return formats.date_format(value, "DATE_FORMAT")


def spoken(value: dt.date) -> str:
    """Return `today`, `yesterday`, `in 3 days`… near now, and the date further away."""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    day = local.date() if isinstance(local, dt.datetime) else local
    days = (day - timezone.localdate()).days
    words = _near(days)
    if not words:
        return formats.date_format(day, "DATE_FORMAT")
    if isinstance(local, dt.datetime) and abs(days) <= DAY:
        return _("%(day)s at %(time)s") % {"day": words, "time": formats.date_format(local, "TIME_FORMAT")}
    return words


def _near(days: int) -> str:
    named = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in named:
        return named[days]
    if DAY < days <= WEEK:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    if -WEEK <= days < -DAY:
        return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}
    return ""
