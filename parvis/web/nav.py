"""What lists of links are made of: tabs, side menus, breadcrumbs, facets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a tab list, a side menu or a breadcrumb trail; `current` marks where we are."""

    label: Text
    url: str = ""
    current: bool = False
    count: int | None = None
    icon: str = ""


def as_links(items: Iterable[Link | tuple[object, ...]]) -> list[Link]:
    """Accept `(label, url)` and `(label, url, current)` tuples for links."""
    return [item if isinstance(item, Link) else Link(*item) for item in items]  # type: ignore[arg-type]  # a short spelling


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet, with how many results it leads to."""

    label: Text
    url: str
    count: int | None
    selected: bool
    value: str


def with_query(request: HttpRequest, drop: Iterable[str] = (), **changes: str | None) -> str:
    """Return this page's address with some parameters changed, from its first page on."""
    query: QueryDict = request.GET.copy()
    for name in ("after", "before", *drop):
        query.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = value
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path


def facet_options(
    request: HttpRequest, name: str, labels: Mapping[str, Text], counts: Mapping[str, int] | None = None
) -> list[Option]:
    """Return the options of a facet held in the query parameter `name`; choosing the selected one again removes it."""
    chosen = request.GET.get(name, "")
    return [
        Option(
            label=label,
            url=with_query(request, (), **{name: None if value == chosen else value}),
            count=None if counts is None else counts.get(value, 0),
            selected=value == chosen,
            value=value,
        )
        for value, label in labels.items()
    ]
