"""What accounts keep of a person: ended, erased and told when the directory says so."""

from uuid import UUID

from django.http import HttpRequest

from parvis.accounts import user_agents
from parvis.accounts.actions.signing_in import end_sessions
from parvis.accounts.models import EmailChallenge, KnownDevice, Passkey, RecoveryCode, Session, Totp
from parvis.directory.models import User


def end_sessions_of_closed(user_ids: list[UUID]) -> None:
    """End every session of suspended or erased people, in the transaction that closes their accounts."""
    end_sessions(by=None, user_ids=user_ids)


def erase(user_ids: list[UUID]) -> None:
    """Delete what proves who the people are."""
    for model in (Passkey, Totp, RecoveryCode, KnownDevice, EmailChallenge, Session):
        model.objects.filter(user_id__in=user_ids).delete()


def export(user: User) -> dict[str, object]:
    """Return what accounts keep of a person, without anything that would open the account."""
    totp = Totp.objects.filter(user=user).first()
    return {
        "passkeys": [
            {"name": item.name, "created_at": item.created_at, "last_used_at": item.last_used_at}
            for item in user.passkeys.all()
        ],
        "authenticator_app": {"created_at": totp.created_at} if totp else None,
        "recovery_codes_left": RecoveryCode.objects.filter(user=user, used_at__isnull=True).count(),
        "sessions": [
            {
                "browser": user_agents.describe(item.user_agent),
                "ip_address": item.ip_address,
                "signed_in_at": item.created_at,
                "last_seen_at": item.last_seen_at,
            }
            for item in Session.objects.of(user.pk)
        ],
        "known_browsers": [{"last_used_at": item.last_used_at} for item in KnownDevice.objects.filter(user=user)],
    }


def remember_language(request: HttpRequest, code: str) -> None:
    """Keep the language that a signed-in person picked with their account."""
    if request.user.is_authenticated and request.user.language != code:
        User.objects.filter(pk=request.user.pk).update(language=code)
