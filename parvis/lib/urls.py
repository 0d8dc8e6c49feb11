"""Absolute addresses, always from the configured issuer and never from a request's Host header."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object, query: str = "") -> str:
    """Return the absolute URL of a named view; `query` is already encoded, without its question mark."""
    path = reverse(name, args=args)
    return f"{settings.ISSUER}{path}" + (f"?{query}" if query else "")
