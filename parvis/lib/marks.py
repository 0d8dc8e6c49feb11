"""Marks that views carry, read by the architecture tests: what is unusual is said where it is, with its reason."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def writes_on_get(reason: str) -> Callable[[View], View]:
    """Mark a view whose GET may change the database (a protocol says so); any other GET that writes fails its test."""

    def mark(view: View) -> View:
        view.writes_on_get = reason  # type: ignore[attr-defined]  # A mark on a function, as Django's own are.
        return view

    return mark
