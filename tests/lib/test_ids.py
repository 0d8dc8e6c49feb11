import datetime as dt
from uuid import RFC_4122

import pytest
import time_machine

from parvis.lib import ids


def test_identifiers_are_uuid_version_7_in_order_of_creation() -> None:
    made = [ids.uuid7() for _ in range(500)]
    assert made == sorted(made)
    assert len(set(made)) == 500
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "2026-11-22T05:00:00.123Z", "2999-12-31T23:59:59Z"])
def test_the_first_48_bits_are_unix_milliseconds(moment: str) -> None:
    with time_machine.travel(moment, tick=False):
        expected = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
        assert ids.uuid7().int >> 80 == expected
