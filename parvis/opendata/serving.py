"""How open data is served: to every origin, with an entity tag, and as nothing at all to who already has it.

Documents hold what everybody may read: who is asking is never looked at, so that any cache may keep one answer for all.
"""

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.csrf import csrf_exempt

from parvis.opendata import freshness

View = Callable[..., HttpResponse]
METHODS = "GET, HEAD, OPTIONS"
CACHE = "public, max-age=60, must-revalidate"
_FOREIGN = {"Cross-Origin-Resource-Policy"}
_BARE_POLICY = "default-src 'none'; sandbox"
_WORTH_PACKING = 1400
_KEPT = 24


def public(view: View) -> View:
    """Serve a document to anybody, from any origin, by GET, HEAD or OPTIONS, with conditional requests."""

    @wraps(view)
    def serve(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            return open_to_all(_preflight())
        if request.method not in {"GET", "HEAD"}:
            return open_to_all(HttpResponse(status=405, headers={"Allow": METHODS}))
        # HEAD is GET whose body the server keeps to itself (RFC 9110, section 9.3.2).
        request.method = "GET"
        with freshness.one_stamp():
            tag = tag_of(request)
            response = HttpResponse(status=304) if has_already(request, tag) else view(request, *args, **kwargs)
        return conditional(open_to_all(response), tag)

    # Nothing is ever written here, so a form from elsewhere is told that it may not be sent, and not that it is forged.
    return csrf_exempt(login_not_required(serve))


def tag_of(request: HttpRequest) -> str:
    """Return the entity tag of what an address gives in the language of the reader; weak, since it may be packed."""
    told = "\n".join([freshness.stamp(), request.get_full_path(), translation.get_language() or ""])
    return f"W/{quote_etag(hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:24])}"


def has_already(request: HttpRequest, tag: str) -> bool:
    """Say whether the reader already has this (RFC 9110, section 13.1.2: compared weakly)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return any(one.removeprefix("W/") == tag.removeprefix("W/") for one in known)


def conditional(response: HttpResponse, tag: str) -> HttpResponse:
    """Give an answer its entity tag, unless it is an error."""
    if response.status_code in {200, 304}:
        response.headers.setdefault("ETag", tag)
        response.headers.setdefault("Cache-Control", CACHE)
    patch_vary_headers(response, ["Accept-Language", "Accept-Encoding"])
    return response


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Let scripts of other origins read an answer that was made for nobody in particular."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link"
    response.headers.setdefault("Content-Security-Policy", _BARE_POLICY)
    response.without_headers = _FOREIGN  # type: ignore[attr-defined]  # read by parvis.web.security
    return response


def _preflight() -> HttpResponse:
    """Return what a browser asks before it lets a script send a header of its own (Fetch, section 4.8)."""
    allowed = {
        "Allow": METHODS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "Authorization, Accept-Language, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=allowed)


_kept: OrderedDict[str, tuple[str, Any]] = OrderedDict()
_lock = Lock()


def kept(name: str, make: Callable[[], Any]) -> Any:
    """Return a value made once for each state of the data, and kept in memory until the data or the day changes."""
    stamp = freshness.stamp()
    with _lock:
        known = _kept.get(name)
    if known and known[0] == stamp:
        return known[1]
    value = make()
    with _lock:
        _kept[name] = (stamp, value)
        _kept.move_to_end(name)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return value


def whole(request: HttpRequest, name: str, make: Callable[[], str], content_type: str) -> HttpResponse:
    """Return a whole collection, which is made and packed once for each state of the data."""
    plain, packed = kept(name, lambda: _packed(make().encode()))
    response = HttpResponse(content_type=content_type)
    if packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        response["Content-Encoding"] = "gzip"
        response.content = packed
    else:
        response.content = plain
    return response


def _packed(plain: bytes) -> tuple[bytes, bytes]:
    return plain, gzip.compress(plain, compresslevel=5, mtime=0) if len(plain) > _WORTH_PACKING else b""


def attachment(response: HttpResponse, file_name: str) -> HttpResponse:
    """Name the file under which browsers keep a document."""
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def json_text(value: Any) -> str:
    """Return JSON as small as it gets, with real characters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
