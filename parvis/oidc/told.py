"""What an application that registered itself says to people: links to its site, its terms, and what it does with data.

Its logo is a link like the others: a picture from elsewhere would tell that site who is about to sign in, and when.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.oidc.models import Client

LINKS: dict[str, str | Promise] = {
    "client_uri": _("Its website"),
    "policy_uri": _("What it does with your data"),
    "tos_uri": _("Its terms of use"),
    "logo_uri": _("Its logo"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the application's own."""

    label: str
    url: str


def links_of(client_pk: UUID) -> list[Link]:
    """Return the links of an application, in the reader's language when it gave several (RFC 7591, section 2.2)."""
    said: dict[str, str] = Client.objects.filter(pk=client_pk).values_list("metadata", flat=True).first() or {}
    language = get_language() or "en"
    found = {name: said.get(f"{name}#{language}") or said.get(name) for name in LINKS}
    return [Link(str(LINKS[name]), url) for name, url in found.items() if url]
