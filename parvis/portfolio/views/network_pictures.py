"""The pictures of the whole network. Each title says what the numbers show, in the words of the day's numbers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.portfolio.models import ACTIVE, STOPPED, Incubator, PhaseName, Territory
from parvis.portfolio.queries.census import ITEMS, Census, Life, Share
from parvis.portfolio.views.maps import map_of, tile_code
from parvis.web import charts
from parvis.web.charts import Chart, Frame, wording

ITEM_LABELS: Final[dict[str, str | Promise]] = {
    "repository": gettext_lazy("Source code"),
    "stats": gettext_lazy("Statistics"),
    "budget_url": gettext_lazy("Budget"),
    "impact_url": gettext_lazy("Impact"),
    "dashlord_url": gettext_lazy("Technical quality"),
    "accessibility_status": gettext_lazy("Accessibility"),
    "link": gettext_lazy("Website"),
    "analyse_risques": gettext_lazy("Risk analysis"),
    "mon_service_securise": gettext_lazy("Security follow-up"),
}
# The same things under the names of the facet "What is missing" of the list of products.
MISSING: Final = {
    "repository": "code",
    "stats": "statistics",
    "budget_url": "budget",
    "impact_url": "impact",
    "dashlord_url": "quality",
    "accessibility_status": "accessibility",
    "link": "website",
    "analyse_risques": "risks",
    "mon_service_securise": "security",
}
WAY: Final = ("investigation", "construction", "acceleration", "consolidation")
ALIVE: Final = tuple(PhaseName.values[:5])
SHOWN_INCUBATORS: Final = 30
"""The largest are drawn; the list of incubators and the files have them all."""
FIRST_YEAR: Final = 5
"""Years with fewer active products than this are too few to be drawn."""


def explore_url(query: str) -> str:
    """Return the list of products that a mark leads to."""
    return f"{reverse('portfolio:explore')}?{query}"


def frame(key: str, title: str, subtitle: str = "", *, as_of: date, level: int = 3) -> Frame:
    """Return what surrounds a picture of the network."""
    source = _("the portfolio of this network")
    return Frame(key, title, subtitle, source, as_of, reverse("portfolio:network-numbers", args=[key]), level)


def active_by_year(census: Census) -> Chart | None:
    """Draw the active products by phase on each 1 January."""
    found = drawn_years(census.figures["products_by_phase_on_1_january"])
    if not found:
        return None
    totals = [sum(counts.get(name, 0) for name in ALIVE) for counts in found.values()]
    years = list(found)
    words = {"n": wording.number(totals[-1]), "first": wording.number(totals[0]), "year": years[0], "last": years[-1]}
    title = _("%(n)s active products on 1 January %(last)s, %(first)s in %(year)s") % words
    moments = [date(int(year), 1, 1) for year in years]
    shown = frame("active-by-year", title, _("Active products by phase on 1 January"), as_of=census.as_of)
    return charts.stacked_areas(shown, moments, layers(found.values(), linked=True), moment_label=_("Date"))


def drawn_years(by_year: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
    """Leave out the first years, in which hardly anything was alive."""
    alive = {year: sum(counts.get(name, 0) for name in ALIVE) for year, counts in by_year.items()}
    start = next((year for year, number in alive.items() if number >= FIRST_YEAR), None)
    return {year: counts for year, counts in by_year.items() if start is not None and year >= start}


def layers(counts: Collection[Mapping[str, int]], *, linked: bool = False) -> list[charts.Layer]:
    """Return one layer for each active phase, in the order of the method."""
    return [
        charts.Layer(
            _short(name),
            name,
            [one.get(name, 0) for one in counts],
            href=explore_url(f"phase={name}") if linked else "",
        )
        for name in ALIVE
    ]


def flow(census: Census) -> Chart | None:
    """Draw where products go from phase to phase, and where they are lost."""
    entered, current = census.figures["entered_phase"], census.figures["products_by_current_phase"]
    if not any(entered.values()):
        return None
    steps = {tuple(step.split(">")): count for step, count in census.figures["phase_transitions"].items()}
    stages = [
        _stage(name, min(index, 4), entered[name], current.get(name, 0))
        for index, name in enumerate((*WAY, PhaseName.OPERATED.value, PhaseName.TRANSFERRED.value))
        if entered[name] or name in WAY
    ]
    lost = {name: sum(steps.get((name, stop), 0) for stop in STOPPED) for name in WAY}
    for index, name in enumerate(WAY):
        if lost[name]:
            stop = PhaseName.STOPPED.value if index else PhaseName.INVESTIGATION_STOPPED.value
            href = explore_url(f"phase={stop}")
            label = _("stopped")
            stages.append(
                charts.Stage(f"stop-{name}", label, "stopped", index + 1, lost[name], is_exit=True, href=href)
            )
    passages, others = _passages(steps, {stage.key for stage in stages}, lost)
    shown = frame("flow", _flow_title(census), _("Products that entered each phase, and where they went from there"),
                  as_of=census.as_of)  # fmt: skip
    return charts.flow(shown, stages, passages, others=others)


def _stage(name: str, column: int, total: int, now: int) -> charts.Stage:
    href = explore_url(f"phase={name}")
    shown_now = now if name in ACTIVE else None
    return charts.Stage(name, _short(name), name, column, total, shown_now, href=href)


def _short(name: str) -> str:
    return _("Operated") if name == PhaseName.OPERATED else str(PhaseName(name).label)


def _passages(
    steps: Mapping[tuple[str, ...], int], drawn: set[str], lost: Mapping[str, int]
) -> tuple[list[charts.Passage], str]:
    """Return the ribbons, and a sentence on the steps that are too odd to be drawn: backwards, or after a transfer."""
    order = {name: index for index, name in enumerate(PhaseName.values)}
    forward = {
        pair: count
        for pair, count in steps.items()
        if pair[0] in WAY and set(pair) <= drawn and order[pair[0]] < order[pair[1]]
    }
    passages = [charts.Passage(before, after, count) for (before, after), count in forward.items()]
    passages += [charts.Passage(name, f"stop-{name}", count) for name, count in lost.items() if count]
    left = sum(steps.values()) - sum(forward.values()) - sum(lost.values())
    words = ngettext(
        "Not drawn: %(n)s step backwards or after a transfer.",
        "Not drawn: %(n)s steps backwards or after a transfer.",
        left,
    )
    return passages, words % {"n": wording.number(left)} if left else ""


def _flow_title(census: Census) -> str:
    stopped, after = census.figures["products_stopped"], census.figures["stopped_after_phase"]
    if not stopped:
        return _("No product has stopped yet")
    part = after.get("investigation", 0) / stopped
    return _("%(part)s of what stopped did so right after the investigation") % {"part": wording.percent(part)}


def survival(census: Census) -> Chart | None:
    """Draw how long products live, from their first phase and from their launch."""
    labels = {"launched": (_("Since construction"), "1"), "all": (_("Since the first phase"), "2")}
    curves = [
        charts.Curve(label, tone, life.steps, life.at_risk)
        for name, (label, tone) in labels.items()
        if (life := _long_enough(census.lives[name]))
    ]
    if not curves:
        return None
    launched = census.figures["survival_after_launch"]
    title = _("%(part)s are alive three years after their construction began") % {
        "part": wording.percent(launched["1095"])
    }
    subtitle = _("Part of products still alive. Transferred ones are no longer followed from that day (Kaplan-Meier)")
    return charts.survival(frame("survival", title, subtitle, as_of=census.as_of), curves)


def _long_enough(life: Life) -> Life | None:
    return life if len(life.steps) > 1 else None


def launches(census: Census) -> Chart | None:
    """Draw what was launched and what stopped, year by year."""
    launched, stopped = census.figures["launched_by_year"], census.figures["stopped_by_year"]
    years = sorted({*launched, *stopped})
    if not years:
        return None
    every = [str(year) for year in range(int(years[0]), census.as_of.year + 1)][-12:]
    columns = [
        charts.Column(_("Construction began"), "1", [launched.get(year, 0) for year in every]),
        charts.Column(_("Stopped"), "stopped", [stopped.get(year, 0) for year in every], hatched=True),
    ]
    last = every[-2] if len(every) > 1 else every[-1]
    words = {"n": wording.number(launched.get(last, 0)), "m": wording.number(stopped.get(last, 0)), "year": last}
    title = _("In %(year)s, construction began for %(n)s products and %(m)s stopped") % words
    return charts.standing_bars(frame("launches", title, as_of=census.as_of), every, columns, label=_("Year"),
                                unfinished=True)  # fmt: skip


def transparency(census: Census) -> Chart | None:
    """Draw how many products publish each thing, of those of which it is asked."""
    base, shown = census.figures["transparency_base"], census.figures["transparency"]
    if not base:
        return None
    bars = [
        charts.Bar(ITEM_LABELS[item], shown[item], of=base, href=explore_url(f"status=active&missing={MISSING[item]}"))
        for item in sorted(ITEMS, key=lambda item: -shown[item])
    ]
    missing = wording.number(base - shown["budget_url"])
    title = _("%(n)s products of %(all)s do not show their budget") % {"n": missing, "all": wording.number(base)}
    subtitle = _("What active products show, from construction on; each bar leads to those that do not")
    shown_in = frame("transparency", title, subtitle, as_of=census.as_of)
    return charts.lying_bars(shown_in, bars, label=_("What is shown"), value=_("Products"))


def transparency_matrix(
    census: Census, incubators: Sequence[Incubator], limit: int | None = SHOWN_INCUBATORS
) -> Chart | None:
    """Draw the same for each incubator, the largest first."""
    rows = [(one, census.shares[one.key]) for one in incubators if one.key in census.shares]
    lines = [
        charts.Line(one.name, [share.shown[item] / share.expected for item in ITEMS], one.get_absolute_url(),
                    _products(share.expected))
        for one, share in sorted(rows, key=lambda pair: -pair[1].expected)
        if share.expected
    ][:limit]  # fmt: skip
    base, shown = census.figures["transparency_base"], census.figures["transparency"]
    if not lines:
        return None
    lines.append(charts.Line(_("Whole network"), [shown[item] / base for item in ITEMS], "", _products(base),
                             is_total=True))  # fmt: skip
    title = _("What is shown differs from one incubator to the next")
    subtitle = _("Part of the active products, from construction on, that show each thing")
    return charts.matrix(
        frame("transparency-by-incubator", title, subtitle, as_of=census.as_of),
        [ITEM_LABELS[item] for item in ITEMS],
        lines,
        label=_("Incubator"),
        caption=subtitle,
    )


def _products(number: int) -> str:
    return ngettext("%(n)s product", "%(n)s products", number) % {"n": wording.number(number)}


def incubators_by_year(
    census: Census, incubators: Sequence[Incubator], limit: int | None = SHOWN_INCUBATORS
) -> Chart | None:
    """Draw the growth of each incubator on one scale, the largest first."""
    years = list(drawn_years(census.figures["products_by_phase_on_1_january"]))
    shares = [(one, census.shares[one.key]) for one in incubators if one.key in census.shares]
    kept = sorted((pair for pair in shares if pair[1].total), key=lambda pair: (-pair[1].active, pair[0].sort_key))
    if not years or not kept:
        return None
    panels = [
        charts.Panel(one.name, layers([share.by_year.get(year, {}) for year in years]), one.get_absolute_url(),
                     _panel_note(share))
        for one, share in kept[:limit]
    ]  # fmt: skip
    half, rank = _half(kept)
    title = ngettext(
        "%(n)s incubator looks after half of the active products",
        "%(n)s incubators look after half of the active products",
        rank,
    ) % {"n": rank}
    subtitle = _("Active products on 1 January, all incubators on one scale; the number is that of %(year)s") % {
        "year": years[-1]
    }
    shown = frame("incubators", title if half else _("Active products by incubator"), subtitle, as_of=census.as_of)
    moments = [date(int(year), 1, 1) for year in years]
    return charts.small_multiples(shown, moments, panels, label=_("Incubator"))


def _half(kept: Sequence[tuple[Incubator, Share]]) -> tuple[int, int]:
    """Return half of the active products, and how many of the largest incubators hold it."""
    half, held = sum(share.active for _one, share in kept) / 2, 0
    for rank, (_one, share) in enumerate(kept, start=1):
        held += share.active
        if held >= half > 0:
            return int(half), rank
    return 0, 0


def _panel_note(share: Share) -> str:
    return _("%(n)s active today of %(all)s") % {"n": wording.number(share.active), "all": wording.number(share.total)}


def where(census: Census) -> Chart | None:
    """Draw where active products are in use, by department: nobody had ever written it down before."""
    scheme = Territory.Scheme.DEPARTMENT
    territories = list(Territory.objects.filter(scheme=scheme))
    tiles = [
        charts.Tile(tile_code(one), one.name, number, href=explore_url(f"status=active&territory={one.code}"))
        for one in territories
        if (number := census.places.get(one.code, 0))
    ]
    covered = len(tiles)
    if not covered:
        return None
    title = ngettext("Something is in use in %(n)s department", "Something is in use in %(n)s departments", covered) % {
        "n": wording.number(covered)
    }
    subtitle = _("Active products whose team said where they are used, by department")
    drawn = map_of(territories, scheme)
    shown = frame("territories", title, subtitle, as_of=census.as_of)
    return charts.tile_map(shown, tiles, drawn, label=_("Department"), value=_("products"))


Picture = Callable[[Census], Chart | None]
PLAIN: Final[dict[str, Picture]] = {
    "active-by-year": active_by_year,
    "flow": flow,
    "survival": survival,
    "launches": launches,
    "transparency": transparency,
    "territories": where,
}
NAMING: Final[dict[str, Callable[[Census, Sequence[Incubator], int | None], Chart | None]]] = {
    "transparency-by-incubator": transparency_matrix,
    "incubators": incubators_by_year,
}
"""Pictures that name incubators: they are given those that the viewer may read."""
