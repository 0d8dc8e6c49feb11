"""Applications that register themselves (RFC 7591), and the tokens that operators hand out for that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.oidc import opaque, registry
from parvis.oidc.actions import clients
from parvis.oidc.models import Client, InitialAccessToken
from parvis.oidc.scopes import DEFAULT_SCOPES, KNOWN, RESTRICTED

LIFETIME = timedelta(days=7)
LONGEST = timedelta(days=366)
MOST_USES = 1_000
USUAL_SCOPES = tuple(name for name in DEFAULT_SCOPES if name not in RESTRICTED)


class TokenUsedUpError(Exception):
    """The token has registered as many applications as it was made for, or has ended meanwhile."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new application; its secret and the token that manages it are known here and nowhere else."""

    client: Client
    secret: str
    access_token: str


@transaction.atomic
def create_token(
    *,
    by: User | None,
    name: str,
    scopes: Iterable[str] = USUAL_SCOPES,
    uses: int = 1,
    lifetime: timedelta = LIFETIME,
    accepts_endpoint_audience: bool = False,
    is_sandbox: bool = False,
) -> tuple[InitialAccessToken, str]:
    """Make a token for a developer; return it and what they are given, once. Raises ValidationError."""
    if not 1 <= uses <= MOST_USES:
        raise ValidationError({"uses": _("Give a number from 1 to %d.") % MOST_USES})
    if not timedelta(0) < lifetime <= LONGEST:
        raise ValidationError({"days": _("It may live for a year at most.")})
    if strange := sorted(set(scopes) - KNOWN):
        raise ValidationError({"scopes": _("Unknown scope: %s.") % ", ".join(strange)})
    given = opaque.make(opaque.INITIAL)
    token = InitialAccessToken(
        digest=opaque.hex_digest(given),
        name=name.strip(),
        scopes=list(dict.fromkeys(scopes)),
        uses_left=uses,
        accepts_endpoint_audience=accepts_endpoint_audience,
        is_sandbox=is_sandbox,
        by=by,
        expires_at=timezone.now() + lifetime,
    )
    token.full_clean(exclude=["scopes", "by", "revoked_at"])
    token.save(force_insert=True)
    journal.record(tag=Tag.REGISTRATION_TOKEN_MADE, by=by, target=token, name=token.name, uses=uses)
    return token, given


@transaction.atomic
def revoke_token(*, by: User | None, token: InitialAccessToken) -> bool:
    """End a token; the applications that it registered stay. False when it was ended before."""
    ended = InitialAccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    if ended:
        journal.record(tag=Tag.REGISTRATION_TOKEN_REVOKED, by=by, target=token, name=token.name)
    return bool(ended)


@transaction.atomic
def register(*, token: InitialAccessToken, settings: dict[str, Any]) -> Registered:
    """Register an application. Nobody vouches for it: people are asked. Raises ValidationError, TokenUsedUpError."""
    if not InitialAccessToken.objects.live().filter(pk=token.pk).update(uses_left=F("uses_left") - 1):
        raise TokenUsedUpError
    is_public = settings["token_endpoint_auth_method"] == Client.AuthMethod.NONE
    given = settings | {
        "type": Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL,
        "accepts_endpoint_audience": token.accepts_endpoint_audience,
        "is_sandbox": token.is_sandbox,
    }
    client, secret = clients.create_client(by=None, **given)
    access_token = opaque.make(opaque.MANAGEMENT)
    client.registration_digest = opaque.hex_digest(access_token)
    client.save(update_fields=["registration_digest"])
    journal.record(tag=Tag.CLIENT_REGISTERED, by=token.by, target=client, token=token.name)
    for follower in registry.self_registrations:
        follower.begun(client, token.by)
    return Registered(client, secret, access_token)


@transaction.atomic
def replace(*, client: Client, settings: dict[str, Any]) -> tuple[Client, str]:
    """Change all that an application says of itself (RFC 7592, section 2.2); return it, and a secret if it needs one.

    Raises ValidationError.
    """
    is_public = settings["token_endpoint_auth_method"] == Client.AuthMethod.NONE
    if is_public != client.is_public:
        message = _("A public application stays public, and one with a secret keeps one.")
        raise ValidationError({"token_endpoint_auth_method": message})
    changed = clients.update_client(client=client, by=None, **settings)
    for follower in registry.self_registrations:
        follower.replaced(changed)
    needs_secret = changed.has_secrets and not changed.secrets.live().exists()
    return changed, clients.rotate_secret(client=changed, by=None) if needs_secret else ""


@transaction.atomic
def unregister(*, client: Client) -> None:
    """Take an application out of service for good, at its own wish (RFC 7592, section 2.3); the journal keeps it."""
    client = clients.retire_client(client=client, by=None)
    client.registration_digest = ""
    client.save(update_fields=["registration_digest"])
    journal.record(tag=Tag.CLIENT_UNREGISTERED, by=None, target=client)
    for follower in registry.self_registrations:
        follower.ended(client)
