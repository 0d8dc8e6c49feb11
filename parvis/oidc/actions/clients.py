"""Registering applications, changing them, and their secrets. A secret is shown once, when it is made."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.oidc import clients, opaque
from parvis.oidc.actions import keys, logouts
from parvis.oidc.client_rules import RULES, settle_sector
from parvis.oidc.models import Client, ClientSecret, Grant
from parvis.oidc.models.client import ClientSecretQuerySet

OVERLAP = timedelta(days=7)
"""How long the former secret goes on working after a rotation, by default."""
# What `update_client` changes; the rest of a client is fixed when it is registered.
EDITABLE = (
    "name_fr",
    "name_en",
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "frontchannel_logout_uri",
    "frontchannel_logout_session_required",
    "initiate_login_uri",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "jwks",
    "jwks_uri",
    "id_token_alg",
    "id_token_encryption_alg",
    "userinfo_alg",
    "userinfo_encryption_alg",
    "subject_type",
    "sector_identifier_uri",
    "default_max_age",
    "requires_auth_time",
    "default_acr_values",
    "scopes",
    "grant_types",
    "access_token_alg",
    "is_resource_server",
    "resources",
    "reads_access_tokens",
    "introspection_alg",
    "introspection_encryption_alg",
    "profile",
    "requires_pushed_requests",
    "requires_signed_requests",
    "request_object_alg",
    "requires_dpop",
    "authorization_response_alg",
    "authorization_response_encryption_alg",
    "accepts_endpoint_audience",
    "metadata",
    "organization",
    "is_trusted",
    "is_sandbox",
    "state",
)
_LISTS = frozenset(
    {"redirect_uris", "post_logout_redirect_uris", "scopes", "grant_types", "resources", "default_acr_values"}
)
_DECIDES_SECTOR = frozenset({"subject_type", "sector_identifier_uri", "redirect_uris"})


@transaction.atomic
def create_client(
    *,
    by: User | None,
    name_fr: str,
    name_en: str,
    redirect_uris: Sequence[str] = (),
    type: str = Client.Type.CONFIDENTIAL,  # noqa: A002 - the model's own name
    **settings: Any,
) -> tuple[Client, str]:
    """Register an application; return it and its secret (empty for a public one). Raises ValidationError.

    `settings` are the other names of EDITABLE.
    """
    client = Client(client_id=str(uuid4()), type=type)
    if client.is_public:
        settings.setdefault("token_endpoint_auth_method", Client.AuthMethod.NONE)
    _fill(client, settings | {"name_fr": name_fr, "name_en": name_en, "redirect_uris": redirect_uris})
    client.save(force_insert=True)
    journal.record(tag=Tag.CLIENT_CREATED, by=by, target=client, name=client.name_en, client_id=client.client_id)
    secret = _make_secret(client, by=by) if client.has_secrets else ""
    keys.ensure(client.signed_with, by=by)
    _tell()
    return client, secret


@transaction.atomic
def update_client(*, client: Client, by: User | None, **changes: Any) -> Client:
    """Change an application. Suspending it, or beginning or ending its trial, ends every access that it has.

    Raises ValidationError.
    """
    locked = Client.objects.select_for_update().get(pk=client.pk)
    before = {name: getattr(locked, name) for name in changes}
    _fill(locked, changes)
    locked.save()
    changed = sorted(name for name, value in before.items() if getattr(locked, name) != value)
    if changed:
        journal.record(tag=Tag.CLIENT_EDITED, by=by, target=locked, changed=changed)
    if locked.state != Client.State.ACTIVE or "is_sandbox" in changed:
        logouts.end(Grant.objects.filter(client=locked).live())
    keys.ensure(locked.signed_with, by=by)
    _tell()
    return locked


@transaction.atomic
def rotate_secret(*, client: Client, by: User | None, overlap: timedelta = OVERLAP) -> str:
    """Return a new secret; the former ones go on working for the overlap, and not longer than they would have."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if not locked.has_secrets:
        raise ValidationError(_("This application has no secret."), code="public")
    end_secrets(locked.secrets.all(), at=timezone.now() + overlap)
    secret = _make_secret(locked, by=by)
    _tell()
    return secret


@transaction.atomic
def revoke_former_secrets(*, client: Client, by: User | None) -> int:
    """End at once every secret but the newest; return how many."""
    newest = client.secrets.first()
    former = client.secrets.exclude(pk__in=[newest.pk] if newest else [])
    number = end_secrets(former, at=timezone.now())
    if number:
        journal.record(tag=Tag.CLIENT_SECRET_REVOKED, by=by, target=client, count=number)
    _tell()
    return number


@transaction.atomic
def retire_client(*, client: Client, by: User | None) -> Client:
    """Take an application out of service for good: every access and every secret ends.

    Its row stays, for the journal, and so that nobody ever has its identifier again.
    """
    locked = update_client(client=client, by=by, state=Client.State.SUSPENDED)
    end_secrets(locked.secrets.all(), at=timezone.now())
    return locked


def end_secrets(secrets: ClientSecretQuerySet, *, at: datetime) -> int:
    """End those that would live longer; return how many. Each is saved by itself, which tells the other processes."""
    longer = list(secrets.live(at))
    for secret in longer:
        secret.expires_at = at
        secret.save()
    return len(longer)


def _make_secret(client: Client, *, by: User | None) -> str:
    secret = opaque.make(opaque.SECRET)
    ClientSecret.objects.create(client=client, digest=opaque.hex_digest(secret))
    journal.record(tag=Tag.CLIENT_SECRET_MADE, by=by, target=client)
    return secret


def check(client: Client, changes: dict[str, Any]) -> None:
    """Say whether `update_client` would accept these changes. Raises ValidationError."""
    _fill(copy(client), changes)


def _tell() -> None:
    """Let this process see the change at once, and again when it is committed; the others see it within a second."""
    clients.forget()
    transaction.on_commit(clients.forget)


def _fill(client: Client, values: dict[str, Any]) -> None:
    """Set values and check the whole. Raises ValidationError with the field's name."""
    if unknown := set(values) - set(EDITABLE):
        message = f"Not a setting of a client: {', '.join(sorted(unknown))}"
        raise TypeError(message)
    before = {name: getattr(client, name) for name in _DECIDES_SECTOR}
    for name, value in values.items():
        setattr(client, name, list(dict.fromkeys(value or ())) if name in _LISTS else value)
    for rule in RULES:
        rule(client)
    if client._state.adding or any(getattr(client, name) != value for name, value in before.items()):  # noqa: SLF001 - Django's word for a new row
        settle_sector(client)
    client.full_clean(exclude=sorted({*_LISTS, "metadata"}), validate_unique=False)
