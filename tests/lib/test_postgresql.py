"""Our PostgreSQL backend reads moments as Django does, whatever the server is set to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DataError, connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="It is PostgreSQL's."),
]


def read(text: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(CAST(%s AS text) AS timestamptz)", [text])
        found: datetime = cursor.fetchone()[0]
        return found


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns"])
def test_every_zone_gives_the_same_moment_in_utc(zone: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TimeZone = '{zone}'")
    for text, wanted in (
        ("2026-11-22T12:00:00.123456+00:00", datetime(2026, 11, 22, 12, 0, 0, 123456, UTC)),
        ("2026-07-01T01:30:00.1+02:00", datetime(2026, 6, 30, 23, 30, 0, 100000, UTC)),
        ("1999-12-31T23:59:59-05:00", datetime(1999, 12, 31, 23, 59, 59, 0, timezone(timedelta(hours=-5)))),
    ):
        found = read(text)
        assert found == wanted
        assert found.tzinfo is UTC


def test_what_python_cannot_hold_is_an_error_of_the_database() -> None:
    with pytest.raises(DataError):
        read("infinity")
