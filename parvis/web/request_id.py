"""The identifier of the request being answered, for logs, error pages and the journal."""

import os
import re
from contextvars import ContextVar

current: ContextVar[str] = ContextVar("parvis_request_id", default="")
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def choose(given: str) -> str:
    """Return the identifier that a proxy gave if it is harmless in a log line, or a new one."""
    return given if given and _WELL_FORMED.fullmatch(given) else os.urandom(16).hex()
