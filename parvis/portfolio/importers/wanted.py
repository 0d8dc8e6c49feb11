"""What a source asks of the portfolio, in the neutral form between reading and writing."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Item = list[Any]
"""One item of a list, as JSON: the same whether it was read from a file or from a row."""


@dataclass(frozen=True)
class Wanted:
    """One record: the columns of its row, and the items of its lists, all as JSON.

    Both are what the next import compares with, so they hold only what the source says and never what was made of it.
    """

    collection: str
    key: str
    file: str
    values: dict[str, Any]
    lists: dict[str, list[Item]] = field(default_factory=dict)
    defects: list[str] = field(default_factory=list)

    @cached_property
    def applied(self) -> dict[str, Any]:
        """Return what this record asks: the base of the comparison when it changes."""
        return {"values": self.values, "lists": self.lists}

    @cached_property
    def digest(self) -> str:
        """Return what changes when anything that the record asks changes, by itself or because of other records."""
        text = json.dumps([self.applied, self.defects], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
