"""Which addresses an application may register: one place decides, for pages, the command line and the admin."""

import re
from urllib.parse import unquote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class InvalidRedirectUriError(ValueError):
    """The address cannot be registered; the message says why, to the person who typed it."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


LONGEST = 2000
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# A private-use scheme is a domain name turned round, so that no two makers use the same (RFC 8252, section 7.1).
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
_ADDRESS = re.compile(r"[!-~]+")
_FORBIDDEN = re.compile(r"[\\<>\"^`{|}*]|%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")


def validate_redirect_uri(uri: str, *, is_public: bool = False) -> str:
    """Return the address if answers may be sent to it. Raises InvalidRedirectUriError.

    Accepted: https; http on loopback; for public ones, a private-use scheme such as `org.example.app:/callback`.
    """
    _refuse_ambiguous(uri)
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidRedirectUriError(_("This is not a complete address.")) from error
    if is_public and _PRIVATE_SCHEME.fullmatch(parts.scheme):
        return uri
    if parts.scheme not in {"https", "http"} or not uri.startswith(("https://", "http://")):
        raise InvalidRedirectUriError(_("Start the address with https://."))
    if "@" in parts.netloc or not host or not _HOST.fullmatch(host) or parts.netloc != parts.netloc.lower():
        raise InvalidRedirectUriError(_("Write the host in lower case, without a user name or a wildcard."))
    if parts.scheme == "http" and host not in LOOPBACK:
        raise InvalidRedirectUriError(_("Use https: http is for this machine only (127.0.0.1, localhost)."))
    if any(_is_dots(segment) for segment in parts.path.split("/")):
        raise InvalidRedirectUriError(_("Write the path without “..”."))
    return uri


def _is_dots(segment: str) -> bool:
    """Say whether some server takes this part of a path for "here" or "above": `..`, `..;`, `%2e%2e`."""
    return unquote(segment).partition(";")[0] in {"..", "."}


def _refuse_ambiguous(uri: str) -> None:
    """Refuse what two programs could read in two ways: blanks, other alphabets, wildcards, fragments."""
    if not _ADDRESS.fullmatch(uri) or _FORBIDDEN.search(uri):
        raise InvalidRedirectUriError(_("Write the exact address, in plain characters, no wildcard."))
    if len(uri) > LONGEST:
        raise InvalidRedirectUriError(_("The address is too long."))
    if "#" in uri:
        raise InvalidRedirectUriError(_("Remove the fragment: what follows “#” cannot be compared."))


def validate_web_uri(uri: str) -> str:
    """Return the address if our server may call it, for back-channel logout. Raises InvalidRedirectUriError."""
    return validate_redirect_uri(uri, is_public=False)
