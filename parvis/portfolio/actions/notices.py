"""Mails about the life of products, each in its reader's language, inside the transaction of what it tells."""

from collections.abc import Iterable
from uuid import UUID

from parvis.directory.models import GroupMembership, User
from parvis.directory.models.dated import DatedMembership
from parvis.directory.models.user import primary_addresses
from parvis.lib.urls import absolute
from parvis.mail.outbox import enqueue
from parvis.portfolio.models import Committee, Decision, Incubator, Mute, Product, Review


def team_members(product: Product) -> list[User]:
    """Return the people of the product's team today: those of its group, who may change its page."""
    return _people(GroupMembership.objects.current().filter(group=product.group_id)) if product.group_id else []


def incubator_managers(product: Product) -> list[User]:
    """Return who looks after the product's incubators today."""
    groups = Incubator.objects.filter(product_links__product=product).values("group")
    return _people(GroupMembership.objects.current().filter(group__in=groups, role=DatedMembership.Role.MANAGER))


def _people(memberships: object) -> list[User]:
    ids = memberships.filter(user__state=User.State.ACTIVE).values("user")  # type: ignore[attr-defined] # a set of memberships
    return list(User.objects.filter(pk__in=ids).order_by("pk"))


def send(people: Iterable[User], template: str, context: dict[str, object], *, kind: str) -> int:
    """Write one mail to each person who has an address and has not muted this kind; return how many."""
    readers = {person.pk: person for person in people}
    muted: set[UUID] = set(Mute.objects.filter(user__in=readers, kind=kind).values_list("user_id", flat=True))
    addresses = primary_addresses([pk for pk in readers if pk not in muted])
    for pk, address in addresses.items():
        reader = readers[pk]
        values = {"person": reader, "mute_url": absolute("portfolio:my-notices"), **context}
        enqueue(template=f"portfolio/mail/{template}", to=address, language=reader.language, context=values)
    return len(addresses)


def tell_proposed(*, product: Product, by: User) -> None:
    """Tell who looks after the incubator that somebody proposes an investigation."""
    context: dict[str, object] = {
        "product": product,
        "by": by,
        "url": absolute("portfolio:product-detail", product.key),
    }
    send(incubator_managers(product), "proposed", context, kind=Mute.Kind.DECISIONS)


def tell_decided(*, decision: Decision, by: User | None) -> None:
    """Tell the team, its incubators and whoever proposed the product what was decided, and why."""
    product = decision.product
    people = [
        *team_members(product),
        *incubator_managers(product),
        *([product.created_by] if product.created_by else []),
    ]
    others = [person for person in people if by is None or person.pk != by.pk]
    url = absolute("portfolio:product-detail", product.key)
    context: dict[str, object] = {"product": product, "decision": decision, "url": url}
    send(others, "decided", context, kind=Mute.Kind.DECISIONS)


def tell_review_asked(*, review: Review) -> None:
    """Tell both sides: the incubator that it is asked, the team that the change waits."""
    product = review.product
    context: dict[str, object] = {
        "product": product,
        "review": review,
        "url": absolute("portfolio:review-detail", review.pk),
    }
    managers = incubator_managers(product)
    known = {person.pk for person in managers}
    send(managers, "review_asked", context, kind=Mute.Kind.REVIEWS)
    team = [person for person in team_members(product) if person.pk not in known]
    send(team, "review_waits", context, kind=Mute.Kind.REVIEWS)


def tell_review_answered(*, review: Review) -> None:
    """Tell both sides the answer."""
    product = review.product
    url = absolute("portfolio:product-detail", product.key)
    context: dict[str, object] = {"product": product, "review": review, "url": url}
    people = [*team_members(product), *incubator_managers(product), *([review.asked_by] if review.asked_by else [])]
    send(people, "review_answered", context, kind=Mute.Kind.REVIEWS)


def tell_committee(*, committee: Committee, people: Iterable[User]) -> int:
    """Remind of a committee that is near."""
    url = absolute("portfolio:committee-detail", committee.pk)
    context: dict[str, object] = {"committee": committee, "url": url, "products": list(committee.products.all())}
    return send(people, "committee_soon", context, kind=Mute.Kind.COMMITTEES)
