"""Pages by number, for lists whose order is no column: what is found by words comes in the order of its relevance."""

from dataclasses import dataclass

from django.http import QueryDict

LAST = 100_000


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """Which rows of a list are shown, and the addresses of the pages around."""

    number: int
    pages: int
    start: int
    stop: int
    first_url: str
    previous_url: str
    next_url: str


def numbered(query: QueryDict, total: int, size: int) -> NumberedPage:
    """Return the page that `?page=` asks for; the nearest one there is when it asks for nonsense."""
    asked = query.get("page", "")
    pages = max(1, -(-total // size))
    number = (
        min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < len(str(LAST)) else 1
    )
    return NumberedPage(
        number,
        pages,
        (number - 1) * size,
        min(number * size, total),
        _address(query, 1) if number > 1 else "",
        _address(query, number - 1) if number > 1 else "",
        _address(query, number + 1) if number < pages else "",
    )


def _address(query: QueryDict, number: int) -> str:
    changed = query.copy()
    changed.pop("page", None)
    if number > 1:
        changed["page"] = str(number)
    return f"?{changed.urlencode()}"
