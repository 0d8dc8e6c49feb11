"""Recording: called by actions, inside their transaction."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from django.db import models

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.web import request_id


class Identified(Protocol):
    """Anything with a UUID primary key."""

    @property
    def pk(self) -> UUID: ...  # noqa: D102 - the protocol's only attribute


def entry(
    *,
    tag: Tag,
    by: Identified | None,
    target: models.Model | None = None,
    person: Identified | None = None,
    organization: Identified | UUID | None = None,
    **data: object,
) -> Event:
    """Return an unsaved event, for actions that insert many at once."""
    organization_id = organization if isinstance(organization, UUID) or organization is None else organization.pk
    return Event(
        tag=tag,
        by_id=by.pk if by is not None else None,
        person_id=person.pk if person is not None else None,
        organization_id=organization_id,
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None and isinstance(target.pk, UUID) else None,
        data=data,
        request_id=request_id.current.get(),
    )


def record(
    *,
    tag: Tag,
    by: Identified | None,
    target: models.Model | None = None,
    person: Identified | None = None,
    organization: Identified | UUID | None = None,
    **data: object,
) -> Event:
    """Insert one event. `data` holds JSON values that help to understand it, and never a secret."""
    event = entry(tag=tag, by=by, target=target, person=person, organization=organization, **data)
    event.save(force_insert=True)
    return event


def record_many(events: Iterable[Event]) -> None:
    """Insert events made by `entry` with few statements."""
    Event.objects.bulk_create(events, batch_size=500)
