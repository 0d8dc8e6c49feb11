"""Where the answer may go: the addresses that the application registered, and no other."""

import re
from urllib.parse import urlsplit

from parvis.oidc import trials
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.clients import RegisteredClient

_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|\[::1\])(?::([0-9]{1,5}))?(/[!-~]*)?")


def redirect_uri_is_registered(request: AuthorizationRequest) -> None:
    """Compare the address with the registered ones, byte for byte (RFC 9700, section 2.1)."""
    given = request.form.get("redirect_uri")
    if not given:
        raise Refused("invalid_request", "redirect_uri is missing.")
    if not (is_registered(request.client, given) or trials.is_one(request)):
        raise Refused("invalid_redirect_uri", "redirect_uri is not one of those registered for this application.")
    request.redirect_uri = given
    request.redirect_is_safe = True


def is_registered(client: RegisteredClient, given: str) -> bool:
    """Say whether answers may go there.

    Only the port of a loopback address of a native application may differ (RFC 8252, section 7.3).
    """
    return given in client.redirect_uris or (client.is_public and _matches_but_port(given, client.redirect_uris))


def _matches_but_port(given: str, registered: tuple[str, ...]) -> bool:
    found = _LOOPBACK.fullmatch(given)
    if found is None or (found[1] and not 0 < int(found[1]) < 65536):  # noqa: PLR2004 - the last port
        return False
    return any(_LOOPBACK.fullmatch(one) and _without_port(one) == _without_port(given) for one in registered)


def _without_port(uri: str) -> tuple[str | None, str]:
    parts = urlsplit(uri)
    return parts.hostname, uri.partition("//")[2].partition("/")[2]
