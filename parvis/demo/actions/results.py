"""What the fictional products changed, where they are used, what they cost, and how some of them leave."""

from datetime import timedelta
from decimal import Decimal

from parvis.demo.actions.telling import Telling
from parvis.demo.story import ids
from parvis.demo.story.products import BUDGETS, DEPLOYMENTS, INDICATORS
from parvis.portfolio.models import (
    BudgetLine,
    Committee,
    Deployment,
    HandOff,
    HandOffItem,
    HandOffSignal,
    Incubator,
    Indicator,
    Measure,
    Operator,
    Product,
    Review,
    Revision,
    Territory,
)

_DONE = ("impact", "standards", "sponsor-letter", "committee", "open-code", "organization")
_SIGNALS = (
    ("indicators", -400, "yes"),
    ("releases", -380, "yes"),
    ("user-tests", -200, "partly"),
    ("releases", -60, "yes"),
)


def tell_results(telling: Telling) -> None:
    """Make deployments, indicators, budgets, hand-offs, committees, and a request that waits for an answer."""
    products = {product.key: product for product in Product.objects.all()}
    territories = {territory.code: territory for territory in Territory.objects.all()}
    Deployment.objects.bulk_create(
        Deployment(
            id=ids.named("deployment", f"{key}:{code}"),
            product=products[key],
            territory=territories[code],
            from_on=telling.calendar.day(offset),
            source_url=f"https://{key}.example/territoires",
            created_at=telling.calendar.moment(offset, code),
        )
        for key, code, offset in DEPLOYMENTS
    )
    _indicators(telling, products)
    _budgets(telling, products)
    _hand_offs(telling, products)
    _committees(telling, products)
    _requests(telling, products)


def _indicators(telling: Telling, products: dict[str, Product]) -> None:
    indicators, measures = [], []
    for position, (key, name, unit, direction, target, left, first, last, months) in enumerate(INDICATORS):
        indicator = Indicator(id=ids.named("indicator", f"{key}:{name}"), product=products[key], name=name, unit=unit)
        indicator.direction, indicator.position = direction, position
        indicator.target_value, indicator.target_on = Decimal(target), telling.calendar.day(left)
        indicator.created_at = telling.calendar.moment(-30 * months, key)
        indicators.append(indicator)
        for month in range(months):
            # Growth is quick, then slow, as it is when those who wanted a service have come.
            share = (month / max(months - 1, 1)) ** 0.7
            on = telling.calendar.today - timedelta(days=30 * (months - 1 - month) + 5)
            measure = Measure(id=ids.named("measure", f"{key}:{name}:{month}"), indicator=indicator, on=on)
            measure.value = Decimal(round(first + (last - first) * share))
            measure.source_url = products[key].impact_url
            measures.append(measure)
    Indicator.objects.bulk_create(indicators)
    Measure.objects.bulk_create(measures)


def _budgets(telling: Telling, products: dict[str, Product]) -> None:
    lines = []
    for key, funder, amounts in BUDGETS:
        for ago, amount in enumerate(amounts):
            if amount:
                year = telling.calendar.today.year - ago
                line = BudgetLine(id=ids.named("budget", f"{key}:{ago}"), product=products[key], year=year)
                line.funder, line.amount = telling.organizations[funder], Decimal(amount)
                line.source_url = products[key].budget_url
                lines.append(line)
    BudgetLine.objects.bulk_create(lines)


def _hand_offs(telling: Telling, products: dict[str, Product]) -> None:
    """One is under way, one is planned, and one is done and followed since."""
    day = telling.calendar.day
    ready, gone = products["lycee-ouvert"], products["agenda-partage-des-prefectures"]
    under_way = HandOff(id=ids.named("hand-off", ready.key), product=ready, path=HandOff.Path.INTEGRATED)
    under_way.operator, under_way.started_on = telling.organizations["armor"], day(-190)
    under_way.planned_on = day(120)
    done = HandOff(id=ids.named("hand-off", gone.key), product=gone, path=HandOff.Path.MAINTENANCE)
    done.operator, done.started_on = telling.organizations["disn"], day(-880)
    done.planned_on = done.transferred_on = day(-500)
    HandOff.objects.bulk_create([under_way, done])
    HandOffItem.objects.bulk_create([
        *(_item(telling, under_way, item, number, is_done=item in _DONE) for number, item in _items()),
        *(_item(telling, done, item, number, is_done=True) for number, item in _items()),
    ])  # fmt: skip
    HandOffSignal.objects.bulk_create(
        HandOffSignal(id=ids.named("signal", f"{kind}:{offset}"), product=gone, kind=kind, on=day(offset), value=value)
        for kind, offset, value in _SIGNALS
    )
    operated = ((gone, "disn", -500), (products["garde-du-soir"], "sante", -640))
    Operator.objects.bulk_create(
        Operator(
            id=ids.named("operator", product.key),
            product=product,
            organization=telling.organizations[key],
            from_on=day(offset),
        )
        for product, key, offset in operated
    )


def _items() -> list[tuple[int, str]]:
    return list(enumerate(HandOffItem.Item.values))


def _item(telling: Telling, hand_off: HandOff, item: str, number: int, *, is_done: bool) -> HandOffItem:
    row = HandOffItem(id=ids.named("hand-off-item", f"{hand_off.pk}:{item}"), hand_off=hand_off, item=item)
    row.owner = telling.people["clemence.vidal" if number % 2 else "rozenn.quere"]
    if is_done:
        row.done_on = hand_off.started_on + timedelta(days=12 * (number + 1))
        row.evidence = "Relu en comité."
    return row


def _committees(telling: Telling, products: dict[str, Product]) -> None:
    for position, incubator in enumerate(Incubator.objects.order_by("key")):
        for offset in (-60 - position, 12 + 9 * position, 75 + position):
            committee = Committee(
                id=ids.named("committee", f"{incubator.key}:{offset}"),
                incubator=incubator,
                on=telling.calendar.day(offset),
                title="Comité d’investissement",
                place="Salle des cartes, et en visio",
                is_public=offset < 75,  # noqa: PLR2004 - the farthest one is not announced yet
                created_at=telling.calendar.moment(-90, incubator.key),
            )
            committee.save()
            own = [product for product in products.values() if product.is_active]
            listed = {link.product_id for link in incubator.product_links.all()}
            committee.products.set([product for product in own if product.pk in listed][:4])


def _requests(telling: Telling, products: dict[str, Product]) -> None:
    carnet = products["carnet-partage"]
    sponsors = [telling.organizations[key].slug for key in ("sante", "solidarites")]
    Review.objects.create(
        id=ids.named("review", carnet.key),
        product=carnet,
        field="sponsors",
        current=sponsors[:1],
        proposed=sponsors,
        reason="La Caisse finance l’équipe depuis le mois dernier.",
        asked_by=telling.people["nadia.cherif"],
        asked_at=telling.calendar.moment(-4, carnet.key),
    )
    told = (("sentier-ouvert", "salome.weiss", -3, "impact_url", ["", "https://sentier-ouvert.example/impact"]),
            ("carnet-partage", "nadia.cherif", -12, "mission", ["Un carnet de suivi partagé.", carnet.mission]),
            ("mon-releve", "aicha.benali", -6, "repository", ["", "https://git.example/mon-releve"]))  # fmt: skip
    Revision.objects.bulk_create(
        Revision(
            id=ids.named("revision", f"{key}:{field}"),
            product=products[key],
            by=telling.people[by],
            at=telling.calendar.moment(offset, key),
            changes={field: change},
        )
        for key, by, offset, field, change in told
    )
