"""The sector of an application: those that know a person under one identifier (OpenID Connect Core, section 8.1).

It is the host of the addresses that people come back to. An application with several hosts names a document that lists
all of them, and the document's own host is the sector (Dynamic Client Registration 1.0, section 5).
"""

import json
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.lib import safe_fetch

KEPT_FOR = 60.0
"""Seconds during which a document is not asked for again: a form is checked first, then saved in a transaction."""
MOST_KEPT = 200
_kept: dict[str, tuple[float, list[str]]] = {}


class NoSectorError(ValueError):
    """There is no sector, and the message says what to do."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def sector_of(redirect_uris: Sequence[str], document: str) -> str:
    """Return the sector's host; a document must list every redirect URI. Raises NoSectorError."""
    if document:
        listed = addresses_at(document)
        if missing := [uri for uri in redirect_uris if uri not in listed]:
            raise NoSectorError(_("The document of the sector does not list: %s.") % ", ".join(missing)[:300])
        return urlsplit(document).hostname or ""
    hosts = {urlsplit(uri).hostname or "" for uri in redirect_uris}
    if len(hosts) != 1 or "" in hosts:
        raise NoSectorError(_("Its redirect URIs are not on one host: give the address of a document that lists them."))
    return hosts.pop()


def addresses_at(uri: str) -> list[str]:
    """Return the addresses that a document lists, or listed a moment ago. Raises NoSectorError."""
    kept = _kept.get(uri)
    if kept and time.monotonic() - kept[0] < KEPT_FOR:
        return kept[1]
    return read(uri)


def read(uri: str) -> list[str]:
    """Return the addresses that a document lists now, and keep them for a moment. Raises NoSectorError."""
    try:
        found = json.loads(safe_fetch.get(uri, may_be_loopback=settings.IS_DEVELOPMENT))
    except (safe_fetch.FetchError, ValueError, RecursionError) as error:
        raise NoSectorError(_("The document of the sector cannot be read: %s.") % str(error)[:200]) from error
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise NoSectorError(_("The document of the sector is not a list of addresses in JSON."))
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[uri] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Ask for every document anew."""
    _kept.clear()
