"""What becomes of a device that waits: allowed or refused by a person, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.lib.ids import uuid7
from parvis.oidc import devices, opaque
from parvis.oidc.actions import consents
from parvis.oidc.models import Client, DeviceRequest, Grant

_State = DeviceRequest.State


class TooLateError(Exception):
    """The device no longer waits: it was answered, or its code has expired."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whose sign-in the device receives, and what was true of it."""

    user: User
    sid: UUID
    organization_id: UUID | None
    acr: str
    amr: list[str]
    auth_time: datetime


def begin(*, client_pk: UUID, scope: str, resources: str) -> tuple[str, str]:
    """Let a device wait; return its own code and the one that a person types."""
    device_code, user_code = opaque.make(opaque.DEVICE), devices.new_user_code()
    DeviceRequest.objects.create(
        device_digest=opaque.digest(device_code),
        user_code_digest=devices.user_code_digest(user_code),
        client_id=client_pk,
        scope=scope,
        resources=resources,
        expires_at=timezone.now() + DeviceRequest.LIFETIME,
    )
    return device_code, user_code


@transaction.atomic
def allow(*, waiting: DeviceRequest, client: Client, sign_in: SignIn) -> Grant:
    """Give the device its grant, whose code is the device's own: it is redeemed like any other. Raises TooLateError."""
    _settle(waiting, _State.ALLOWED)
    consents.give(client=client, user=sign_in.user, scopes=waiting.scope.split())
    now = timezone.now()
    grant = Grant.objects.create(
        id=uuid7(),
        client=client,
        user=sign_in.user,
        sid=sign_in.sid,
        organization_id=sign_in.organization_id,
        scope=waiting.scope,
        resources=waiting.resources,
        acr=sign_in.acr,
        amr=" ".join(sign_in.amr),
        auth_time=sign_in.auth_time,
        expires_at=now + Grant.LIFETIME,
        code_digest=bytes(waiting.device_digest),
        code_expires_at=max(waiting.expires_at, now + timedelta(minutes=1)),
    )
    journal.record(tag=Tag.DEVICE_ALLOWED, by=sign_in.user, target=client, person=sign_in.user, scope=waiting.scope)
    return grant


@transaction.atomic
def refuse(*, waiting: DeviceRequest, client: Client, by: User) -> None:
    """Send the device away. Raises TooLateError."""
    _settle(waiting, _State.REFUSED)
    journal.record(tag=Tag.DEVICE_REFUSED, by=by, target=client, person=by)


def _settle(waiting: DeviceRequest, state: str) -> None:
    """Answer once: of two answers, the first counts."""
    still = DeviceRequest.objects.filter(pk=waiting.pk, state=_State.WAITING, expires_at__gt=timezone.now())
    if not still.update(state=state):
        raise TooLateError
