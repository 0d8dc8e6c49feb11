"""Search that forgives accents, case, punctuation and word order, on both databases.

Each searchable model keeps `search_text` (its words, folded) and `sort_key`. Trigram indexes make a search for any part
of a word an index look-up: pg_trgm on PostgreSQL, an FTS5 table kept by triggers on SQLite. `prepare_search_indexes`
makes them after each migration, because SQLite drops a table's triggers whenever a migration remakes the table.
"""

from typing import Any, Self, TypeVar

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

from parvis.lib.text import fold

_Searchable = TypeVar("_Searchable", bound="Searchable")
_TRIGRAM = 3
_MAX_WORDS = 8


@models.TextField.register_lookup
class WordsLookup(models.Lookup):  # type: ignore[type-arg] # generic for the checker only
    """`search_text__words="mart lea"`: every word is found somewhere in the folded text."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Return one LIKE a word; PostgreSQL answers them from the trigram index."""
        column, params = self.process_lhs(compiler, connection)
        words = str(self.rhs).split() or [""]
        return " AND ".join([f"{column} LIKE %s"] * len(words)), [*params, *(f"%{word}%" for word in words)]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Return a look-up in the FTS5 table for words of three letters or more, and LIKE for shorter ones."""
        words = str(self.rhs).split()
        long_words = [word for word in words if len(word) >= _TRIGRAM]
        if not (long_words and isinstance(self.lhs, Col)):
            return self.as_sql(compiler, connection)
        table = self.lhs.target.model._meta.db_table
        sql = f'"{self.lhs.alias}".rowid IN (SELECT rowid FROM {table}_search WHERE search_text MATCH %s)'  # noqa: S608 - our own table names
        params: list[Any] = [" AND ".join(f'"{word}"' for word in long_words)]
        for word in words:
            if len(word) < _TRIGRAM:
                sql += f' AND "{self.lhs.alias}".search_text LIKE %s'
                params.append(f"%{word}%")
        return sql, params


@models.TextField.register_lookup
class WordsReadLookup(WordsLookup):
    """`search_text__words_read="mart lea"`: the same, read row after row: for a scan that stops after a page."""

    lookup_name = "words_read"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Return one LIKE a word."""
        return self.as_sql(compiler, connection)


class SearchableQuerySet(models.QuerySet[_Searchable]):
    """Sets that can be searched."""

    def search(self, text: str, *, by_index: bool = True) -> Self:
        """Return those in which every word of the text is found, in any order, as a part of a word.

        Without `by_index` the rows are read one by one: quicker when many match and only the first are wanted.
        """
        words = " ".join(fold(text[:200]).split()[:_MAX_WORDS])
        if words:
            return self.filter(**{"search_text__words" if by_index else "search_text__words_read": words})
        return self.none() if text.strip() else self


class Searchable(models.Model):
    """A model that lists and searches look up by words."""

    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=320, editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep both columns true at every save."""
        self.refresh_search()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text", "sort_key"}
        super().save(*args, **kwargs)

    def searchable_text(self) -> str:
        """Return the text whose words a search finds."""
        raise NotImplementedError

    def sorting_text(self) -> str:
        """Return the folded text by which lists are ordered."""
        raise NotImplementedError

    def refresh_search(self) -> None:
        """Derive both columns; bulk writers call it themselves."""
        self.search_text = fold(self.searchable_text())
        self.sort_key = self.sorting_text()[:320]


_SQLITE = (
    "DROP TRIGGER IF EXISTS {table}_search_insert",
    "DROP TRIGGER IF EXISTS {table}_search_delete",
    "DROP TRIGGER IF EXISTS {table}_search_update",
    "DROP TABLE IF EXISTS {table}_search",
    "CREATE VIRTUAL TABLE {table}_search USING fts5(search_text, content='{table}', tokenize='trigram')",
    "INSERT INTO {table}_search({table}_search) VALUES ('rebuild')",
    "CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add}; END",
    "CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {remove}; END",
    (
        "CREATE TRIGGER {table}_search_update AFTER UPDATE OF search_text ON {table} "
        "WHEN old.search_text <> new.search_text BEGIN {remove}; {add}; END"
    ),
)
_SQLITE_ADD = "INSERT INTO {table}_search(rowid, search_text) VALUES (new.rowid, new.search_text)"
_SQLITE_REMOVE = (
    "INSERT INTO {table}_search({table}_search, rowid, search_text) VALUES ('delete', old.rowid, old.search_text)"
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS {table}_search ON {table} USING gin (search_text gin_trgm_ops)",
)


def prepare_search_indexes(using: str, searchable: list[type[Searchable]]) -> None:
    """Make the trigram index of each model; may be run again at any time."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in searchable:
            table = model._meta.db_table
            for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
                add, remove = _SQLITE_ADD.format(table=table), _SQLITE_REMOVE.format(table=table)
                cursor.execute(statement.format(table=table, add=add, remove=remove))
