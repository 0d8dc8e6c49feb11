"""What layers above tell the journal, so that it can speak in sentences without knowing them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Named:
    """How an object is called today, and where its page is (empty when it has none)."""

    name: str
    url: str = ""


resolvers: dict[str, Callable[[Iterable[UUID]], dict[UUID, Named]]] = {}
"""Model label, such as `directory.group` -> function that names objects with one query; `directory.user` for people."""

sentences: dict[str, Promise | str] = {}
"""Tag -> sentence with the places {by}, {person}, {target} and {organization}; a tag without one shows its label."""
