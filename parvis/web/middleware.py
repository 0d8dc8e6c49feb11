"""The two outermost middlewares: hostile requests stop here, and every answer leaves with its security headers."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation

from parvis.web import language, request_id, security
from parvis.web.exceptions import BadRequestError, BodyTooLargeError, WebError
from parvis.web.views import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_ESCAPED_NUL = re.compile(rb"%00|\x00", re.IGNORECASE)
_BROKEN_IN_PATH = re.compile(r"%[89A-F][0-9A-F]")
_URLENCODED = "application/x-www-form-urlencoded"
_FORMS = {_URLENCODED, "multipart/form-data"}
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


class RequestGuardMiddleware:
    """Gives each request its id and its language, refuses malformed ones, and maps our exceptions to answers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; the id is in the logs meanwhile and in the answer's X-Request-ID."""
        identifier = request_id.choose(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.id = identifier  # type: ignore[attr-defined]  # ours, for pages and problem documents
        token = request_id.current.set(identifier)
        language.activate(request)
        try:
            response = self._answer(request)
        finally:
            translation.deactivate()
            request_id.current.reset(token)
        response.headers["X-Request-ID"] = identifier
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            refuse_malformed(request)
        except WebError as error:
            return _protected(request, errors.answer(request, error.status, error=error))
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not getattr(response, "content", b"-"):
            told = errors.answer(request, 405)  # Django's decorators answer without a word.
            told["Allow"] = response.headers.get("Allow", "")
            return _protected(request, told)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Turn our own exceptions, and Django's about unreadable bodies, into their page or problem document."""
        if isinstance(exception, WebError):
            return errors.answer(request, exception.status, error=exception)
        if isinstance(exception, errors.TOO_LARGE):
            return errors.answer(request, 413)
        if isinstance(exception, MultiPartParserError | UnreadablePostError):
            return errors.answer(request, 400)
        return None


def _protected(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add the headers to an answer that did not pass the next middleware."""
    security.protect(request, response)
    return response


class SecurityHeadersMiddleware:
    """Adds the headers of `parvis.web.security` to every answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with the headers."""
        response = self.get_response(request)
        security.protect(request, response)
        return response


def refuse_malformed(request: HttpRequest) -> None:
    """Raise for NUL bytes or broken UTF-8 in the path, the query or a urlencoded body, and for an oversize body."""
    # Django has decoded the path, and written the bytes that are no UTF-8 as %XX again.
    if "\x00" in request.path_info or _BROKEN_IN_PATH.search(request.path_info):
        raise BadRequestError
    _check_text(request.META.get("QUERY_STRING", "").encode("latin-1", "surrogateescape"))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit():
        raise BadRequestError
    if len(length) > 18 or int(length) > settings.MAX_BODY_BYTES:  # noqa: PLR2004 - digits that fit 64 bits
        raise BodyTooLargeError
    if request.content_type in _FORMS and int(length):
        _check_form(request)


def _check_form(request: HttpRequest) -> None:
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise BadRequestError
    if request.content_type != _URLENCODED:
        return  # Read by Django once a page asks for it: it may hold files.
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise BodyTooLargeError from error
    except UnreadablePostError as error:
        raise BadRequestError from error
    _check_text(body)


def _check_text(raw: bytes) -> None:
    if _ESCAPED_NUL.search(raw):
        raise BadRequestError
    if raw.isascii() and b"%" not in raw:
        return
    try:
        _PERCENT.sub(lambda match: bytes([int(match[1], 16)]), raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequestError from error
