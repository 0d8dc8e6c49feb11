"""Groups of the story, who is in them, who works where, and who is invited."""

from typing import Any

from parvis.audit.tags import Tag
from parvis.demo.actions.telling import Telling, arrival, founds, made
from parvis.demo.story import ids
from parvis.demo.story.people import INVITATIONS, OPERATOR, PEOPLE, PersonStory, PlaceStory
from parvis.demo.story.places import GROUPS
from parvis.directory.models import Group, GroupMembership, Invitation, OrganizationMembership
from parvis.directory.models.dated import warning_already_given
from parvis.lib import email_address


def tell_groups(telling: Telling) -> None:
    """Make the groups, each under the one that it is a part of."""
    calendar = telling.calendar
    rows: list[tuple[str, Group]] = []
    for story in GROUPS:
        group = Group(
            id=ids.named("group", story.key),
            slug=story.key,
            name=story.name,
            kind=story.kind,
            description=story.description,
            organization=telling.organizations.get(story.organization),
            parent_id=ids.named("group", story.parent) if story.parent else None,
            visibility=story.visibility,
            closed_on=calendar.day_or_none(story.closed),
            created_at=calendar.moment(story.created, story.key),
        )
        rows.append((story.key, group))
    made(rows, telling.groups)
    for story in GROUPS:
        group = telling.groups[story.key]
        about: dict[str, Any] = {"organization": group.organization_id}
        by = next((person.key for person in PEOPLE for place in person.places if founds(place, story.key)), OPERATOR)
        telling.journal(group.created_at, Tag.GROUP_CREATED, by=by, target=group, **about)
        edited_at = calendar.moment(min(story.created + 45, -3), story.name)
        telling.journal(edited_at, Tag.GROUP_EDITED, by=by, target=group, fields=["description"], **about)
        if story.closed:
            telling.journal(calendar.moment(story.closed, story.key), Tag.GROUP_CLOSED, by=by, target=group, **about)


def tell_places(telling: Telling) -> None:
    """Give people their places in organisations and in groups."""
    places: list[OrganizationMembership] = []
    memberships: list[GroupMembership] = []
    for story in PEOPLE:
        keys = [key for key in (story.organization, story.second_organization) if key]
        places += [_employed(telling, story, key) for key in keys]
        memberships += [_joined(telling, story, place) for place in story.places]
    OrganizationMembership.objects.bulk_create(places)
    GroupMembership.objects.bulk_create(memberships)


def _employed(telling: Telling, story: PersonStory, key: str) -> OrganizationMembership:
    user, organization = telling.people[story.key], telling.organizations[key]
    at = arrival(telling.calendar, story)
    role = "manager" if story.looks_after and key == story.organization else "member"
    about: dict[str, Any] = {"person": user, "organization": organization, "role": role, "because": "domain"}
    telling.journal(at, Tag.ORGANIZATION_MEMBER_ADDED, by=story.key, target=organization, name=story.key, **about)
    return OrganizationMembership(
        id=ids.named("place", f"{story.key}:{key}"),
        organization=organization,
        user=user,
        job_title=story.job_title,
        role=role,
        starts_on=at.date(),
        created_at=at,
    )


def _joined(telling: Telling, story: PersonStory, place: PlaceStory) -> GroupMembership:
    calendar, user, group = telling.calendar, telling.people[story.key], telling.groups[place.group]
    name = f"{story.key}:{place.group}"
    at = calendar.moment(min(place.start, -2), name)
    ends_on = calendar.day_or_none(place.end)
    role = "manager" if place.manages else "member"
    managers = (person.key for person in PEOPLE for other in person.places if founds(other, place.group))
    by = next(managers, OPERATOR)
    about: dict[str, Any] = {
        "person": user,
        "organization": group.organization_id,
        "role": role,
        "group": str(group.pk),
    }
    telling.journal(at, Tag.MEMBERSHIP_STARTED, by=by, target=group, name=name, **about)
    is_over = place.end is not None and place.end < 0
    if place.end is not None and is_over:
        ended_at = calendar.moment(place.end + 1, name)
        telling.journal(ended_at, Tag.MEMBERSHIP_ENDED, by=None, target=group, name=name, because="end", **about)
    return GroupMembership(
        id=ids.named("membership", name),
        group=group,
        user=user,
        role=role,
        starts_on=calendar.day(place.start),
        ends_on=ends_on,
        note=place.note,
        warned_at_days=warning_already_given(ends_on),
        is_end_recorded=is_over,
        created_at=at,
    )


def tell_invitations(telling: Telling) -> None:
    """Make the invitations that still wait."""
    invitations = []
    for key, address, role, by, days_ago, lasts in INVITATIONS:
        group, at = telling.groups[key], telling.calendar.moment(-days_ago, address)
        invitation = Invitation(
            id=ids.named("invitation", f"{key}:{address}"),
            group=group,
            address=address,
            canonical=email_address.canonical(address),
            role=role,
            membership_ends_on=telling.calendar.day_or_none(lasts),
            invited_by=telling.people[by],
            created_at=at,
            expires_at=at + Invitation.LIFETIME,
        )
        invitations.append(invitation)
        about: dict[str, Any] = {"role": role, "group": str(group.pk), "invitation": str(invitation.pk)}
        telling.journal(at, Tag.INVITATION_SENT, by=by, target=group, name=address, **about)
    Invitation.objects.bulk_create(invitations)
