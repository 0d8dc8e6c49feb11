"""What a format asks for, whatever the format: the values of one `Listing`."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from parvis.directory.importers.findings import Findings

# Lengths of columns.
KEY, NAME, ORGANIZATION, LICENCE, PHASE = 300, 300, 500, 200, 60
SENTENCE, TEXT, WORD = 1000, 40_000, 200
MOST = 200
"""Items of a list that are read."""
_PRIVATE = {"email", "e-mail", "phone", "telephone", "mail"}


@dataclass(frozen=True)
class Wanted:
    """One record of another directory."""

    key: str
    file: str
    values: dict[str, Any]

    def at_home_in(self, country: str) -> "Wanted":
        """Return the same of a country, when the record names none."""
        return self if self.values["country"] else replace(self, values={**self.values, "country": country})

    @cached_property
    def digest(self) -> str:
        """Return what changes when anything of the record changes."""
        text = json.dumps([self.key, self.values], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


Read = Callable[[Path, Findings], list[Wanted]]


def public(value: Any) -> Any:
    """Return a record without people's addresses and phones, wherever they stand in it."""
    if isinstance(value, dict):
        return {name: public(item) for name, item in value.items() if str(name).lower() not in _PRIVATE}
    return [public(item) for item in value] if isinstance(value, list) else value
