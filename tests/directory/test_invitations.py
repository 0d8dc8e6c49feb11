"""Invitations: signed, for one address and one group, single use, expiring (traps 28 and 31)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import actions
from parvis.directory.actions.invitations import _SALT, read_token, token_for
from parvis.directory.exceptions import InvitationUnusableError, WrongPersonError
from parvis.directory.models import GroupMembership, Invitation
from parvis.mail.models import Message
from tests.directory.conftest import SignedIn
from tests.factories.directory import EmailFactory, InvitationFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def accept_url(invitation: Invitation) -> str:
    return reverse("directory:invitation-accept", args=[token_for(invitation)])


def test_the_invited_address_joins_whatever_its_case() -> None:
    manager = MembershipFactory(manager=True)
    end = timezone.localdate() + timedelta(days=60)
    invitation = actions.invite(
        by=manager.user, group=manager.group, address="LEA@Exämple.ORG", role="manager", membership_ends_on=end
    )
    person = UserFactory(address="lea@xn--exmple-cua.org")
    membership = actions.accept_invitation(by=person, token=token_for(invitation))
    assert (membership.user, membership.role, membership.ends_on) == (person, "manager", end)
    tags = set(Event.objects.on(manager.group).values_list("tag", flat=True))
    assert {Tag.INVITATION_SENT, Tag.INVITATION_ACCEPTED, Tag.MEMBERSHIP_STARTED} <= tags


def test_a_link_works_once() -> None:
    invitation, person = InvitationFactory(), UserFactory(address="invited@example.org")
    actions.accept_invitation(by=person, token=token_for(invitation))
    with pytest.raises(InvitationUnusableError):
        actions.accept_invitation(by=person, token=token_for(invitation))
    assert GroupMembership.objects.count() == 1


def test_another_person_cannot_use_the_link() -> None:
    invitation = InvitationFactory()
    other = UserFactory(address="other@example.org")
    EmailFactory(user=other, address="invited@example.org", verified_at=None, is_primary=False)
    with pytest.raises(WrongPersonError):
        actions.accept_invitation(by=other, token=token_for(invitation))
    assert not GroupMembership.objects.exists()
    invitation.refresh_from_db()
    assert invitation.is_pending


def test_an_expired_withdrawn_or_closed_invitation_is_refused() -> None:
    person = UserFactory(address="invited@example.org")
    expired = InvitationFactory(expires_at=timezone.now() - timedelta(seconds=1))
    withdrawn = InvitationFactory(withdrawn_at=timezone.now())
    closed = InvitationFactory(group__closed_on=timezone.localdate())
    for invitation in (expired, withdrawn, closed):
        with pytest.raises(InvitationUnusableError):
            actions.accept_invitation(by=person, token=token_for(invitation))
    assert not GroupMembership.objects.exists()


def test_a_token_of_one_invitation_opens_no_other() -> None:
    mine, theirs = InvitationFactory(), InvitationFactory()
    bound = {"i": theirs.pk.hex, "a": theirs.canonical, "g": mine.group_id.hex}
    for forged in (
        signing.dumps(bound, salt=_SALT, compress=True),
        signing.dumps({"i": mine.pk.hex}, salt=_SALT),
        signing.dumps([1, 2], salt=_SALT),
        signing.dumps({"i": mine.pk.hex, "a": mine.canonical, "g": mine.group_id.hex}, salt="another"),
    ):
        with pytest.raises(InvitationUnusableError):
            read_token(forged)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(InvitationUnusableError):
        read_token(text)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_token_changed_anywhere_is_refused(data: st.DataObject) -> None:
    token = token_for(Invitation.objects.first() or InvitationFactory())
    position = data.draw(st.integers(0, len(token) - 2))  # The last character's low bits carry nothing in base 64.
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda char: char != token[position]))
    with pytest.raises(InvitationUnusableError):
        read_token(token[:position] + other + token[position + 1 :])


def test_the_answer_is_the_same_whether_the_address_has_an_account() -> None:
    manager = MembershipFactory(manager=True)
    UserFactory(address="known@example.org")
    for address in ("known@example.org", "unknown@example.org"):
        actions.invite(by=manager.user, group=manager.group, address=address)
    known, unknown = Message.objects.order_by("to")
    bare = [re.sub(r"https?://\S+", "", mail.text.replace(mail.to, "")) for mail in (known, unknown)]
    assert bare[0] == bare[1]
    assert all(event.person_id is None for event in Event.objects.filter(tag=Tag.INVITATION_SENT))


def test_inviting_again_renews_the_invitation_that_waits() -> None:
    manager = MembershipFactory(manager=True)
    first = actions.invite(by=manager.user, group=manager.group, address="a@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        second = actions.invite(by=manager.user, group=manager.group, address="A@example.org", role="manager")
        assert second.pk == first.pk
        assert second.is_pending
        assert second.role == "manager"
    assert Message.objects.count() == 2


def test_an_invitation_is_sent_again_and_withdrawn() -> None:
    invitation = InvitationFactory(expires_at=timezone.now() - timedelta(days=1))
    actions.resend_invitation(by=invitation.invited_by, invitation=invitation)
    assert read_token(token_for(invitation)).is_pending
    actions.withdraw_invitation(by=invitation.invited_by, invitation=invitation)
    with pytest.raises(InvitationUnusableError):
        read_token(token_for(invitation))
    with pytest.raises(InvitationUnusableError):
        actions.resend_invitation(by=invitation.invited_by, invitation=invitation)


def test_who_already_belongs_keeps_their_dates_and_may_become_a_manager() -> None:
    membership = MembershipFactory(user=UserFactory(address="invited@example.org"))
    invitation = InvitationFactory(group=membership.group, role="manager")
    result = actions.accept_invitation(by=membership.user, token=token_for(invitation))
    assert result.pk == membership.pk
    assert (result.role, result.starts_on) == ("manager", membership.starts_on)


# --- The page --------------------------------------------------------------------------------------------------------
def test_a_signed_out_visitor_is_led_to_sign_in_and_back(client: Client) -> None:
    invitation = InvitationFactory()
    page = client.get(accept_url(invitation))
    assert page.status_code == 200
    assert "next=%2Finvitation%2F" in page.content.decode()
    client.post(accept_url(invitation))
    assert not GroupMembership.objects.exists()


def test_the_invited_person_joins_by_the_page(signed_in: SignedIn) -> None:
    invitation = InvitationFactory()
    browser = signed_in(UserFactory(address="invited@example.org"))
    assert "Join the group" in browser.get(accept_url(invitation)).content.decode()
    assert not GroupMembership.objects.exists()
    answer: Any = browser.post(accept_url(invitation))
    assert answer.url == invitation.group.get_absolute_url()
    assert GroupMembership.objects.current().count() == 1
    assert browser.get(accept_url(invitation)).status_code == 410


def test_another_person_is_told_which_address_is_needed(signed_in: SignedIn) -> None:
    invitation = InvitationFactory()
    browser = signed_in(UserFactory(address="other@example.org"))
    assert "Join the group" not in browser.get(accept_url(invitation)).content.decode()
    browser.post(accept_url(invitation))
    assert not GroupMembership.objects.exists()


@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "0" * 3000, "..%2F.."])
def test_a_forged_link_is_gone(client: Client, token: str) -> None:
    assert client.get(f"/invitation/{token}/").status_code in {404, 410}
