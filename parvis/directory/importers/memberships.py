"""The places of people: what a batch's records ask of their memberships, in groups and in organisations."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from parvis.audit.journal import entry
from parvis.audit.tags import Tag
from parvis.directory.importers import places
from parvis.directory.importers.findings import Findings, Kind
from parvis.directory.importers.known import Known
from parvis.directory.importers.plan import Batch
from parvis.directory.importers.wanted import Interval, Wanted, before_closing, intervals_of
from parvis.directory.models import Group, GroupMembership, Organization, OrganizationMembership
from parvis.directory.models.dated import DatedMembership, warning_already_given

Rows = dict[tuple[UUID, UUID], list[DatedMembership]]
"""Memberships by person and place."""


def load(user_ids: Iterable[UUID]) -> Rows:
    """Read the memberships of people: two queries, whatever their number."""
    people = list(user_ids)
    rows: Rows = defaultdict(list)
    if people:
        for membership in GroupMembership.objects.filter(user_id__in=people):
            rows[membership.user_id, membership.group_id].append(membership)
        for place in OrganizationMembership.objects.filter(user_id__in=people):
            rows[place.user_id, place.organization_id].append(place)
    return rows


class Places:
    """Compares the places of one batch of people and adds the difference to it."""

    def __init__(self, known: Known, batch: Batch, found: Findings, rows: Rows) -> None:
        self._known, self._batch, self._found, self._rows = known, batch, found, rows
        self._yesterday = timezone.localdate() - timedelta(days=1)

    def follow(self, item: Wanted, user_id: UUID, before: dict[str, Any]) -> None:
        """Follow what a record asks, from what the last import asked."""
        for ref in sorted({*item.places, *before}):
            place = self._known.entries.get(ref)
            if place is None or place.target_id is None:
                continue
            asked = intervals_of(before.get(ref, []))
            if asked != item.places.get(ref, []):
                self._compare(item, ref, place.target_id, user_id, asked)

    def leave(self, user_id: UUID, before: dict[str, Any]) -> None:
        """End the places of a person who left the source; what is over stays as history."""
        for ref in sorted(before):
            place = self._known.entries.get(ref)
            for row in self._rows.get((user_id, place.target_id), []) if place and place.target_id else []:
                asked = [start for start, _end in intervals_of(before[ref])]
                if row.starts_on in asked and (row.ends_on is None or row.ends_on > self._yesterday):
                    self._end(row, ref)

    def _compare(self, item: Wanted, ref: str, place_id: UUID, user_id: UUID, before: list[Interval]) -> None:
        place = self._known.entries[ref]
        steps = places.compare(before, item.places.get(ref, []), self._rows.get((user_id, place_id), []))
        for interval in steps.create:
            if cut := before_closing(interval, place.closed_on):
                self._create(ref, place_id, user_id, cut)
        for row, interval in steps.change:
            self._change(row, ref, before_closing(interval, place.closed_on))
        for row in steps.remove:
            self._end(row, ref)
        for kind, intervals in ((Kind.HELD_HERE, steps.held), (Kind.EDITED_HERE, steps.edited)):
            for start, end in intervals:
                self._found.add(kind, item.file, ref, was=f"{start} – {end or '…'}")

    def _create(self, ref: str, place_id: UUID, user_id: UUID, interval: Interval) -> None:
        start, end = interval
        row: DatedMembership
        if ref.startswith("organisations/"):
            row = OrganizationMembership(organization_id=place_id, user_id=user_id)
        else:
            row = GroupMembership(group_id=place_id, user_id=user_id)
        row.starts_on, row.ends_on = start, end
        self._settle_end(row)
        self._batch.places.append(row)
        self._tell(row, self._known.entries[ref].organization_id, _STARTED)

    def _change(self, row: DatedMembership, ref: str, interval: Interval | None) -> None:
        if interval is None:
            self._end(row, ref)
        elif interval != (row.starts_on, row.ends_on):
            row.starts_on, row.ends_on = interval
            self._settle_end(row)
            self._batch.changed_places.append(row)
            self._tell(row, self._known.entries[ref].organization_id, _CHANGED)

    def _end(self, row: DatedMembership, ref: str) -> None:
        """End what holds today; remove what has not begun, and what the source says never was."""
        self._tell(row, self._known.entries[ref].organization_id, _ENDED)
        self._batch.ended += 1
        is_over = row.ends_on is not None and row.ends_on <= self._yesterday
        if is_over or row.starts_on > self._yesterday:
            self._batch.removed_places.append(row)
            return
        row.ends_on, row.is_end_recorded = self._yesterday, True
        self._batch.changed_places.append(row)

    def _settle_end(self, row: DatedMembership) -> None:
        """Leave nothing to warn of or to journal about an end that is past."""
        row.warned_at_days = warning_already_given(row.ends_on)
        row.is_end_recorded = row.ends_on is not None and row.ends_on <= self._yesterday

    def _tell(self, row: DatedMembership, organization_id: UUID | None, tags: tuple[Tag, Tag]) -> None:
        about: dict[str, object] = {"role": row.role, "because": "import", "source": self._known.source}
        about |= {"starts_on": row.starts_on.isoformat(), "ends_on": _shown(row.ends_on)}
        target: Group | Organization
        if isinstance(row, GroupMembership):
            target, tag = Group(pk=row.group_id), tags[0]
            about["group"] = str(row.group_id)
        else:
            assert isinstance(row, OrganizationMembership)  # noqa: S101 - the only other kind; tells the type checker
            target, tag = Organization(pk=row.organization_id), tags[1]
            organization_id = row.organization_id
        person = _Person(row.user_id)
        event = entry(tag=tag, by=None, target=target, person=person, organization=organization_id, **about)
        self._batch.events.append(event)


class _Person:
    """Somebody of whom only the identifier is needed."""

    def __init__(self, pk: UUID) -> None:
        self.pk = pk


def _shown(day: date | None) -> str | None:
    return day.isoformat() if day else None


_STARTED = (Tag.MEMBERSHIP_STARTED, Tag.ORGANIZATION_MEMBER_ADDED)
_CHANGED = (Tag.MEMBERSHIP_CHANGED, Tag.ORGANIZATION_MEMBER_CHANGED)
_ENDED = (Tag.MEMBERSHIP_ENDED, Tag.ORGANIZATION_MEMBER_REMOVED)
