"""Django's WSGI handler, with a request that can be made of whatever a client sends."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A request whose address is read as UTF-8, whatever `Content-Type` says.

    Django reads the query by the character set of that header, and does so before any middleware: `charset=hex` would
    fail outside everything that answers errors, and `charset=utf-7` would let `+AAA-`, a NUL, pass the guard.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except Exception:  # noqa: BLE001 - the parser, made for mails, fails in many ways; then there is no type
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    """The handler of the product."""

    request_class = Request
