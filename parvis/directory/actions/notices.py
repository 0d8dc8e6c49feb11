"""Mails that the directory sends. Each is written in its reader's language, inside the transaction of what it tells."""

from collections.abc import Iterable

from parvis.directory.models import Group, GroupMembership, Invitation, User
from parvis.directory.models.dated import DatedMembership
from parvis.directory.models.user import primary_addresses
from parvis.lib.urls import absolute
from parvis.mail.outbox import enqueue


def _send(people: Iterable[User], template: str, context: dict[str, object]) -> None:
    """Write one mail to each person's main address; those without one are skipped."""
    readers = list(people)
    addresses = primary_addresses([person.pk for person in readers])
    for person in readers:
        if address := addresses.get(person.pk):
            reader = {"person": person, **context}
            enqueue(template=f"directory/mail/{template}", to=address, language=person.language, context=reader)


def tell_membership_started(*, by: User, membership: GroupMembership) -> None:
    """Tell a person that someone added them to a group."""
    url = absolute("directory:group-detail", membership.group.slug)
    context: dict[str, object] = {"by": by, "group": membership.group, "membership": membership, "url": url}
    _send([membership.user], "membership_started", context)


def tell_ending(*, membership: GroupMembership, managers: Iterable[User]) -> None:
    """Warn a person, and those who can prolong it, that a membership ends soon."""
    url = absolute("directory:group-detail", membership.group.slug)
    context: dict[str, object] = {"group": membership.group, "membership": membership, "url": url}
    _send([membership.user], "membership_ending", context)
    change = absolute("directory:membership-change", membership.pk)
    others = [manager for manager in managers if manager.pk != membership.user_id]
    _send(others, "membership_ending_manager", context | {"member": membership.user, "url": change})


def tell_invited(*, invitation: Invitation, token: str, language: str) -> None:
    """Send an invitation; it says nothing on whether the address has an account."""
    context = {
        "by": invitation.invited_by,
        "group": invitation.group,
        "invitation": invitation,
        "url": absolute("directory:invitation-accept", token),
    }
    enqueue(template="directory/mail/invitation", to=invitation.address, language=language, context=context)


def tell_erased(*, name: str, language: str, address: str) -> None:
    """Confirm an erasure to the address that is being forgotten."""
    enqueue(template="directory/mail/account_erased", to=address, language=language, context={"name": name})


def managers_of(groups: Iterable[Group]) -> dict[object, list[User]]:
    """Return the current managers of each group, with one query."""
    found: dict[object, list[User]] = {}
    current = GroupMembership.objects.current().filter(
        group__in=groups, role=DatedMembership.Role.MANAGER, user__state=User.State.ACTIVE
    )
    for membership in current.select_related("user"):
        found.setdefault(membership.group_id, []).append(membership.user)
    return found
