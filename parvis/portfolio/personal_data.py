"""What the portfolio knows of a person: given to them when they ask for their data, and erased with their account."""

from typing import Any
from uuid import UUID

from parvis.directory.models import User
from parvis.portfolio.models import Decision, Mission, Mute, PersonCard, Product, Review, Revision, SourceFile


def export(user: User) -> dict[str, Any]:
    """Return the portfolio's section of the personal data download."""
    card = PersonCard.objects.filter(user=user).values(
        "domain", "role", "skills", "member_type", "previously", "link", "github", "bio", "hide_from_public", "extra"
    )
    missions = Mission.objects.filter(user=user).prefetch_related("links__product")
    asked = Review.objects.filter(asked_by=user).values("product__key", "field", "reason", "state", "asked_at")
    decided = Decision.objects.filter(by=user).values("product__key", "kind", "on", "reasons", "decided_at")
    return {
        "card": card.first(),
        "missions": [_mission(mission) for mission in missions],
        "changes_of_products": list(Revision.objects.filter(by=user).values("product__key", "at", "changes")),
        "requests": list(asked),
        "decisions": list(decided),
        "proposals": list(Product.objects.filter(created_by=user).values_list("key", flat=True)),
        "muted_notices": list(Mute.objects.filter(user=user).values_list("kind", flat=True)),
    }


def _mission(mission: Mission) -> dict[str, Any]:
    named = [link.product.key if link.product else link.raw_key for link in mission.links.all()]
    days = {"start_on": mission.start_on, "end_on": mission.end_on}
    return {**days, "status": mission.status, "employer": mission.employer, "products": named}


def erase(user_ids: list[UUID]) -> None:
    """Erase who people are: their card, and in missions the employer, which often is their own name.

    The days of a mission stay, as memberships do: somebody was there. The import's memory forgets what it asked.
    """
    cards = PersonCard.objects.filter(user__in=user_ids)
    keys = [key for key in cards.values_list("key", flat=True) if key]
    SourceFile.objects.filter(collection="authors", key__in=keys).update(applied={}, digest="")
    cards.delete()
    Mission.objects.filter(user__in=user_ids).update(employer="")
    Mute.objects.filter(user__in=user_ids).delete()
