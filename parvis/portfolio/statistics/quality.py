"""What is odd in the data, counted so that somebody mends it; and how much the older interfaces publish."""

import re
from collections import Counter
from datetime import date

from parvis.portfolio.models import ACTIVE, SourceFile
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.phases import shown_by_site
from parvis.portfolio.statistics.registry import statistic
from parvis.portfolio.statistics.rows import MissionRow

_OUTSIDE_SLUG = re.compile(r"[^A-Za-z0-9_-]")
_PUNCTUATION = re.compile(r"[^a-z0-9]")
_PLACEHOLDER_END = date(2029, 1, 1)


@statistic("defect_end_missing_before_next_phase")
def end_missing_before_next_phase(facts: Facts) -> int:
    """Count listed phases without an end though another follows."""
    return sum(before.end_on is None for before, _after in facts.neighbours)


def _against_next_start(facts: Facts) -> Counter[int]:
    """Count the announced ends before (-1), on (0) and after (1) the start of the next listed phase."""
    pairs = [(before.end_on, after.start_on) for before, after in facts.neighbours]
    return Counter((end > start) - (end < start) for end, start in pairs if end and start)


@statistic("defect_end_before_next_start")
def end_before_next_start(facts: Facts) -> int:
    """Count the gaps between listed neighbours."""
    return _against_next_start(facts)[-1]


@statistic("defect_end_after_next_start")
def end_after_next_start(facts: Facts) -> int:
    """Count the overlaps of listed neighbours."""
    return _against_next_start(facts)[1]


@statistic("defect_end_equals_next_start")
def end_equals_next_start(facts: Facts) -> int:
    """Count the listed neighbours that meet."""
    return _against_next_start(facts)[0]


@statistic("defect_last_phase_ended_but_active")
def last_phase_ended_but_active(facts: Facts) -> int:
    """Count the products whose last-listed phase is an active one and has an end."""
    lasts = [phases[-1] for phases in facts.phases.values() if phases]
    return sum(phase.name in ACTIVE and phase.end_on is not None for phase in lasts)


@statistic("defect_same_start_as_next")
def same_start_as_next(facts: Facts) -> int:
    """Count the listed neighbours with one start."""
    return sum(before.start_on is not None and before.start_on == after.start_on for before, after in facts.neighbours)


@statistic("defect_phases_in_future")
def phases_in_future(facts: Facts) -> int:
    """Count the phases that have not begun."""
    starts = (phase.start_on for phases in facts.phases.values() for phase in phases)
    return sum(start is not None and start > facts.as_of for start in starts)


@statistic("defect_products_not_started")
def products_not_started(facts: Facts) -> int:
    """Count the products whose TIMELINE is empty."""
    return len(facts.products) - len(facts.started)


@statistic("defect_csv_and_site_phase_differ")
def csv_and_site_phase_differ(facts: Facts) -> int:
    """Count the products whose phase the old site and the old CSV file tell differently."""
    return sum(shown_by_site(phases) != phases[-1].label for phases in facts.phases.values() if phases)


@statistic("defect_rank_goes_down")
def rank_goes_down(facts: Facts) -> int:
    """Count the steps backwards."""
    return sum(after.rank < before.rank for before, after in facts.steps)


@statistic("defect_stopped_with_later_event")
def stopped_with_later_event(facts: Facts) -> int:
    """Count the STOPPED products with an event after their end."""
    ended = {product: facts.timeline[product][-1].start for product in facts.stopped}
    return len({product for product, _kind, on in facts.events if product in ended and on and on > ended[product]})


@statistic("defect_events_in_future")
def events_in_future(facts: Facts) -> int:
    """Count the events to come."""
    return sum(on is not None and on > facts.as_of for _product, _kind, on in facts.events)


def _overlaps(missions: list[MissionRow]) -> int:
    """Count the pairs that share a day: of two that do, the later one starts before the earlier one ends."""
    ordered = sorted((mission.start, mission.end) for mission in missions)
    return sum(
        later[0] <= earlier[1] and earlier[0] <= later[1]
        for index, earlier in enumerate(ordered)
        for later in ordered[index + 1 :]
    )


@statistic("defect_mission_overlaps")
def mission_overlaps(facts: Facts) -> int:
    """Count the pairs of missions of one person that share a day."""
    return sum(map(_overlaps, facts.missions_of.values()))


@statistic("defect_people_with_mission_overlaps")
def people_with_mission_overlaps(facts: Facts) -> int:
    """Count the people who have such a pair."""
    return sum(_overlaps(missions) > 0 for missions in facts.missions_of.values())


@statistic("defect_missions_in_future")
def missions_in_future(facts: Facts) -> int:
    """Count the missions that have not begun."""
    return sum(facts.as_of < mission.start < date.max for mission in facts.missions)


@statistic("defect_missions_without_product")
def missions_without_product(facts: Facts) -> int:
    """Count the missions that name no product."""
    return sum(mission.id not in facts.products_of_mission for mission in facts.missions)


@statistic("defect_missions_ending_2029_or_later")
def missions_ending_2029_or_later(facts: Facts) -> int:
    """Count the ends that stand for "nobody knows"."""
    return sum(_PLACEHOLDER_END <= mission.end < date.max for mission in facts.missions)


def _files_with(facts: Facts, defect: SourceFile.Defect) -> int:
    return sum(defect in file.defects for file in facts.files_of("startups"))


@statistic("defect_products_with_html_entity")
def products_with_html_entity(facts: Facts) -> int:
    """Count the products whose fields held an HTML entity in the source."""
    return _files_with(facts, SourceFile.Defect.HTML_ENTITY)


@statistic("defect_products_untrimmed")
def products_untrimmed(facts: Facts) -> int:
    """Count the products whose title or mission had outer blanks in the source."""
    return _files_with(facts, SourceFile.Defect.UNTRIMMED)


@statistic("defect_products_body_not_nfc")
def products_body_not_nfc(facts: Facts) -> int:
    """Count the products whose description was not in Unicode form NFC in the source."""
    return _files_with(facts, SourceFile.Defect.BODY_NOT_NFC)


@statistic("defect_product_ids_outside_slug")
def product_ids_outside_slug(facts: Facts) -> int:
    """Count the keys with dots, accents and the like."""
    return sum(bool(_OUTSIDE_SLUG.search(row.key)) for row in facts.products.values())


@statistic("defect_product_ids_with_upper_case")
def product_ids_with_upper_case(facts: Facts) -> int:
    """Count the keys that are not lower case."""
    return sum(row.key != row.key.lower() for row in facts.products.values())


@statistic("defect_product_ids_equal_but_for_punctuation")
def product_ids_equal_but_for_punctuation(facts: Facts) -> int:
    """Count the groups of keys that punctuation and case alone tell apart."""
    plain = Counter(_PUNCTUATION.sub("", row.key.lower()) for row in facts.products.values())
    return sum(number > 1 for number in plain.values())


@statistic("defect_unknown_incubators")
def unknown_incubators(facts: Facts) -> int:
    """Count the incubators that products name and nobody knows."""
    return sum(key not in facts.incubators for keys in facts.incubators_of.values() for key in keys)


@statistic("defect_unknown_sponsors")
def unknown_sponsors(facts: Facts) -> int:
    """Count the sponsors that products name and no `.md` file describes."""
    without_suffix = {file.key for file in facts.files_of("organisations") if not file.has_suffix}
    return sum(not is_known or key in without_suffix for _product, key, is_known in facts.sponsors)


@statistic("defect_unknown_mission_products")
def unknown_mission_products(facts: Facts) -> int:
    """Count the products that missions name and nobody knows."""
    return sum(product is None for _mission, product, _raw in facts.mission_links)


@statistic("defect_files_without_md")
def files_without_md(facts: Facts) -> int:
    """Count the files of the last import whose name does not end in `.md`."""
    return sum(not file.has_suffix for file in facts.files)


@statistic("api_startups_json_data")
def api_startups_json_data(facts: Facts) -> int:
    """Count the items of `data` in /api/v2.7/startups.json."""
    return len(facts.products)


@statistic("api_startups_json_included")
def api_startups_json_included(facts: Facts) -> int:
    """Count the items of `included` there: the incubators that are not hidden."""
    return sum(not incubator.is_hidden for incubator in facts.incubators.values())


@statistic("api_incubators_json_keys")
def api_incubators_json_keys(facts: Facts) -> int:
    """Count the keys of /api/v2.7/incubators.json: incubators not hidden, and those that a product names."""
    shown = {key for key, incubator in facts.incubators.items() if not incubator.is_hidden}
    return len(shown.union(*facts.incubators_of.values()))


@statistic("api_authors_json_items")
def api_authors_json_items(facts: Facts) -> int:
    """Count the items of /api/v2.7/authors.json where nobody asked to disappear."""
    return len(facts.domains)


@statistic("api_v3_files")
def api_v3_files(facts: Facts) -> int:
    """Count the documents /api/v3/startups/ID.json."""
    return len(facts.products)
