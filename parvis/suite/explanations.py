"""A refused request in words that help: what happened, and what to change. Developers read these, not users."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.oidc import client_keys
from parvis.oidc.differences import Difference, nearest
from parvis.oidc.models import Client, Mishap
from parvis.oidc.scopes import KNOWN

Text = str | Promise
_Client = Client

# By code, what to do. The protocol's own description, in English, is shown beside.
_ADVICE: dict[str, Text] = {
    "invalid_redirect_uri": gettext_lazy(
        "Addresses are compared to the character. Register the one that the application sends, or change what it sends."
    ),
    "invalid_client": gettext_lazy(
        "The application did not prove itself: its secret is wrong or over, or its method is not the registered one."
    ),
    "invalid_grant": gettext_lazy(
        "Codes work once, for a minute or two, at the application that asked for them. Look at the reason below."
    ),
    "invalid_scope": gettext_lazy(
        "The application asked for data that it may not ask for. Remove these scopes, or ask the operators for them."
    ),
    "unauthorized_client": gettext_lazy("The application is not registered for what it tried."),
    "unsupported_response_type": gettext_lazy("Only the authorization code flow exists here: use response_type=code."),
    "invalid_request": gettext_lazy("A parameter is missing or is not written as it should be. The reason says which."),
    "invalid_dpop_proof": gettext_lazy("The proof that the application holds its key cannot be accepted."),
    "invalid_request_object": gettext_lazy(
        "The signed request cannot be accepted: look at its key, audience and dates."
    ),
    "invalid_request_uri": gettext_lazy("A pushed request works once, for a minute and a half."),
    "unmet_authentication_requirements": gettext_lazy(
        "Nobody here can reach the level of assurance that was demanded."
    ),
}
_NO_KEY = gettext_lazy(
    "What is for this application is to be encrypted, and none of its public keys can do that. Register one, or look "
    "at the document that lists them."
)
_DEFAULT = gettext_lazy("The reason below says what is wrong, in the words of the protocol.")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A refused request, as its developers read it."""

    mishap: Mishap
    advice: Text
    hints: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def explain(mishap: Mishap, client: Client) -> Explanation:
    """Return what happened and what to do, from what came and what is registered."""
    advice = _ADVICE.get(mishap.code, _DEFAULT)
    received = str(mishap.received.get("redirect_uri", ""))
    if mishap.code == "invalid_redirect_uri" and received:
        differences = nearest(received, list(client.redirect_uris))
        hints = _address_hints(received, differences[0].registered) if differences else [_no_address()]
        return Explanation(mishap, advice, hints, differences)
    if mishap.code == "invalid_scope":
        asked = str(mishap.received.get("scope", "")).split()
        return Explanation(mishap, advice, _scope_hints(asked, client))
    if mishap.description.startswith(client_keys.UNREADABLE):
        return Explanation(mishap, _NO_KEY)
    if mishap.code == "invalid_client":
        return Explanation(mishap, advice, _method_hints(str(mishap.received.get("authentication", "")), client))
    return Explanation(mishap, advice)


def _no_address() -> str:
    return _("No redirect address is registered for this application.")


def _address_hints(received: str, registered: str) -> list[str]:
    """Name the usual slips between two addresses."""
    mine, theirs = urlsplit(received), urlsplit(registered)
    slips = (
        (received.rstrip("/") == registered.rstrip("/"), _("Only the last slash differs.")),
        (received.lower() == registered.lower(), _("Only upper and lower case differ.")),
        (mine.scheme != theirs.scheme and mine.netloc == theirs.netloc, _("One uses http and the other https.")),
        (
            {mine.hostname, theirs.hostname} == {"localhost", "127.0.0.1"},
            _("localhost and 127.0.0.1 are two addresses."),
        ),
        (mine.hostname == theirs.hostname and mine.netloc != theirs.netloc, _("The ports differ.")),
        (bool(mine.query) and not theirs.query, _("The address received has a query: register it with its query.")),
        (mine.hostname != theirs.hostname and mine.path == theirs.path, _("The hosts differ.")),
    )
    return [hint for applies, hint in slips if applies]


def _scope_hints(asked: list[str], client: Client) -> list[str]:
    if "openid" not in asked:
        return [_("The scope openid is missing: without it nothing is OpenID Connect.")]
    refused = [name for name in asked if name in KNOWN and name not in client.scopes and name != "openid"]
    return [_("Not allowed to this application: %(scopes)s") % {"scopes": ", ".join(refused)}] if refused else []


def _method_hints(used: str, client: Client) -> list[str]:
    registered = client.token_endpoint_auth_method
    accepted = {"client_secret_basic", "client_secret_post"} if registered == "client_secret" else {registered}
    if used and used not in accepted:
        told = {"used": used, "registered": " / ".join(sorted(accepted))}
        return [_("It used %(used)s, and %(registered)s is registered.") % told]
    if client.has_secrets and not client.secrets.live().exists():
        return [_("None of its secrets works any more: make a new one.")]
    return [_("The method is right, so the secret or the key is not the one that we know.")] if used else []
