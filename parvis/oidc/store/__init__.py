"""Raw SQL of the protocol's hot paths, on both databases."""

from functools import cache

from django.db import connection

from parvis.oidc.store.base import Store, TokenPair
from parvis.oidc.store.postgresql import PostgreSQLStore
from parvis.oidc.store.rows import (
    BrowserSession,
    CodeState,
    GrantFacts,
    NewGrant,
    Person,
    RefreshState,
    TokenOwner,
)
from parvis.oidc.store.sqlite import SQLiteStore

__all__ = [
    "BrowserSession",
    "CodeState",
    "GrantFacts",
    "NewGrant",
    "Person",
    "RefreshState",
    "Store",
    "TokenOwner",
    "TokenPair",
    "store",
]

_STORES: dict[str, Store] = {"postgresql": PostgreSQLStore(), "sqlite": SQLiteStore()}


@cache
def store() -> Store:
    """Return the store of the database in use."""
    return _STORES[connection.vendor]
