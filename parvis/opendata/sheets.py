"""Tables as CSV, safe to open: a cell that a spreadsheet would run as a formula begins with an apostrophe.

See OWASP, "CSV injection". Numbers and dates are what they are; only texts are looked at.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = object


def cell(value: Cell) -> str:
    """Return a value as a cell: lists in one cell, separated by ` | `; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return harmless(" | ".join(str(item) for item in value))
    return harmless(str(value))


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \n").startswith(_STARTS_A_FORMULA) else text


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV with commas (RFC 4180); it begins with a byte order mark, which Excel needs for UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + stream.getvalue()
