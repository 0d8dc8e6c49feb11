"""JSON that can be kept, and JSON that only Python reads."""

import json

import pytest

from parvis.lib import plain_json


@pytest.mark.parametrize("text", ["null", "true", "[]", '{"é": [1, -2.5, "x"]}', str(1 << 53), "[" * 20 + "]" * 20])
def test_what_can_be_kept(text: str) -> None:
    plain_json.check(json.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "-Infinity",
        "1e999",
        "9" * 400,
        r'"\u0000"',
        r'"\ud800"',
        r'{"\ud800": 1}',
        r'{"a": ["\u001f"]}',
        "[" * 22 + "]" * 22,
        "[" * 900 + "]" * 900,
    ],
)
def test_what_cannot(text: str) -> None:
    with pytest.raises(plain_json.NotPlainError):
        plain_json.check(json.loads(text))
