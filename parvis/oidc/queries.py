"""Which applications know a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from parvis.audit.registry import Named
from parvis.directory.models import User
from parvis.oidc import registry
from parvis.oidc.models import Client, Consent, Grant, LogoutDelivery
from parvis.oidc.registry import Face
from parvis.oidc.scopes import OPENID, SCOPES


@dataclass(slots=True)
class Access:
    """An application with access, and what the person has to know of it."""

    client: Client
    face: Face
    last_used_at: datetime | None = None
    consented_at: datetime | None = None
    shared: list[str] = field(default_factory=list)


def accesses_of(user: User) -> list[Access]:
    """Return the applications that the person shares something with now, by name, in four queries at most."""
    used = dict(
        Grant.objects.live()
        .filter(user=user)
        .values_list("client_id")
        .annotate(Max("created_at"))
        .order_by("client_id")
    )
    consents = {consent.client_id: consent for consent in Consent.objects.filter(user=user)}
    pks = list({*used, *consents})
    faces = registry.faces_of(pks)
    clients = Client.objects.filter(pk__in=pks)
    found = [_access(client, faces.get(client.pk, Face()), used.get(client.pk), consents) for client in clients]
    return sorted(found, key=lambda access: access.client.name.casefold())


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An application that has not confirmed a sign-out, and whether we still tell it."""

    client: Client
    since: datetime
    is_over: bool


def unconfirmed_of(user: User) -> list[Unconfirmed]:
    """Return the applications that may still hold a session of the person's, the latest first, with one query."""
    rows = LogoutDelivery.objects.filter(user=user, confirmed_at__isnull=True).select_related("client")
    latest = {row.client_id: row for row in rows.order_by("created_at")}
    found = sorted(latest.values(), key=lambda row: row.created_at, reverse=True)
    return [Unconfirmed(row.client, row.created_at, row.given_up_at is not None) for row in found]


def _access(client: Client, face: Face, used_at: datetime | None, consents: dict[UUID, Consent]) -> Access:
    consent = consents.get(client.pk)
    names = consent.scope.split() if consent else []
    return Access(
        client,
        face,
        last_used_at=used_at,
        consented_at=consent.given_at if consent else None,
        shared=[str(SCOPES[name].label) for name in SCOPES if name in names and name != OPENID and SCOPES[name].claims],
    )


def names(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name applications for the journal, with one query."""
    return {client.pk: Named(client.name) for client in Client.objects.filter(pk__in=list(ids))}


def export(user: User) -> dict[str, object]:
    """Return what the provider keeps of a person, for the download of their data."""
    grants = Grant.objects.filter(user=user).select_related("client").order_by("-created_at")
    return {
        "consents": [
            {"application": consent.client.name, "scope": consent.scope, "given_at": consent.given_at}
            for consent in Consent.objects.filter(user=user).select_related("client")
        ],
        "sign_ins_to_applications": [
            {
                "application": grant.client.name,
                "scope": grant.scope,
                "at": grant.created_at,
                "ended_at": grant.revoked_at or grant.expires_at,
                "acr": grant.acr,
            }
            for grant in grants
        ],
    }
