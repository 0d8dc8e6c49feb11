"""A database that several threads share, as several processes do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections


@pytest.fixture
def in_parallel(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[Callable[[], Any], int], list[Any]]]:
    """Return a function that runs another one so many times at once, each time with a connection of its own.

    Threads cannot share SQLite's database in memory: the test goes on with a copy in a file.
    """
    original = connections["default"]
    name = connections.settings["default"]["NAME"]
    if connection.vendor == "sqlite":
        file = tmp_path / "parallel.sqlite3"
        with original.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        connections.settings["default"]["NAME"] = str(file)
        connections["default"] = connections.create_connection("default")

    def run(work: Callable[[], Any], times: int) -> list[Any]:
        def one(_number: int) -> Any:
            try:
                return work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    yield run
    if connection.vendor == "sqlite":
        connections["default"].close()
        connections["default"] = original
        connections.settings["default"]["NAME"] = name
