"""Signing in and out."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from parvis.accounts import assurance, devices, registry, user_agents
from parvis.accounts.models import Session
from parvis.accounts.sessions import SessionStore
from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import OrganizationMembership, User
from parvis.directory.models.user import primary_addresses
from parvis.lib.urls import absolute
from parvis.mail import outbox
from parvis.web.clients import client_ip


class AccountClosedError(Exception):
    """The person has proven who they are, but their account is suspended."""


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser that signs in."""

    ip_address: str
    user_agent: str
    device_token: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Browser":
        """Return the browser of a request."""
        return cls(client_ip(request), request.headers.get("User-Agent", ""), devices.token_of(request))

    @property
    def words(self) -> str:
        """Return what people call it."""
        return user_agents.describe(self.user_agent)


@transaction.atomic
def sign_in(
    *, session: SessionStore, user: User, proofs: dict[str, float], browser: Browser, is_new_account: bool = False
) -> str:
    """Sign a person in; return the token to leave in a browser that has become theirs. Raises AccountClosedError.

    The person is read again under a lock: an account suspended a moment ago does not get a session.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise AccountClosedError
    session.sign_in(user, proofs, ip_address=browser.ip_address, user_agent=browser.user_agent)
    token, is_new = devices.remember(user, browser.device_token)
    journal.record(tag=Tag.SIGNED_IN, by=user, person=user, amr=assurance.amr(proofs), new_device=is_new)
    if is_new and not is_new_account:
        tell(user, "accounts/mail/new-device", when=timezone.now(), browser=browser.words)
    return token


@transaction.atomic
def step_up(*, session: SessionStore, method: str) -> None:
    """Note that the person of a session has just confirmed who they are; the session's key changes."""
    user = session.person
    session.prove({method: time.time()})
    journal.record(tag=Tag.STEPPED_UP, by=user, person=user, amr=assurance.amr(session.proofs))


class NotAMemberError(Exception):
    """The person does not belong to that organisation today."""


@transaction.atomic
def act_for(*, session: SessionStore, organization_id: UUID) -> None:
    """Let the person act for one of their organisations in this session from now on. Raises NotAMemberError."""
    user = session.person
    places = OrganizationMembership.objects.current().filter(user=user, organization_id=organization_id)
    if user is None or not places.exists():
        raise NotAMemberError
    session.act_for(organization_id)
    journal.record(tag=Tag.ORGANIZATION_CHOSEN, by=user, person=user, organization=organization_id)


def sign_out(*, session: SessionStore) -> registry.EndedSession | None:
    """End this session, and tell those who registered; return what ended, unless another request did it first."""
    user, sid = session.person, session.sid
    with transaction.atomic():
        if not session.end() or user is None or sid is None:
            return None
        journal.record(tag=Tag.SIGNED_OUT, by=user, person=user)
    return registry.EndedSession(sid, user.pk)


@transaction.atomic
def end_sessions(
    *, by: User | None, user_ids: Iterable[UUID], sids: Iterable[UUID] | None = None, but: UUID | None = None
) -> int:
    """End sessions of some people (all of them, or those named), except perhaps one; return how many."""
    rows = Session.objects.select_for_update().filter(user_id__in=list(user_ids))
    if sids is not None:
        rows = rows.filter(sid__in=list(sids))
    if but is not None:
        rows = rows.exclude(sid=but)
    ended = list(rows.values_list("pk", "sid", "user_id"))
    registry.tell_session_end(registry.EndedSession(sid, user_id) for _key, sid, user_id in ended)
    Session.objects.filter(pk__in=[key for key, _sid, _user_id in ended]).delete()
    for user_id in {user_id for _key, _sid, user_id in ended}:
        journal.record(
            tag=Tag.SESSIONS_ENDED,
            by=by,
            person=User(pk=user_id),
            count=sum(user_id == owner for _key, _sid, owner in ended),
        )
    return len(ended)


def tell(user: User, template: str, **context: object) -> None:
    """Write to a person's main address about their account, with a link to the page where they can react."""
    if address := primary_addresses([user.pk]).get(user.pk):
        known = {"name": user.name, "account_url": absolute("accounts:overview"), **context}
        outbox.enqueue(template=template, to=address, language=user.language, context=known)
