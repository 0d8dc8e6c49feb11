"""Addresses: absolute ones come from the configured issuer, and never from a request's Host header."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse


def with_query(address: str, fields: Mapping[str, str]) -> str:
    """Return an address with more fields in its query; the query that it has stays."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}"


def absolute(name: str, *args: object, query: str = "") -> str:
    """Return the absolute URL of a named view; `query` is already encoded, without its question mark."""
    path = reverse(name, args=args)
    return f"{settings.ISSUER}{path}" + (f"?{query}" if query else "")
