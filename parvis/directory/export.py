"""Everything that is kept about a person, as JSON (GDPR, articles 15 and 20). Layers above add their own sections."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parvis.audit.journal import record
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import registry
from parvis.directory.models import Invitation, User
from parvis.directory.models.dated import DatedMembership

PROFILE = (
    "id",
    "given_name",
    "family_name",
    "display_name",
    "job_title",
    "phone_number",
    "language",
    "time_zone",
    "state",
    "is_operator",
    "card_audience",
    "email_audience",
    "phone_audience",
    "created_at",
    "updated_at",
)


@transaction.atomic
def everything_about(user: User) -> dict[str, Any]:
    """Return every section; the journal notes the download."""
    record(tag=Tag.USER_EXPORTED, by=user, target=user, person=user)
    sections: dict[str, Any] = {
        "exported_at": timezone.now(),
        "profile": {name: getattr(user, name) for name in PROFILE} | {"photo": user.photo.name},
        "emails": list(user.emails.values("address", "verified_at", "is_primary", "created_at")),
        "organizations": [
            _place(place, organization=place.organization.name, job_title=place.job_title)
            for place in user.organization_memberships.select_related("organization")
        ],
        "groups": [
            _place(membership, group=membership.group.name, note=membership.note)
            for membership in user.memberships.select_related("group")
        ],
        "invitations_sent": list(
            Invitation.objects.filter(invited_by=user).values(
                "group__name", "address", "role", "created_at", "accepted_at"
            )
        ),
        "imported_records": list(user.source_records.values("source", "collection", "key", "fields", "body")),
        "journal": [_event(event, user.pk) for event in Event.objects.about(user.pk).iterator(chunk_size=500)],
    }
    sections |= {name: section(user) for name, section in registry.export_sections.items()}
    return sections


def _place(place: DatedMembership, **fields: str) -> dict[str, Any]:
    dates: dict[str, date | None] = {"starts_on": place.starts_on, "ends_on": place.ends_on}
    return {**fields, "role": place.role, **dates}


def _event(event: Event, person: UUID) -> dict[str, Any]:
    """Return an event without the identity of who else acted: that is theirs."""
    by = "me" if event.by_id == person else ("someone else" if event.by_id else "Parvis")
    return {"at": event.at, "what": event.tag, "by": by, "data": event.data}
