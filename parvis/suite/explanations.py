"""A refused request in words that help: what happened, and what to change. Developers read these, not users."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.oidc.differences import Difference, nearest
from parvis.oidc.models import Client, Mishap
from parvis.oidc.scopes import KNOWN, RESTRICTED
from parvis.suite.mishap_cases import Case, Page, case_of
from parvis.suite.models import Application

_PATHS = {"push": "/oidc/par", "revoke": "/oidc/revoke", "introspect": "/oidc/introspect"}


@dataclass(slots=True)
class Explanation:
    """A refused request, as its developers read it; the same one again is only counted."""

    mishap: Mishap
    case: Case
    times: int = 1
    hints: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    page: Page | None = None
    """Where to mend it."""
    page_url: str = ""

    @property
    def path(self) -> str:
        """Return which of our addresses refused it."""
        return _PATHS.get(self.mishap.endpoint, f"/oidc/{self.mishap.endpoint}")


def explain_all(mishaps: Iterable[Mishap], application: Application, client: Client, most: int) -> list[Explanation]:
    """Return what went wrong, the newest first, each thing once however often it happened."""
    found: dict[str, Explanation] = {}
    for mishap in mishaps:
        same = f"{mishap.endpoint} {mishap.code} {mishap.description} {sorted(mishap.received.items())}"
        if same in found:
            found[same].times += 1
        else:
            found[same] = Explanation(mishap, case_of(mishap.code, mishap.description))
    shown = list(islice(found.values(), most))
    for one in shown:
        _complete(one, application, client)
    return shown


def _complete(one: Explanation, application: Application, client: Client) -> None:
    """Add what depends on what came and on what is registered."""
    received, description = one.mishap.received, one.mishap.description
    one.page = one.case.page
    if "redirect_uri is not one" in description or "redirect_uri differs" in description:
        _compare(one, client)
    elif one.mishap.code == "invalid_scope":
        _look_at_scopes(one, str(received.get("scope", "")).split(), client)
    elif one.mishap.code == "invalid_client" and description.startswith("Unknown client"):
        _look_at_the_method(one, str(received.get("authentication", "")), client)
    if one.page is Page.CHECK and not client.has_secrets:
        one.page = Page.MORE
    if one.page:
        name, _label, anchor = one.page.value
        one.page_url = reverse(f"suite:{name}", args=[application.slug]) + (f"#{anchor}" if anchor else "")


def _compare(one: Explanation, client: Client) -> None:
    """Put the address that came beside those that are registered."""
    is_farewell = one.mishap.description.startswith("post_logout")
    name = "post_logout_redirect_uri" if is_farewell else "redirect_uri"
    registered = client.post_logout_redirect_uris if is_farewell else client.redirect_uris
    received = str(one.mishap.received.get(name, ""))
    if not received:
        return
    one.differences = nearest(received, list(registered))
    if one.differences:
        one.hints = _address_hints(received, one.differences[0].registered)
    else:
        one.hints = [_("No address is registered for this."), _("Received: %(address)s") % {"address": received}]


def _address_hints(received: str, registered: str) -> list[str]:
    """Name the usual slips between two addresses."""
    mine, theirs = urlsplit(received), urlsplit(registered)
    slips = (
        (
            received.rstrip("/") == registered.rstrip("/") and received != registered,
            _("Only the last slash differs."),
        ),
        (received.lower() == registered.lower() and received != registered, _("Only upper and lower case differ.")),
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


def _look_at_scopes(one: Explanation, asked: list[str], client: Client) -> None:
    """Name the scopes that are too many, and send to where they can be had."""
    refused = [name for name in asked if name in KNOWN and name not in client.scopes and name != "openid"]
    if refused and "openid" in asked:
        one.hints = [_("Not allowed to this application: %(scopes)s") % {"scopes": ", ".join(refused)}]
        if RESTRICTED & set(refused):
            one.hints.append(_("Operators grant %(scopes)s.") % {"scopes": ", ".join(sorted(RESTRICTED))})
            one.page = Page.SCOPES


def _look_at_the_method(one: Explanation, used: str, client: Client) -> None:
    """Say whether the way of proving is wrong, or what was presented."""
    registered = client.token_endpoint_auth_method
    accepted = {"client_secret_basic", "client_secret_post"} if registered == "client_secret" else {registered}
    if used and used not in accepted:
        told = {"used": used, "registered": " / ".join(sorted(accepted))}
        one.hints = [_("It used %(used)s, and %(registered)s is registered.") % told]
        one.page = Page.CONNECT if client.is_public else Page.MORE
    elif client.has_secrets and not client.secrets.live().exists():
        one.hints, one.page = [_("None of its secrets works any more: make a new one.")], Page.SECRETS
    elif used:
        one.hints = [_("The method is right, so the secret or the key is not the one that we know.")]
