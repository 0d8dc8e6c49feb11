"""What a person decides about their own presence: named on public pages or not, mailed or not."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.portfolio.models import Mute, PersonCard


@transaction.atomic
def set_public_name(*, by: User, person: User, is_hidden: bool) -> PersonCard:
    """Name a person on public pages or not, from now on. Asking to stay off them needs no card: one is made."""
    card, _is_new = PersonCard.objects.select_for_update().get_or_create(user=person)
    if card.hide_from_public != is_hidden:
        card.hide_from_public, card.updated_at = is_hidden, timezone.now()
        card.save(update_fields=["hide_from_public", "updated_at"])
        record(tag=Tag.PUBLIC_NAME_CHANGED, by=by, person=person, hidden=is_hidden)
    return card


@transaction.atomic
def set_muted(*, by: User, kinds: Iterable[str]) -> None:
    """Set the kinds of mails that the person does not wish to receive."""
    wanted = set(kinds)
    Mute.objects.filter(user=by).exclude(kind__in=wanted).delete()
    known = set(Mute.objects.filter(user=by).values_list("kind", flat=True))
    Mute.objects.bulk_create((Mute(user=by, kind=kind) for kind in sorted(wanted - known)), ignore_conflicts=True)
