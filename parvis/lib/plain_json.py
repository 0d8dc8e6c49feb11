"""JSON of others that is going to be kept: what a table, and every other reader of JSON, knows too.

Python reads more than that: numbers without end, halves of characters, and values inside one another as deep as its
own stack, which is too deep for whoever writes them again.
"""

import json
import re
from typing import Any

DEEPEST = 20
LARGEST = 1 << 53
"""The largest number that every reader of JSON knows exactly (RFC 8259, section 6)."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class NotPlainError(ValueError):
    """It cannot be kept; the message says why."""


class Decoder(json.JSONDecoder):
    """Reads what people paste: whatever Python cannot read either is no JSON, and no accident."""

    def decode(self, s: str, *rest: Any) -> Any:
        """Return the value. Raises JSONDecodeError."""
        try:
            return super().decode(s, *rest)
        except (ValueError, RecursionError) as error:  # So long a number is a ValueError of another kind.
            message = "not JSON, or too much of it"
            raise json.JSONDecodeError(message, s, 0) from error


def check(value: object, depth: int = 0) -> None:
    """Go on if a value of `json.loads` can be kept, wherever it is looked at. Raises NotPlainError."""
    if depth > DEEPEST:
        message = f"more than {DEEPEST} values are inside one another."
        raise NotPlainError(message)
    if isinstance(value, dict | list):
        for one in (*value, *value.values()) if isinstance(value, dict) else value:
            check(one, depth + 1)
    elif isinstance(value, str) and (_CONTROL.search(value) or not _is_whole(value)):
        raise NotPlainError("a text holds characters that nobody can read.")
    elif isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:  # NaN is not in between either.
        raise NotPlainError("a number is too large.")


def _is_whole(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
