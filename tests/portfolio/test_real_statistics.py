"""The figures of the real network, when a copy of it lies beside this one, against those published in the research."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.directory.importers.betagouv.importing import import_folder
from parvis.portfolio import statistics

REAL = Path(__file__).resolve().parents[3] / "shared" / "betagouv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REAL.is_dir(), reason="no copy of the beta.gouv.fr repository in ../shared/betagouv"),
]
ON = date(2026, 8, 20)

# Figures of ../shared/research/portfolio.md, counted by others from the same files.
KNOWN = {
    "products_total": 662,
    "people_total": 3484,
    "incubators_total": 23,
    "organisations_total": 143,
    "organisations_front_matter": 145,
    "phase_records_total": 1695,
    "mission_records_total": 4761,
    "mission_product_links_total": 4811,
    "product_sponsor_links_total": 826,
    "sponsor_organisations_distinct": 136,
    "co_incubated_products": ["ecobalyse", "ecopass"],
    "products_active": 245,
    "products_stopped": 326,
    "products_transferred": 90,
    "phase_transitions_total": 1030,
    "entered_phase": {
        "investigation": 576, "construction": 419, "acceleration": 180, "consolidation": 78, "opere": 14,
        "transfere": 97, "abandon-investigation": 203, "abandon": 124,
    },
    "products_by_current_phase": {
        "investigation": 24, "construction": 109, "acceleration": 74, "consolidation": 24, "opere": 14, "transfere": 90,
        "abandon-investigation": 202, "abandon": 124, "not-started": 1,
    },
    "stopped_after_phase": {
        "investigation": 193, "construction": 91, "acceleration": 17, "consolidation": 9, "transfere": 7, "none": 9,
    },
    "days_construction_to_national_impact": {"n": 34, "median": 1400},
    "survival": {
        "n": 652, "events": 317, "365": 0.6971, "730": 0.5945, "1095": 0.5414, "1825": 0.4592, "2920": 0.3185,
    },
    "survival_after_launch": {
        "n": 419, "events": 125, "365": 0.8877, "730": 0.8043, "1095": 0.7275, "1825": 0.6301, "2920": 0.4531,
    },
    "people_active": 1360,
    "people_not_ended": 1365,
    "people_leaving_within_90_days": 536,
    "people_on_two_or_more_products": 763,
    "missions_active_by_status": {"admin": 483, "independent": 874, "service": 135},
    "employers_distinct_normalised": 640,
    "active_products_without_team_total": 18,
    "transferred_products_with_team": 56,
    "developers_per_active_product": {"0": 47, "1": 55, "2+": 107},
    "active_products_without_intrapreneur": 87,
    "active_products_whole_team_leaves_within_90_days": 18,
    "incubators_without_active_product": ["bercy", "menj", "mission-apprentissage"],
    "incubators_hidden": ["sgmas"],
    "transparency_base": 221,
    "transparency": {
        "repository": 161, "stats": 145, "budget_url": 100, "impact_url": 92, "dashlord_url": 90,
        "accessibility_status": 131, "link": 171, "analyse_risques": 54, "mon_service_securise": 61,
    },
    "fast_amount_total_eur": 8_627_000,
    "usertypes_free_text": 84,
    "themes_distinct": 94,
    "products_without_theme": 284,
    "defect_end_missing_before_next_phase": 768,
    "defect_end_before_next_start": 121,
    "defect_end_after_next_start": 17,
    "defect_end_equals_next_start": 127,
    "defect_same_start_as_next": 58,
    "defect_phases_in_future": 4,
    "defect_rank_goes_down": 9,
    "defect_stopped_with_later_event": 24,
    "defect_mission_overlaps": 1064,
    "defect_people_with_mission_overlaps": 434,
    "defect_missions_without_product": 928,
    "defect_missions_ending_2029_or_later": 12,
    "defect_products_with_html_entity": 2,
    "defect_products_untrimmed": 53,
    "defect_products_body_not_nfc": 16,
    "defect_product_ids_outside_slug": 103,
    "defect_product_ids_equal_but_for_punctuation": 1,
    "defect_files_without_md": 2,
    "api_startups_json_included": 22,
    "api_incubators_json_keys": 23,
}  # fmt: skip


def test_the_figures_of_the_real_network_are_those_counted_by_others() -> None:
    import_folder(REAL, today=ON)
    with CaptureQueriesContext(connection) as queries:
        values = statistics.compute(None, ON)
    assert len(queries) <= 15
    assert {name: values[name] for name in KNOWN} == KNOWN
