"""For which resource servers an access token is (RFC 8707); one for nobody in particular is for those of its scopes.

`resource` may be repeated: it is kept as one text with blanks between, which no address can hold.
"""

from django.conf import settings

from parvis.oidc import clients
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import SEVERAL, Form

NAME = next(iter(SEVERAL))


class UnknownTargetError(ProtocolError):
    """Somebody whom we do not know, or for whom the access was not granted (RFC 8707, section 2)."""

    def __init__(self, description: str) -> None:
        super().__init__("invalid_target", description)


def asked(form: Form) -> str:
    """Return the resource servers that a request names; we are one ourselves. Raises UnknownTargetError."""
    named = list(dict.fromkeys(form.get(NAME).split()))
    for uri in named:
        if uri != settings.ISSUER and not clients.has_resource_server(uri):
            raise UnknownTargetError("No resource server answers to this address.")
    return " ".join(named)


def narrowed(form: Form, granted: str) -> str:
    """Return those of a token request, when the grant allows them (section 2.2): one for nobody in particular, any."""
    named = asked(form)
    if granted and set(named.split()) - set(granted.split()):
        raise UnknownTargetError("The access was not granted for this resource server.")
    return named


def is_for(audience: str, uris: frozenset[str]) -> bool:
    """Say whether a token is for one of these addresses, or for nobody in particular."""
    return not audience or bool(uris & set(audience.split()))


def told(audience: str, uris: frozenset[str] | None = None) -> dict[str, str | list[str]]:
    """Return `aud` as a caller may know it: its own addresses (all of them when none are given), or nothing."""
    named = [uri for uri in audience.split() if uris is None or uri in uris]
    return {"aud": named[0] if len(named) == 1 else named} if named else {}
