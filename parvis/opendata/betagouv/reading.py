"""What the files of beta.gouv.fr are made of, in a few queries, in the order of their source's file names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from parvis.directory.models import Email, Organization, SourceRecord
from parvis.portfolio.models import (
    Event,
    Incubator,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    ProductTerm,
    Sponsorship,
)

EVERYBODY = AnonymousUser()
_ORGANISATIONS = "/organisations/"
_FEW = 1000


class MissionRow(NamedTuple):
    """A mission, with the keys of the products that it names."""

    start: date | None
    end: date | None
    status: str
    employer: str
    startups: list[str]


class Person(NamedTuple):
    """What everybody may read about a person."""

    user: UUID
    key: str
    name: str
    role: str
    domain: str
    link: str
    github: str
    bio: str
    skills: list[str]
    startups: list[str]
    previously: list[str]


def file_order(key: str) -> bytes:
    """Return what Jekyll sorts documents by: the name of the file, byte by byte."""
    return f"{key}.md".encode()


def day(value: date | None) -> str:
    """Return a day as the templates write it; a missing one is an empty text."""
    return value.isoformat() if value else ""


def phase_name(phase: Phase) -> str:
    """Return the name of a phase, else what the source wrote."""
    return phase.name or phase.raw_name


def present(values: dict[str, str]) -> dict[str, str]:
    """Return the values that are not empty."""
    return {name: value for name, value in values.items() if value}


def phases_as_written(phases: Iterable[Phase]) -> list[dict[str, str]]:
    """Return phases with the fields that their source has: no end when there is none."""
    return [
        present({"name": phase_name(phase), "comment": phase.comment})
        | {"start": day(phase.start_on)}
        | present({"end": day(phase.end_on)})
        for phase in phases
    ]


class Network:
    """The public part of the portfolio, or of a few products of it."""

    def __init__(self, products: QuerySet[Product] | None = None) -> None:
        everything = Product.objects.visible_to(EVERYBODY).listed()
        self._products = everything if products is None else products
        self._is_whole = products is None

    @cached_property
    def products(self) -> list[Product]:
        """The products, without what no file shows."""
        rows = self._products.defer("search_text", "lessons", "lessons_en", "problem_original", "solution_original")
        return sorted(rows.order_by(), key=lambda product: file_order(product.key))

    @cached_property
    def keys(self) -> dict[UUID, str]:
        """The key of each product."""
        return {product.pk: product.key for product in self.products}

    @cached_property
    def _mailboxes_of_people(self) -> set[str]:
        """The contacts that are somebody's own address: a person's address is never public."""
        contacts = {product.contact.casefold() for product in self.products if product.contact}
        contacts |= {incubator.contact.casefold() for incubator in self.incubators if incubator.contact}
        owned = Email.objects.filter(canonical__in=contacts) if len(contacts) < _FEW else Email.objects.all()
        return contacts & set(owned.order_by().values_list("canonical", flat=True))

    def contact_of(self, one: Product | Incubator) -> str:
        """Return the shared mailbox of a product or of an incubator, or nothing when it is a person's."""
        return "" if one.contact.casefold() in self._mailboxes_of_people else one.contact

    def _of_products(self, rows: Any) -> Any:
        rows = rows.filter(product__state=Product.State.LISTED)
        return rows if self._is_whole else rows.filter(product__in=list(self.keys))

    @cached_property
    def phases(self) -> dict[UUID, list[Phase]]:
        """The phases of each product as listed."""
        found: dict[UUID, list[Phase]] = defaultdict(list)
        for phase in self._of_products(Phase.objects.order_by("position", "id")):
            found[phase.product_id].append(phase)
        return found

    @cached_property
    def events(self) -> dict[UUID, list[Event]]:
        """The events of each product as listed."""
        found: dict[UUID, list[Event]] = defaultdict(list)
        for event in self._of_products(Event.objects.order_by("position", "id")):
            found[event.product_id].append(event)
        return found

    @cached_property
    def incubators_of(self) -> dict[UUID, tuple[str, list[str]]]:
        """The key of each product's main incubator, and those of all as listed."""
        mains: dict[UUID, str] = {}
        listed: dict[UUID, list[str]] = defaultdict(list)
        rows = self._of_products(ProductIncubator.objects.order_by("position", "id"))
        for product, key, raw, is_main in rows.values_list("product_id", "incubator__key", "raw_key", "is_main"):
            listed[product].append(key or raw)
            if is_main:
                mains[product] = key or raw
        return {product: (mains.get(product, keys[0]), keys) for product, keys in listed.items()}

    @cached_property
    def sponsors(self) -> dict[UUID, list[str]]:
        """The ids of each product's sponsors."""
        found: dict[UUID, list[str]] = defaultdict(list)
        rows = self._of_products(Sponsorship.objects.order_by("position", "id"))
        for product, raw, slug in rows.values_list("product_id", "raw_key", "organization__slug"):
            found[product].append(raw.removeprefix(_ORGANISATIONS) or slug or "")
        return found

    @cached_property
    def terms(self) -> dict[tuple[UUID, str], list[str]]:
        """The words of each product, as written, by vocabulary."""
        found: dict[tuple[UUID, str], list[str]] = defaultdict(list)
        rows = self._of_products(ProductTerm.objects.order_by("position", "id"))
        columns = rows.values_list("product_id", "term__kind", "raw", "term__label_fr")
        for product, kind, raw, label in columns:
            found[product, kind].append(raw or label)
        return found

    @cached_property
    def incubators(self) -> list[Incubator]:
        """The incubators that everybody may see."""
        rows = Incubator.objects.visible_to(EVERYBODY).select_related("owner").defer("search_text", "description")
        return sorted(rows.order_by(), key=lambda incubator: file_order(incubator.key))

    # --- People ---------------------------------------------------------------------------------------------------
    @cached_property
    def people(self) -> list[Person]:
        """The people who have a card and did not ask to disappear; for a few products, those who are linked to them."""
        cards = PersonCard.objects.visible_to(EVERYBODY).order_by()
        if not self._is_whole:
            working = MissionProduct.objects.filter(product__in=list(self.keys)).values("mission__user")
            cards = cards.filter(Q(user__in=working) | ~Q(startups_old=[]) | ~Q(previously=[]))
        return sorted(map(_person, cards.values_list(*_CARD)), key=lambda person: file_order(person.key))

    @cached_property
    def missions(self) -> dict[UUID, list[MissionRow]]:
        """The missions of each person as listed."""
        missions, links = Mission.objects.order_by("position", "id"), MissionProduct.objects.order_by("position", "id")
        if not self._is_whole:
            links = links.filter(product__in=list(self.keys))
            missions = missions.filter(pk__in=links.order_by().values("mission"))
        named: dict[UUID, list[str]] = defaultdict(list)
        for mission, key, raw in links.values_list("mission_id", "product__key", "raw_key"):
            named[mission].append(key or raw)
        found: dict[UUID, list[MissionRow]] = defaultdict(list)
        columns = missions.values_list("user_id", "id", "start_on", "end_on", "status", "employer")
        for user, mission, start, end, status, employer in columns:
            found[user].append(MissionRow(start, end, status, employer, named.get(mission, [])))
        return found


_CARD = (
    "user_id", "key", "user__given_name", "user__family_name", "user__display_name", "role", "domain", "link", "github",
    "bio", "skills", "startups_old", "previously",
)  # fmt: skip


def _person(row: tuple[Any, ...]) -> Person:
    user, key, given, family, shown, *rest = row
    return Person(user, key or str(user), shown or f"{given} {family}".strip(), *rest)


class OrganisationRow(NamedTuple):
    """An administration as the source describes it."""

    key: str
    name: str
    acronym: str
    ministry: str
    kind: str


_KINDS = {
    Organization.Kind.CENTRAL: "administration-centrale",
    Organization.Kind.DECENTRALISED: "service-deconcentre",
    Organization.Kind.OPERATOR: "operateur",
    Organization.Kind.SOCIAL_SECURITY: "securite-sociale",
    Organization.Kind.LOCAL_AUTHORITY: "collectivite-territoriale",
}


def organisations() -> list[OrganisationRow]:
    """Return every organisation, under its id in the source or its address here."""
    records: dict[UUID | None, tuple[str, dict[str, Any]]] = {
        pk: (key, fields)
        for pk, key, fields in SourceRecord.objects.filter(
            source="betagouv", collection="organisations", organization__isnull=False
        ).values_list("organization_id", "key", "fields")
    }
    found = []
    for pk, slug, name, acronym, kind in Organization.objects.order_by().values_list(
        "id", "slug", "name", "acronym", "kind"
    ):
        key, fields = records.get(pk, (slug, {}))
        ministry = fields.get("domaine_ministeriel")
        told = _KINDS.get(Organization.Kind(kind), "autre")
        found.append(OrganisationRow(key, name, acronym, ministry if isinstance(ministry, str) else "", told))
    return sorted(found, key=lambda row: file_order(row.key))
