"""Where products are used, on a map of the departments or regions of France, or of countries."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from parvis.portfolio.models import Territory
from parvis.portfolio.queries.explore import FacetCount
from parvis.portfolio.queries.filters import Filters
from parvis.web.charts import Chart, Frame, Map, Tile, countries, france, french_regions, tile_map

DEPARTMENT, REGION, COUNTRY = Territory.Scheme.DEPARTMENT, Territory.Scheme.REGION, Territory.Scheme.COUNTRY
DRAWN: dict[str, Callable[[dict[str, str]], Map]] = {DEPARTMENT: france, REGION: french_regions, COUNTRY: countries}


def tile_code(territory: Territory) -> str:
    """Return the code by which a map knows the territory: without the country for those of France."""
    if territory.scheme == DEPARTMENT:
        return territory.geocode or territory.code.removeprefix("FR-")
    return territory.code.removeprefix("FR-") if territory.scheme == REGION else territory.code


def map_of(territories: Sequence[Territory], scheme: str) -> Map:
    """Return the drawn map of a register, with the names of its territories."""
    return DRAWN[scheme]({tile_code(one): one.name for one in territories if one.scheme == scheme})


def territory_map(counts: Sequence[FacetCount], address: Callable[[Filters], str], filters: Filters) -> list[Chart]:
    """Return a map for each register in which something is in use: how many of the found products are there."""
    if not counts:
        return []
    known = {one.code: one for one in Territory.objects.filter(scheme__in=DRAWN)}
    charts = []
    for scheme, title in _titles().items():
        tiles = [
            Tile(
                tile_code(known[one.value]),
                known[one.value].name,
                one.products,
                href=address(filters.toggled("territory", one.value)),
            )
            for one in counts
            if one.value in known and known[one.value].scheme == scheme
        ]
        if tiles:
            frame = Frame(f"where-{scheme}", title, _("Products in use today"), level=2)
            drawn = map_of(list(known.values()), scheme)
            charts.append(tile_map(frame, tiles, drawn, label=_("Territory"), value=_("Products")))
    return charts


def _titles() -> dict[str, str]:
    return {
        DEPARTMENT: _("In use by department"),
        REGION: _("In use by region, its departments included"),
        COUNTRY: _("In use by country"),
    }
