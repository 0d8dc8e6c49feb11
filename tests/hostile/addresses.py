"""Every address of the product, read from the URLconf: a new page is tested from the day it exists."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
# Django's console writes these two with regular expressions; the list of an app has no other shape.
_REGEXES = {"(?P<app_label>": "oidc/", "(?P<url>": "nothing-here"}


@dataclass(frozen=True, slots=True)
class Address:
    """One route, such as `groups/<slug:slug>/edit/`."""

    route: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Return the kind and name of each converter."""
        return [(found["kind"] or "str", found["name"]) for found in _PART.finditer(self.route)]

    def filled(self, value: Callable[[str, str], str]) -> str:
        """Return a path of this route: `value` gives what stands for a converter, by its kind and name."""
        return "/" + _PART.sub(lambda found: value(found["kind"] or "str", found["name"]), self.route)

    def known(self, values: Mapping[str, str]) -> str:
        """Return the path of something that exists: what `values` has for the whole route, or for its beginning.

        The longest beginning wins.
        """
        if "<" in self.route and self.route in values:
            return f"/{values[self.route]}"
        first = [key for key in values if self.route.startswith(key)]
        mine = values[max(first, key=len)] if first else ""
        return self.filled(lambda _kind, name: values.get(name, mine))


def every_address() -> list[Address]:
    """Return every route, sorted."""
    return sorted(_walk(get_resolver(), ""), key=lambda address: address.route)


def _walk(resolver: URLResolver, base: str) -> Iterator[Address]:
    for item in resolver.url_patterns:
        route = base + _text(item)
        if isinstance(item, URLResolver):
            yield from _walk(item, route)
        else:
            yield Address(route)


def _text(item: URLPattern | URLResolver) -> str:
    if not isinstance(item.pattern, RegexPattern):
        return str(item.pattern)
    written = str(item.pattern).removeprefix("^")
    return next(path for beginning, path in _REGEXES.items() if written.startswith(beginning))
