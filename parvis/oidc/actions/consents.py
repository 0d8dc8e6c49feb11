"""What people agree to share."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.oidc.models import Client, Consent


@transaction.atomic
def give(*, client: Client, user: User, scopes: Iterable[str]) -> Consent:
    """Keep that a person agreed; what they agreed to before stays, so that only growth is asked about.

    The journal tells it once: a form sent twice agrees to nothing more.
    """
    consent, is_new = Consent.objects.select_for_update().get_or_create(
        client=client, user=user, defaults={"scope": "openid"}
    )
    before, consent.scope = consent.scope, " ".join(sorted({*consent.scope.split(), *scopes}))
    consent.given_at = timezone.now()
    consent.save()
    if is_new or consent.scope != before:
        journal.record(tag=Tag.CONSENT_GIVEN, by=user, target=client, person=user, scope=consent.scope)
    return consent
