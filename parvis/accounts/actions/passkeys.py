"""Passkeys: ceremonies of W3C Web Authentication. Challenges wait in the browser's session and are answered once."""

import time
from datetime import timedelta
from typing import Any, cast

import webauthn
from django.db import IntegrityError, transaction
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from parvis.accounts import rates, relying_party
from parvis.accounts.actions.factors import forget_recovery_codes_of_the_factorless
from parvis.accounts.actions.signing_in import tell
from parvis.accounts.models import Passkey
from parvis.accounts.sessions import SessionStore
from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User

CHALLENGES = "passkey_challenges"
"""Session key: open challenges, as [what for, base64url, when it ends]; several tabs may wait at once."""
REGISTER = "register"
AUTHENTICATE = "authenticate"
MAX_OPEN = 5
MAX_PASSKEYS = 20
LIFETIME = timedelta(minutes=10)
_ONCE = rates.Limit("passkey-challenge", 1, LIFETIME * 2)


class PasskeyRefusedError(Exception):
    """The answer of the authenticator proves nothing."""


def registration_options(*, session: SessionStore, user: User) -> str:
    """Return the JSON for `navigator.credentials.create`: a discoverable credential that verifies its person."""
    known = [PublicKeyCredentialDescriptor(bytes(one)) for one in user.passkeys.values_list("credential_id", flat=True)]
    options = webauthn.generate_registration_options(
        rp_id=relying_party.rp_id(),
        rp_name="Parvis",
        user_id=user.pk.bytes,
        user_name=_address(user),
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=known,
        timeout=int(LIFETIME.total_seconds() * 1000),
    )
    _open(session, REGISTER, options.challenge)
    return webauthn.options_to_json(options)


def authentication_options(*, session: SessionStore) -> str:
    """Return the JSON for `navigator.credentials.get`; it names no credential, so it tells nothing of anybody."""
    options = webauthn.generate_authentication_options(
        rp_id=relying_party.rp_id(),
        user_verification=UserVerificationRequirement.REQUIRED,
        timeout=int(LIFETIME.total_seconds() * 1000),
    )
    _open(session, AUTHENTICATE, options.challenge)
    return webauthn.options_to_json(options)


def add_passkey(*, session: SessionStore, user: User, name: str, credential: dict[str, Any]) -> Passkey:
    """Keep a new credential of a person. Raises PasskeyRefusedError."""
    challenge = _take(session, REGISTER, credential)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying_party.rp_id(),
            expected_origin=relying_party.origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefusedError from error
    transports = cast("dict[str, Any]", credential.get("response") or {}).get("transports")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if user.passkeys.count() >= MAX_PASSKEYS:
            raise PasskeyRefusedError
        try:
            with transaction.atomic():
                passkey = Passkey.objects.create(
                    user=user,
                    name=name,
                    credential_id=made.credential_id,
                    public_key=made.credential_public_key,
                    sign_count=made.sign_count,
                    transports=[str(item)[:20] for item in transports[:8]] if isinstance(transports, list) else [],
                    can_sync=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
                    is_backed_up=made.credential_backed_up,
                )
        except IntegrityError as error:  # The credential belongs to somebody already.
            raise PasskeyRefusedError from error
        journal.record(tag=Tag.PASSKEY_ADDED, by=user, target=passkey, person=user, name=name)
        tell(user, "accounts/mail/factor-added", what="passkey", label=name)
    return passkey


def use_passkey(*, session: SessionStore, credential: dict[str, Any]) -> Passkey:
    """Return the credential that answered, with its person, who may be anybody. Raises PasskeyRefusedError."""
    challenge = _take(session, AUTHENTICATE, credential)
    try:
        raw_id = base64url_to_bytes(str(credential["rawId"]))
        passkey = Passkey.objects.select_related("user").get(credential_id=raw_id)
        _check_user_handle(passkey, credential)
        used = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying_party.rp_id(),
            expected_origin=relying_party.origin(),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, Passkey.DoesNotExist, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefusedError from error
    if (used.credential_device_type is CredentialDeviceType.MULTI_DEVICE) != passkey.can_sync:
        raise PasskeyRefusedError  # The flag BE never changes (section 6.1.3): another credential answered.
    changed = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count).update(
        sign_count=used.new_sign_count, is_backed_up=used.credential_backed_up, last_used_at=timezone.now()
    )
    if not changed:
        raise PasskeyRefusedError  # Two answers at once from a counting authenticator: one of them is a copy.
    return passkey


def rename_passkey(*, by: User, passkey: Passkey, name: str) -> None:
    """Give a passkey another name."""
    passkey.name = name
    passkey.save(update_fields=["name"])
    journal.record(tag=Tag.PASSKEY_RENAMED, by=by, target=passkey, person=by, name=name)


@transaction.atomic
def remove_passkey(*, by: User, passkey: Passkey) -> None:
    """Remove a passkey: nobody signs in with it any more."""
    User.objects.select_for_update().get(pk=passkey.user_id)
    journal.record(tag=Tag.PASSKEY_REMOVED, by=by, target=passkey, person=passkey.user, name=passkey.name)
    passkey.delete()
    forget_recovery_codes_of_the_factorless(by)
    tell(by, "accounts/mail/factor-removed", what="passkey", label=passkey.name)


def _address(user: User) -> str:
    email = user.emails.filter(is_primary=True).first()
    return email.address if email else user.name


def _check_user_handle(passkey: Passkey, credential: dict[str, Any]) -> None:
    """Refuse an answer whose user handle is missing or another's (section 7.2, step 6)."""
    handle = cast("dict[str, Any]", credential["response"]).get("userHandle")
    if not isinstance(handle, str) or base64url_to_bytes(handle) != passkey.user_id.bytes:
        raise PasskeyRefusedError


def _open(session: SessionStore, purpose: str, challenge: bytes) -> None:
    waiting = [item for item in session.get(CHALLENGES) or [] if item[2] > time.time()]
    until = time.time() + LIFETIME.total_seconds()
    session[CHALLENGES] = [*waiting, [purpose, bytes_to_base64url(challenge), until]][-MAX_OPEN:]


def _take(session: SessionStore, purpose: str, credential: dict[str, Any]) -> bytes:
    """Return the open challenge that this answers, used up in every process. Raises PasskeyRefusedError."""
    try:
        client_data = base64url_to_bytes(str(credential["response"]["clientDataJSON"]))
        answered = bytes_to_base64url(parse_client_data_json(client_data).challenge)
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefusedError from error
    waiting = session.get(CHALLENGES) or []
    found = [item for item in waiting if item[0] == purpose and item[1] == answered and item[2] > time.time()]
    if not found:
        raise PasskeyRefusedError
    session[CHALLENGES] = [item for item in waiting if item[1] != answered]
    times, _until = rates.hit(_ONCE, answered)
    if times > 1:
        raise PasskeyRefusedError
    return base64url_to_bytes(answered)
