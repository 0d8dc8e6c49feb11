"""Rows of the database as the interface tells them: a page of rows at a time, all that it needs looked up at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery, prefetch_related_objects
from django.utils import timezone

from parvis.directory.models import Organization, User
from parvis.opendata.serving import kept
from parvis.portfolio.models import (
    ACTIVE,
    BudgetLine,
    Committee,
    Decision,
    Deployment,
    Event,
    Funding,
    HandOff,
    HandOffItem,
    Incubator,
    Indicator,
    Measure,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    ProductTerm,
    Sponsorship,
    Term,
    Territory,
)
from parvis.portfolio.policies import Viewer

Told = list[dict[str, Any]]


def _by_product(rows: Iterable[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for product, value in rows:
        found[product].append(value)
    return found


def products(rows: Sequence[Product], viewer: Viewer) -> Told:
    """Tell products, with the incubators that the viewer may name."""
    ids = [row.pk for row in rows]
    seen = Incubator.objects.visible_to(viewer).order_by().values("pk")
    links = ProductIncubator.objects.filter(product__in=ids, incubator__in=seen)
    incubators = _by_product(links.order_by("-is_main", "position", "id").values_list("product_id", "incubator__key"))
    backed = Sponsorship.objects.filter(product__in=ids, organization__isnull=False).order_by("position", "id")
    sponsors = _by_product(backed.values_list("product_id", "organization__slug"))
    terms: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    described = ProductTerm.objects.filter(product__in=ids).order_by("position", "id")
    for product, kind, key in described.values_list("product_id", "term__kind", "term__key"):
        terms[product, kind].append(key)
    return [
        {
            "key": row.key,
            "name": row.name,
            "mission": row.mission,
            "phase": row.current_phase,
            "phase_since": row.current_since,
            "incubators": incubators.get(row.pk, []),
            "sponsors": list(dict.fromkeys(sponsors.get(row.pk, []))),
            "themes": terms.get((row.pk, Term.Kind.THEME), []),
            "users": terms.get((row.pk, Term.Kind.USER_TYPE), []),
            "technologies": terms.get((row.pk, Term.Kind.TECHNOLOGY), []),
            "website": row.website,
            "repository": row.repository,
            "has_statistics": row.has_stats,
            "statistics_url": row.stats_url,
            "budget_url": row.budget_url,
            "impact_url": row.impact_url,
            "quality_url": row.dashlord_url,
            "accessibility_status": row.accessibility_status,
            "has_risk_analysis": row.has_risk_analysis,
            "follows_security_service": row.uses_mon_service_securise,
            "updated_at": row.updated_at,
        }
        for row in rows
    ]


def incubators(rows: Sequence[Incubator], _viewer: Viewer) -> Told:
    """Tell incubators, with how many products they have."""
    counts = kept("incubators/products", _products_by_incubator)
    owners = dict(Organization.objects.filter(pk__in=[row.owner_id for row in rows]).values_list("pk", "slug"))
    return [
        {
            "key": row.key,
            "name": row.name,
            "short_description": row.short_description,
            "owner": owners.get(row.owner_id, "") if row.owner_id else "",
            "website": row.website,
            "code": row.github,
            "products": counts.get(row.pk, (0, 0))[0],
            "active_products": counts.get(row.pk, (0, 0))[1],
            "updated_at": row.updated_at,
        }
        for row in rows
    ]


def _products_by_incubator() -> dict[UUID, tuple[int, int]]:
    """Return how many listed products each incubator has, and how many of them are active."""
    links = ProductIncubator.objects.filter(product__state=Product.State.LISTED, incubator__isnull=False).order_by()
    active = Count("product", filter=Q(product__current_phase__in=list(ACTIVE)))
    counted = links.values("incubator").annotate(total=Count("product"), alive=active)
    return {pk: (total, alive) for pk, total, alive in counted.values_list("incubator", "total", "alive")}


def phases(rows: Sequence[Phase], _viewer: Viewer) -> Told:
    """Tell phases as recorded."""
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "name": row.name or row.raw_name,
            "start": row.start_on,
            "announced_end": row.end_on,
            "position": row.position,
            "comment": row.comment,
        }
        for row in rows
    ]


def events(rows: Sequence[Event], _viewer: Viewer) -> Told:
    """Tell events."""
    return [
        {"id": str(row.pk), "product": row.product.key, "kind": row.kind, "on": row.on, "comment": row.comment}
        for row in rows
    ]


def decisions(rows: Sequence[Decision], _viewer: Viewer) -> Told:
    """Tell decisions, but not who wrote them down: a committee decides, not a person."""
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "kind": row.kind,
            "from_phase": row.from_phase,
            "to_phase": row.to_phase,
            "on": row.on,
            "reasons": row.reasons,
            "corrects": str(row.correction_of_id) if row.correction_of_id else None,
        }
        for row in rows
    ]


def deployments(rows: Sequence[Deployment], _viewer: Viewer) -> Told:
    """Tell deployments."""
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "territory": row.territory.code,
            "territory_name": row.territory.name,
            "since": row.from_on,
            "until": row.to_on,
            "source_url": row.source_url,
            "note": row.note,
        }
        for row in rows
    ]


def indicators(rows: Sequence[Indicator], _viewer: Viewer) -> Told:
    """Tell indicators, each with its last value."""
    newest = Measure.objects.filter(indicator=OuterRef("pk")).order_by("-on").values("pk")[:1]
    lasts = Indicator.objects.filter(pk__in=[row.pk for row in rows]).annotate(last=Subquery(newest)).values("last")
    last = {measure.indicator_id: measure for measure in Measure.objects.filter(pk__in=lasts.order_by())}
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "name": row.name,
            "unit": row.unit,
            "direction": row.direction,
            "target": row.target_value,
            "target_on": row.target_on,
            "last_value": last[row.pk].value if row.pk in last else None,
            "last_value_on": last[row.pk].on if row.pk in last else None,
        }
        for row in rows
    ]


def measures(rows: Sequence[Measure], _viewer: Viewer) -> Told:
    """Tell values of indicators."""
    return [
        {
            "id": str(row.pk),
            "product": row.indicator.product.key,
            "indicator": row.indicator.name,
            "on": row.on,
            "value": row.value,
            "source_url": row.source_url,
            "note": row.note,
        }
        for row in rows
    ]


def budgets(rows: Sequence[BudgetLine], _viewer: Viewer) -> Told:
    """Tell budget lines."""
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "year": row.year,
            "funder": row.funder_label,
            "amount": row.amount,
            "source_url": row.source_url,
            "note": row.note,
        }
        for row in rows
    ]


def fundings(rows: Sequence[Funding], _viewer: Viewer) -> Told:
    """Tell money won."""
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "programme": row.programme,
            "promotion": row.promotion,
            "amount": row.amount,
        }
        for row in rows
    ]


def hand_offs(rows: Sequence[HandOff], _viewer: Viewer) -> Told:
    """Tell hand-offs with how far they are; evidence and owners are for who prepares them."""
    items = HandOffItem.objects.filter(hand_off__in=[row.pk for row in rows], is_needed=True).order_by()
    counted = items.values("hand_off").annotate(needed=Count("pk"), done=Count("done_on"))
    counts = {pk: (needed, done) for pk, needed, done in counted.values_list("hand_off", "needed", "done")}
    return [
        {
            "id": str(row.pk),
            "product": row.product.key,
            "path": row.path,
            "operator": row.operator.slug if row.operator else "",
            "prepared_since": row.started_on,
            "planned_for": row.planned_on,
            "done_on": row.transferred_on,
            "items_needed": counts.get(row.pk, (0, 0))[0],
            "items_done": counts.get(row.pk, (0, 0))[1],
        }
        for row in rows
    ]


def committees(rows: Sequence[Committee], _viewer: Viewer) -> Told:
    """Tell committees: the day and the title, which is what is announced to all."""
    prefetch_related_objects(rows, "incubator")
    return [{"id": str(row.pk), "incubator": row.incubator.key, "on": row.on, "title": row.title} for row in rows]


def _products_of_today(users: list[UUID]) -> dict[UUID, list[str]]:
    """Return the products that people work on today. Missions are found by person: their days alone find too many."""
    today = timezone.localdate()
    missions = Mission.objects.filter(user__in=users).order_by()
    at_work = {
        mission: user
        for mission, user, start, end in missions.values_list("pk", "user_id", "start_on", "end_on")
        if start and start <= today and (end is None or end >= today)
    }
    links = MissionProduct.objects.filter(mission__in=list(at_work)).order_by()
    columns = links.values_list("mission", "product__key", "product__state")
    listed = sorted((key, at_work[mission]) for mission, key, state in columns if state == Product.State.LISTED)
    return _by_product((user, key) for key, user in listed)


def people(rows: Sequence[PersonCard], _viewer: Viewer) -> Told:
    """Tell people by what they publish, with the products they work on today."""
    users = [row.user_id for row in rows]
    named = User.objects.filter(pk__in=users).order_by().values_list("pk", "display_name", "given_name", "family_name")
    names = {pk: shown or f"{given} {family}".strip() for pk, shown, given, family in named}
    working = _products_of_today(users)
    return [
        {
            "id": row.key or str(row.user_id),
            "name": names[row.user_id],
            "trade": row.domain,
            "role": row.role,
            "skills": [skill for skill in row.skills if isinstance(skill, str)],
            "products": list(dict.fromkeys(working.get(row.user_id, []))),
        }
        for row in rows
    ]


def organizations(rows: Sequence[Organization], _viewer: Viewer) -> Told:
    """Tell organisations."""
    return [
        {
            "key": row.slug,
            "name": row.name,
            "acronym": row.acronym,
            "kind": row.kind,
            "country": row.country,
            "website": row.website,
        }
        for row in rows
    ]


def territories(rows: Sequence[Territory], _viewer: Viewer) -> Told:
    """Tell territories."""
    return [
        {
            "code": row.code,
            "scheme": row.scheme,
            "name_fr": row.name_fr,
            "name_en": row.name_en,
            "parent": row.parent.code if row.parent else "",
            "population": row.population,
        }
        for row in rows
    ]


def terms(rows: Sequence[Term], _viewer: Viewer) -> Told:
    """Tell the words by which products are found."""
    return [
        {
            "key": row.key,
            "kind": row.kind,
            "label_fr": row.label_fr,
            "label_en": row.label_en,
            "is_standard": row.is_standard,
        }
        for row in rows
    ]
