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
from parvis.oidc import assertions, client_keys, clients, opaque
from parvis.oidc.actions import keys
from parvis.oidc.models import Client, ClientSecret, Grant
from parvis.oidc.redirect_uris import InvalidRedirectUriError, validate_redirect_uri, validate_web_uri
from parvis.oidc.scopes import KNOWN, OPENID

__all__ = [
    "InvalidRedirectUriError",
    "check",
    "create_client",
    "revoke_former_secrets",
    "rotate_secret",
    "update_client",
    "validate_redirect_uri",
]
OVERLAP = timedelta(days=7)
"""How long the former secret goes on working after a rotation, by default."""
# What `update_client` changes; the rest of a client is fixed when it is registered.
EDITABLE = (
    "name_fr",
    "name_en",
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "jwks",
    "jwks_uri",
    "id_token_alg",
    "userinfo_alg",
    "scopes",
    "grant_types",
    "access_token_alg",
    "is_resource_server",
    "resources",
    "introspection_alg",
    "introspection_encryption_alg",
    "is_trusted",
    "state",
)
_Grant = Client.GrantType
_LISTS = frozenset({"redirect_uris", "post_logout_redirect_uris", "scopes", "grant_types", "resources"})


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
    """Change an application; suspending it ends every access that it has. Raises ValidationError."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    before = {name: getattr(locked, name) for name in changes}
    _fill(locked, changes)
    locked.save()
    changed = sorted(name for name, value in before.items() if getattr(locked, name) != value)
    if changed:
        journal.record(tag=Tag.CLIENT_EDITED, by=by, target=locked, changed=changed)
    if locked.state != Client.State.ACTIVE:
        Grant.objects.filter(client=locked).live().update(revoked_at=timezone.now())
    keys.ensure(locked.signed_with, by=by)
    _tell()
    return locked


@transaction.atomic
def rotate_secret(*, client: Client, by: User | None, overlap: timedelta = OVERLAP) -> str:
    """Return a new secret; the former ones go on working for the overlap, and not longer than they would have."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if not locked.has_secrets:
        raise ValidationError(_("This application has no secret."), code="public")
    _end_secrets(locked, at=timezone.now() + overlap)
    secret = _make_secret(locked, by=by)
    _tell()
    return secret


@transaction.atomic
def revoke_former_secrets(*, client: Client, by: User | None) -> int:
    """End at once every secret but the newest; return how many."""
    newest = client.secrets.first()
    former = client.secrets.live().exclude(pk__in=[newest.pk] if newest else [])
    number = former.count()
    for secret in former:
        secret.expires_at = timezone.now()
        secret.save()
    if number:
        journal.record(tag=Tag.CLIENT_SECRET_REVOKED, by=by, target=client, count=number)
    _tell()
    return number


def _end_secrets(client: Client, *, at: datetime) -> None:
    for secret in client.secrets.live():
        if secret.expires_at is None or secret.expires_at > at:
            secret.expires_at = at
            secret.save()


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
    for name, value in values.items():
        setattr(client, name, list(dict.fromkeys(value or ())) if name in _LISTS else value)
    _check_addresses(client)
    _check_method(client)
    _check_keys(client)
    _check_grant_types(client)
    _check_resources(client)
    if strange := [scope for scope in client.scopes if scope not in KNOWN]:
        raise ValidationError({"scopes": _("Unknown scope: %s.") % ", ".join(strange)})
    client.scopes = list(dict.fromkeys([OPENID, *client.scopes]))
    client.full_clean(exclude=sorted(_LISTS), validate_unique=False)


def _check_addresses(client: Client) -> None:
    if not client.redirect_uris and _Grant.AUTHORIZATION_CODE in client.grant_types:
        raise ValidationError({"redirect_uris": _("Give at least one address to come back to.")})
    for name in ("redirect_uris", "post_logout_redirect_uris"):
        try:
            for uri in getattr(client, name):
                validate_redirect_uri(uri, is_public=client.is_public)
        except InvalidRedirectUriError as error:
            raise ValidationError({name: str(error)}) from error
    if client.backchannel_logout_uri:
        try:
            validate_web_uri(client.backchannel_logout_uri)
        except InvalidRedirectUriError as error:
            raise ValidationError({"backchannel_logout_uri": str(error)}) from error


def _check_keys(client: Client) -> None:
    """Accept public keys, by value or by address, and require them where something depends on them."""
    client.jwks = client.jwks or {}
    if client.jwks and client.jwks_uri:
        raise ValidationError({"jwks_uri": _("Give the keys, or their address, not both.")})
    if client.jwks:
        try:
            client_keys.parse(client.jwks)
        except ValueError as error:
            raise ValidationError({"jwks": _("This is not a JSON Web Key Set of public keys.")}) from error
    if client.jwks_uri:
        try:
            validate_web_uri(client.jwks_uri)
        except InvalidRedirectUriError as error:
            raise ValidationError({"jwks_uri": str(error)}) from error
    if client.token_endpoint_auth_signing_alg not in {"", *assertions.ALGORITHMS}:
        known = ", ".join(assertions.ALGORITHMS)
        raise ValidationError({"token_endpoint_auth_signing_alg": _("Choose among: %s.") % known})
    signs = client.token_endpoint_auth_method == Client.AuthMethod.PRIVATE_KEY_JWT
    if (signs or client.introspection_encryption_alg) and not (client.jwks or client.jwks_uri):
        raise ValidationError({"jwks": _("Give its public keys, or their address.")})


def _check_grant_types(client: Client) -> None:
    """Hold to what makes sense together: only who can keep a secret acts for itself (RFC 6749, section 4.4)."""
    given = set(client.grant_types)
    if not given or given - set(_Grant.values):
        raise ValidationError({"grant_types": _("Choose among: %s.") % ", ".join(_Grant.values)})
    if _Grant.CLIENT_CREDENTIALS in given and client.is_public:
        raise ValidationError({"grant_types": _("A public application cannot act for itself: it keeps no secret.")})
    if _Grant.REFRESH_TOKEN in given and _Grant.AUTHORIZATION_CODE not in given:
        raise ValidationError({"grant_types": _("refresh_token goes with authorization_code.")})


def _check_resources(client: Client) -> None:
    """Accept absolute addresses without fragment (RFC 8707, section 2), each of one resource server only."""
    if client.resources and not client.is_resource_server:
        raise ValidationError({"resources": _("Only what serves data to other applications has such addresses.")})
    try:
        for uri in client.resources:
            validate_web_uri(uri)
    except InvalidRedirectUriError as error:
        raise ValidationError({"resources": str(error)}) from error
    others = Client.objects.filter(is_resource_server=True).exclude(pk=client.pk).values_list("resources", flat=True)
    if taken := set(client.resources) & {uri for resources in others for uri in resources}:
        raise ValidationError({"resources": _("Already the address of another: %s.") % ", ".join(sorted(taken))})


def _check_method(client: Client) -> None:
    """Tie "no authentication" to "public": a confidential application always proves itself."""
    if client.is_public != (client.token_endpoint_auth_method == Client.AuthMethod.NONE):
        message = _("Only a public application, and every public application, comes without a secret.")
        raise ValidationError({"token_endpoint_auth_method": message})
