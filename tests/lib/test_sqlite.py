"""Our SQLite backend: statements as Django writes them, rewritten once."""

from typing import Any

import pytest
from django.db import connection

from parvis.lib.sqlite import base

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="It is SQLite's."),
]


@pytest.mark.parametrize(
    ("statement", "parameters", "found"),
    [
        ("SELECT %s, %s", ["a", 1], ("a", 1)),
        ("SELECT '%%s', '%%', %s", ["a"], ("%s", "%", "a")),
        ("SELECT %(two)s, %(one)s", {"one": 1, "two": 2}, (2, 1)),
        ("SELECT '%s'", None, ("%s",)),
        ("SELECT '" + "x" * base.LONGEST + "', %s", [3], ("x" * base.LONGEST, 3)),
    ],
    ids=["parameters", "per cent", "names", "none", "long"],
)
def test_statements_say_what_they_said(statement: str, parameters: Any, found: tuple[object, ...]) -> None:
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            assert cursor.fetchone() == found


def test_a_statement_is_rewritten_once_and_a_long_one_is_not_kept() -> None:
    base._kept.cache_clear()
    with connection.cursor() as cursor:
        for number in range(3):
            cursor.execute("SELECT %s + 41", [number])
            cursor.execute("SELECT '" + "x" * base.LONGEST + "', %s", [number])
        assert base._kept.cache_info()[:2] == (2, 1)
        cursor.executemany("UPDATE directory_user SET given_name = %s WHERE 1 = 0", [["a"], ["b"]])
    assert base._kept.cache_info().currsize == 2
