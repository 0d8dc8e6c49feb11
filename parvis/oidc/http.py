"""A request and a response without a framework: what the protocol's endpoints are written for.

The same handlers are reached as plain WSGI in front of Django (`parvis.oidc.wsgi`) and as Django views
(`parvis.oidc.views.endpoints`), because both give a CGI-like mapping and a body.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

Headers = tuple[tuple[str, str], ...]
MAX_BODY = 65_536
WITH_BODY = frozenset({"POST", "PUT"})
MAX_FIELDS = 60
SEVERAL = frozenset({"resource"})
"""Fields that may be repeated (RFC 8707, section 2): addresses, kept as one text with blanks between them."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FORM = "application/x-www-form-urlencoded"
NO_STORE: Headers = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
JSON: Headers = (("Content-Type", "application/json"),)


class MalformedError(ValueError):
    """The request cannot be read: broken encoding, control characters, too long."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. `meta` holds the headers under their CGI names (`HTTP_AUTHORIZATION`, `CONTENT_TYPE`)."""

    method: str
    query: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header by its CGI name without the prefix, such as `AUTHORIZATION`."""
        return str(self.meta.get(f"HTTP_{name}", ""))

    @property
    def content_type(self) -> str:
        """Return the media type of the body, without its parameters."""
        return str(self.meta.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()

    @property
    def has_form(self) -> bool:
        """Say whether the body is declared as a form (RFC 6749, appendix B)."""
        return self.content_type == FORM

    def form(self) -> "Form":
        """Return the fields of the body. Raises MalformedError."""
        try:
            text = self.body.decode("ascii")
        except UnicodeDecodeError as error:
            raise MalformedError from error
        return read_form(text)

    def fields(self) -> "Form":
        """Return the fields of the body of a POST, of the query otherwise. Raises MalformedError."""
        return self.form() if self.method == "POST" else read_form(self.query)

    def cookie(self, name: str) -> str:
        """Return a cookie's value, or an empty string; our own values need no unquoting."""
        for part in self.header("COOKIE").split(";"):
            key, _equals, value = part.strip().partition("=")
            if key == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered."""

    status: int = 200
    body: bytes = b""
    headers: Headers = ()


Handler = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of a form or a query. A field without a value counts as absent (RFC 6749, section 3.1)."""

    values: dict[str, str]
    repeated: frozenset[str] = frozenset()

    def get(self, name: str) -> str:
        """Return a field, or an empty string."""
        return self.values.get(name, "")


def read_form(text: str) -> Form:
    """Read a urlencoded text, strictly. Raises MalformedError."""
    if len(text) > MAX_BODY:
        raise MalformedError
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:  # UnicodeDecodeError is one.
        raise MalformedError from error
    values = dict(pairs)
    repeated: frozenset[str] = frozenset()
    if len(values) != len(pairs):
        names = [name for name, _value in pairs]
        repeated = frozenset(name for name in names if names.count(name) > 1)
        for name in repeated & SEVERAL:
            values[name] = " ".join(value for key, value in pairs if key == name)
        repeated -= SEVERAL
    kept = {name: value for name, value in values.items() if value}
    if any(_CONTROL.search(value) for value in kept.values()):
        raise MalformedError
    return Form(kept, repeated)


def clean_form(values: Mapping[str, str]) -> Form:
    """Return fields that did not come as a form, held to the same rules. Raises MalformedError."""
    kept = {name: value for name, value in values.items() if value}
    try:
        "".join(kept.values()).encode()
    except UnicodeEncodeError as error:  # JSON can write halves of characters.
        raise MalformedError from error
    if len(kept) > MAX_FIELDS or any(_CONTROL.search(value) for value in kept.values()):
        raise MalformedError
    return Form(kept)


def json_response(data: object, status: int = 200, headers: Headers = NO_STORE) -> Response:
    """Return a JSON answer that nobody stores, unless other headers are given."""
    return Response(status, orjson.dumps(data), JSON + headers)
