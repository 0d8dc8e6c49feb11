"""What becomes of a person's applications when they sign out: said truthfully, to them alone, signed in or not.

Whoever has just signed out has no session any more. So the page that tells it is named by a signed reference, which
nobody can guess and which ends with the deliveries themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.accounts.registry import EndedSession
from parvis.lib.urls import with_query
from parvis.oidc import clients
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.models import Grant, LogoutDelivery
from parvis.oidc.subjects import sid_of

_SALT = "parvis.oidc.farewell"


@dataclass(frozen=True, slots=True)
class Farewell:
    """A session that a person has ended, and where an application wants them back, if one asked for it."""

    sid: UUID
    user_id: UUID
    back_to: str = ""
    application: str = ""
    language: str = ""

    @property
    def reference(self) -> str:
        """Return what names it in an address."""
        values = [self.sid.hex, self.user_id.hex, self.back_to, self.application, self.language]
        return signing.dumps(values, salt=_SALT, compress=True)

    @property
    def address(self) -> str:
        """Return the address of its page."""
        return reverse("oidc:signed-out", args=[self.reference])


def read(reference: str) -> Farewell | None:
    """Return what a reference names; None when it is not ours, or a day old."""
    try:
        found = signing.loads(reference, salt=_SALT, max_age=LogoutDelivery.LIFETIME)
        sid, user_id, back_to, application, language = found
        return Farewell(UUID(sid), UUID(user_id), back_to, application, language)
    except (signing.BadSignature, TypeError, ValueError):
        return None


def after_sign_out(ended: EndedSession) -> str:
    """Return the page for who has just signed out here; none when no application knows of the session."""
    known = Grant.objects.filter(user_id=ended.user_id, sid=ended.sid, code_used_at__isnull=False)
    return Farewell(ended.sid, ended.user_id, language=get_language() or "").address if known.exists() else ""


class Standing(models.TextChoices):
    """Where an application stands with a sign-out."""

    CONFIRMED = "confirmed", _("Signed out")
    WAITING = "waiting", _("Not confirmed yet")
    GIVEN_UP = "given-up", _("Did not confirm")
    IN_BROWSER = "in-browser", _("Told in this browser")
    NOT_TOLD = "not-told", _("Cannot be told")

    @property
    def tone(self) -> str:
        """Return the tone of its tag."""
        return {"confirmed": "success", "waiting": "warning", "given-up": "danger"}.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        """Return the icon of its tag."""
        icons = {"confirmed": "success", "waiting": "clock", "given-up": "warning", "in-browser": "device"}
        return icons.get(self.value, "info")


@dataclass(frozen=True, slots=True)
class Parting:
    """An application that a person had opened in a session, and where it stands now."""

    client: RegisteredClient
    standing: Standing

    @property
    def name(self) -> str:
        """Return the application's name in the reader's language."""
        return self.client.name


def partings(farewell: Farewell) -> list[Parting]:
    """Return the applications of the session by name, with two queries whatever their number."""
    opened = Grant.objects.filter(user_id=farewell.user_id, sid=farewell.sid, code_used_at__isnull=False)
    rows = LogoutDelivery.objects.filter(user_id=farewell.user_id, sid=farewell.sid)
    deliveries = {row.client_id: row for row in rows}
    pks = set(opened.values_list("client_id", flat=True)) | set(deliveries)
    known = [client for pk in pks if (client := clients.find_by_pk(pk))]
    found = [Parting(client, _standing(client, deliveries.get(client.pk))) for client in known]
    return sorted(found, key=lambda parting: parting.name.casefold())


def _standing(client: RegisteredClient, delivery: LogoutDelivery | None) -> Standing:
    if delivery is None:
        return Standing.IN_BROWSER if client.frontchannel_logout_uri else Standing.NOT_TOLD
    if delivery.confirmed_at:
        return Standing.CONFIRMED
    return Standing.GIVEN_UP if delivery.given_up_at else Standing.WAITING


def frames(farewell: Farewell, told: Iterable[Parting]) -> dict[str, str]:
    """Return the names and addresses of the frames that tell applications (Front-Channel Logout 1.0, section 3)."""
    return {
        parting.name: _frame(parting.client, farewell.sid) for parting in told if parting.client.frontchannel_logout_uri
    }


def _frame(client: RegisteredClient, sid: UUID) -> str:
    uri = client.frontchannel_logout_uri
    if not client.frontchannel_logout_session_required:
        return uri
    return with_query(uri, {"iss": settings.ISSUER, "sid": sid_of(client, sid)})


def origins(addresses: Iterable[str]) -> str:
    """Return what a policy must allow to show these frames: their origins, and nothing else."""
    parts = [urlsplit(address) for address in addresses]
    return " ".join(sorted({f"{part.scheme}://{part.netloc}" for part in parts}))
