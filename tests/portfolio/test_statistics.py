"""Each statistic, on a network small enough to count by hand (see `network.py`), as of 1 January 2026."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cli import parvis
from parvis.directory.models import GroupMembership
from parvis.portfolio import statistics
from parvis.portfolio.models import Product
from tests.factories.directory import UserFactory
from tests.factories.portfolio import ProductFactory
from tests.portfolio.network import AS_OF, make_network

pytestmark = pytest.mark.django_db

EXPECTED: dict[str, dict[str, Any]] = {
    "openness": {
        "transparency_base": 3,
        "transparency": {
            "repository": 1,
            "stats": 2,
            "budget_url": 1,
            "impact_url": 0,
            "dashlord_url": 0,
            "accessibility_status": 1,
            "link": 1,
            "analyse_risques": 1,
            "mon_service_securise": 1,
        },
        "accessibility_status": {"non conforme": 1, "none": 6, "totalement conforme": 1},
        "usertypes_known": {
            "particulier": 2,
            "etat": 1,
            "collectivite-territoriale": 0,
            "parlement": 0,
            "entreprise": 0,
            "association": 0,
            "etablissement-scolaire": 0,
        },
        "usertypes_free_text": 1,
        "themes_distinct": 2,
        "themes_top": {"Social": 2, "Emploi": 1},
        "products_without_theme": 6,
        "technologies_top_normalised": {"python 3": 2, "react": 1},
    },
    "outcomes": {
        "survival": {"n": 7, "events": 2, "365": 0.6857, "730": 0.6857, "1095": 0.6857, "1825": 0.6857, "2920": 0.6857},
        "survival_after_launch": {
            "n": 4,
            "events": 1,
            "365": 0.75,
            "730": 0.75,
            "1095": 0.75,
            "1825": 0.75,
            "2920": 0.75,
        },
        "national_impact_events_by_year": {"2023": 1, "2024": 1},
        "national_impact_products": 1,
        "national_impact_by_current_phase": {"acceleration": 1},
        "days_construction_to_national_impact": {"n": 1, "median": 914},
        "team_after_transfer": {
            "0": {"products": 1, "products_with_team": 1, "median_people": 1, "percent_of_people_still_there": 100.0},
            "180": {"products": 1, "products_with_team": 1, "median_people": 1, "percent_of_people_still_there": 0.0},
            "365": {"products": 1, "products_with_team": 1, "median_people": 1, "percent_of_people_still_there": 0.0},
            "730": {"products": 1, "products_with_team": 1, "median_people": 1, "percent_of_people_still_there": 0.0},
        },
    },
    "people": {
        "people_active": 6,
        "people_not_ended": 7,
        "people_active_by_domain": {
            "Animation": 1,
            "Design": 1,
            "Développement": 1,
            "Intraprenariat": 1,
            "Produit": 1,
            "Support": 1,
        },
        "people_by_domain": {
            "Animation": 1,
            "Autre": 1,
            "Design": 1,
            "Développement": 2,
            "Intraprenariat": 1,
            "Produit": 1,
            "Support": 1,
        },
        "missions_active_by_status": {"admin": 1, "independent": 3, "service": 2},
        "missions_by_status": {"admin": 3, "independent": 4, "service": 3},
        "people_active_on_1_january": {
            "2019": 2,
            "2020": 2,
            "2021": 2,
            "2022": 3,
            "2023": 3,
            "2024": 4,
            "2025": 5,
            "2026": 6,
        },
        "people_joined_by_year": {"2019": 2, "2020": 1, "2024": 1, "2025": 2, "2026": 1},
        "people_by_number_of_missions": {"0": 1, "1": 4, "2": 3},
        "people_leaving_within_30_days": 1,
        "people_leaving_within_90_days": 2,
        "median_mission_days": 648,
        "people_on_two_or_more_products": 4,
        "active_people_without_product": 1,
        "employers_distinct_normalised": 2,
        "top_employers_normalised": {"malt": 2, "dinum": 1},
    },
    "phases": {
        "products_by_current_phase": {
            "investigation": 1,
            "construction": 1,
            "acceleration": 1,
            "consolidation": 1,
            "transfere": 1,
            "abandon-investigation": 1,
            "abandon": 1,
            "not-started": 1,
        },
        "products_active": 4,
        "products_stopped": 2,
        "products_transferred": 1,
        "products_by_site_rule": {
            "investigation": 1,
            "construction": 2,
            "acceleration": 1,
            "consolidation": 1,
            "transfere": 1,
            "abandon-investigation": 1,
            "abandon": 1,
        },
        "products_by_csv_rule": {
            "investigation": 1,
            "construction": 3,
            "acceleration": 1,
            "consolidation": 1,
            "abandon-investigation": 1,
            "abandon": 1,
        },
        "entered_phase": {
            "investigation": 5,
            "construction": 4,
            "acceleration": 2,
            "consolidation": 1,
            "opere": 0,
            "transfere": 1,
            "abandon-investigation": 1,
            "abandon": 1,
        },
        "phase_transitions": {
            "acceleration>construction": 1,
            "construction>abandon": 1,
            "construction>acceleration": 1,
            "construction>transfere": 1,
            "investigation>abandon-investigation": 1,
            "investigation>construction": 3,
        },
        "phase_transitions_total": 8,
        "phase_duration_days": {
            "investigation": {"n": 3, "median": 92},
            "construction": {"n": 3, "median": 549},
            "acceleration": {"n": 1, "median": 241},
        },
        "phase_zero_length": {"investigation": 1},
        "first_phase": {"investigation": 5, "construction": 1, "acceleration": 1, "consolidation": 1},
        "stopped_after_phase": {"investigation": 1, "construction": 1},
        "stop_rate_percent": 28.6,
        "construction_outcome": {"construction": 1, "acceleration": 1, "transfere": 1, "abandon": 1},
        "investigation_outcome": {"continued": 3, "open": 1, "stopped": 1},
        "cohort_by_year": {"2018": 1, "2019": 1, "2020": 1, "2021": 1, "2023": 1, "2024": 1, "2025": 1, "2030": 1},
        "launched_by_year": {"2019": 2, "2020": 1, "2021": 1},
        "stopped_by_year": {"2022": 1, "2023": 1},
        "products_by_phase_on_1_january": {
            "2018": {},
            "2019": {"investigation": 1, "construction": 1},
            "2020": {"investigation": 1, "construction": 2},
            "2021": {"construction": 4},
            "2022": {"construction": 1, "acceleration": 1, "transfere": 1, "abandon": 1},
            "2023": {"construction": 1, "acceleration": 1, "transfere": 1, "abandon": 1},
            "2024": {"construction": 1, "acceleration": 1, "transfere": 1, "abandon-investigation": 1, "abandon": 1},
            "2025": {
                "construction": 1,
                "acceleration": 1,
                "consolidation": 1,
                "transfere": 1,
                "abandon-investigation": 1,
                "abandon": 1,
            },
            "2026": {
                "investigation": 1,
                "construction": 1,
                "acceleration": 1,
                "consolidation": 1,
                "transfere": 1,
                "abandon-investigation": 1,
                "abandon": 1,
            },
        },
        "active_products_on_1_january": {
            "2018": 0,
            "2019": 2,
            "2020": 3,
            "2021": 4,
            "2022": 2,
            "2023": 2,
            "2024": 2,
            "2025": 3,
            "2026": 4,
        },
        "phase_starts_by_year": {
            "investigation": {"2019": 1, "2020": 1, "2021": 1, "2023": 1, "2025": 1},
            "construction": {"2019": 2, "2020": 1, "2021": 1},
            "acceleration": {"2018": 1, "2022": 1},
            "consolidation": {"2024": 1},
            "transfere": {"2021": 1},
            "abandon-investigation": {"2023": 1},
            "abandon": {"2022": 1},
        },
        "days_investigation_to_acceleration": {"n": 1, "median": 731},
        "median_days_in_current_phase": {
            "investigation": 92,
            "construction": 2557,
            "acceleration": 1461,
            "consolidation": 579,
        },
        "stale_active_products": {"construction": 1, "acceleration": 1},
    },
    "places": {
        "active_products_by_incubator": {"nord": 2, "secret": 1, "sud": 1},
        "products_by_incubator": {"ghost": 1, "nord": 4, "secret": 1, "sud": 3},
        "incubators_without_active_product": ["vide"],
        "incubators_hidden": ["secret"],
        "incubator_owner": {"empty": 2, "known": 1, "unknown": 1},
    },
    "quality": {
        "defect_end_missing_before_next_phase": 4,
        "defect_end_before_next_start": 1,
        "defect_end_after_next_start": 2,
        "defect_end_equals_next_start": 1,
        "defect_last_phase_ended_but_active": 1,
        "defect_same_start_as_next": 1,
        "defect_phases_in_future": 1,
        "defect_products_not_started": 1,
        "defect_csv_and_site_phase_differ": 1,
        "defect_rank_goes_down": 1,
        "defect_stopped_with_later_event": 1,
        "defect_events_in_future": 1,
        "defect_mission_overlaps": 1,
        "defect_people_with_mission_overlaps": 1,
        "defect_missions_in_future": 1,
        "defect_missions_without_product": 2,
        "defect_missions_ending_2029_or_later": 1,
        "defect_products_with_html_entity": 1,
        "defect_products_untrimmed": 2,
        "defect_products_body_not_nfc": 1,
        "defect_product_ids_outside_slug": 1,
        "defect_product_ids_with_upper_case": 1,
        "defect_product_ids_equal_but_for_punctuation": 1,
        "defect_unknown_incubators": 1,
        "defect_unknown_sponsors": 3,
        "defect_unknown_mission_products": 1,
        "defect_files_without_md": 1,
        "api_startups_json_data": 8,
        "api_startups_json_included": 3,
        "api_incubators_json_keys": 5,
        "api_authors_json_items": 8,
        "api_v3_files": 8,
    },
    "sizes": {
        "products_total": 8,
        "people_total": 8,
        "incubators_total": 4,
        "organisations_total": 1,
        "organisations_front_matter": 2,
        "phase_records_total": 16,
        "phase_records_by_name": {
            "abandon": 1,
            "abandon-investigation": 1,
            "acceleration": 2,
            "consolidation": 1,
            "construction": 5,
            "investigation": 5,
            "transfere": 1,
        },
        "products_by_number_of_phases": {"1": 3, "2": 2, "3": 3},
        "mission_records_total": 10,
        "mission_product_links_total": 10,
        "product_incubator_links_total": 9,
        "co_incubated_products": ["beta"],
        "product_sponsor_links_total": 4,
        "sponsor_organisations_distinct": 3,
        "top_sponsors": {"anct": 2, "dinum": 1, "nowhere": 1},
        "events_by_name": {"committee": 2, "end": 1, "national_impact": 2},
        "fast_laureates_by_promotion": {"12": 1, "13": 1},
        "fast_amount_total_eur": 150000,
    },
    "teams": {
        "active_products_without_team": {"consolidation": 1},
        "active_products_without_team_total": 1,
        "stopped_products_with_team": 1,
        "transferred_products_with_team": 1,
        "median_team_size": {"investigation": 1, "construction": 1, "acceleration": 2},
        "largest_teams": {"alpha": 2, "Delta": 1, "gamma.été": 1, "ze-ta": 1, "zeta": 1},
        "developers_per_active_product": {"0": 1, "1": 1, "2+": 0},
        "active_products_without_intrapreneur": 2,
        "active_products_whole_team_leaves_within_90_days": 2,
    },
}
QUERIES = 17


@pytest.mark.parametrize("topic", EXPECTED)
def test_the_figures_of_a_topic_are_those_counted_by_hand(topic: str) -> None:
    make_network()
    assert statistics.compute(EXPECTED[topic], AS_OF) == EXPECTED[topic]


def test_every_statistic_is_counted_by_hand_here() -> None:
    assert {name for topic in EXPECTED.values() for name in topic} == set(statistics.STATISTICS)
    assert len(statistics.STATISTICS) == 121


def test_the_definitions_and_the_figures_have_the_same_names() -> None:
    definitions = Path(__file__).resolve().parents[3] / "shared" / "design" / "portfolio_statistics.json"
    if not definitions.is_file():
        pytest.skip("no copy of the definitions in ../shared/design")
    wanted = [item["id"] for item in json.loads(definitions.read_text(encoding="utf-8"))["statistics"]]
    assert set(wanted) == set(statistics.STATISTICS)


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2018, 5, 4), date(2026, 6, 30), date(2200, 12, 31)])
def test_any_day_has_its_figures(day: date) -> None:
    make_network()
    json.dumps(statistics.compute(None, day))


def test_a_day_that_no_network_has_is_refused() -> None:
    with pytest.raises(statistics.DayOutOfRangeError):
        statistics.compute(None, date(9999, 12, 31))


def test_an_empty_portfolio_has_figures_too() -> None:
    values = statistics.compute(None, AS_OF)
    assert values["stop_rate_percent"] is None
    assert values["survival"]["n"] == values["products_total"] == 0
    assert values["products_by_phase_on_1_january"] == {}


def test_an_unknown_statistic_is_named() -> None:
    with pytest.raises(statistics.UnknownStatisticError, match="sunshine"):
        statistics.compute(["products_total", "sunshine"], AS_OF)


def test_figures_of_a_past_day_know_nothing_of_what_came_later() -> None:
    make_network()
    values = statistics.compute(["products_by_current_phase", "people_active"], date(2020, 8, 1))
    assert values == {
        "products_by_current_phase": {"construction": 3, "not-started": 5},
        "people_active": 2,
    }


def test_viewers_do_not_read_the_names_of_hidden_incubators() -> None:
    make_network()
    names = ["products_by_incubator", "active_products_by_incubator", "incubators_hidden", "products_total"]
    public = statistics.compute(names, AS_OF, viewer=AnonymousUser())
    assert public["products_by_incubator"] == {"nord": 4, "sud": 3}
    assert public["active_products_by_incubator"] == {"nord": 2, "sud": 1}
    assert public["incubators_hidden"] == []
    assert public["products_total"] == 8
    operator = UserFactory(is_operator=True)
    assert statistics.compute(names, AS_OF, viewer=operator)["incubators_hidden"] == ["secret"]


def test_proposed_products_are_not_counted() -> None:
    ProductFactory(proposed=True, phase="investigation")
    assert statistics.compute(["products_total", "phase_records_total"], AS_OF) == {
        "products_total": 0,
        "phase_records_total": 0,
    }


def test_a_place_in_the_team_counts_when_no_mission_explains_it() -> None:
    products = make_network()
    names = ["active_products_without_team_total", "people_active", "mission_records_total"]
    before = statistics.compute(names, AS_OF)
    newcomer = UserFactory()
    team = products["eta"].group
    assert team
    GroupMembership.objects.create(group=team, user=newcomer, starts_on=AS_OF - timedelta(days=3))
    after = statistics.compute(names, AS_OF)
    assert after == before | {"active_products_without_team_total": 0}


def test_the_figures_of_some_products_leave_out_the_others() -> None:
    make_network()
    of_sud = Product.objects.filter(incubators__key="sud")
    facts = statistics.Facts(AS_OF, of_sud)
    values = statistics.compute(["products_total", "products_active", "events_by_name"], facts=facts)
    assert values == {"products_total": 3, "products_active": 1, "events_by_name": {"end": 1}}


def test_all_figures_cost_the_same_few_queries_whatever_the_size() -> None:
    with CaptureQueriesContext(connection) as empty:
        statistics.compute(None, AS_OF)
    make_network()
    with CaptureQueriesContext(connection) as full:
        statistics.compute(None, AS_OF)
    assert len(full) <= len(empty) <= QUERIES


def test_the_command_writes_all_figures_as_json() -> None:
    make_network()
    result = CliRunner().invoke(parvis, ["portfolio", "statistics", "--as-of", "2026-01-01", "--json"])
    values = json.loads(result.output)
    assert values == {name: value for topic in EXPECTED.values() for name, value in topic.items()}


def test_the_command_writes_some_figures_for_people() -> None:
    make_network()
    result = CliRunner().invoke(parvis, ["portfolio", "statistics", "--as-of", "2026-01-01", "products_active"])
    assert result.output == "products_active: 4\n"


@pytest.mark.parametrize(
    ("arguments", "said"), [(["sunshine"], "no such statistic: sunshine"), (["--as-of", "9999-01-01"], "not between")]
)
def test_the_command_explains_what_it_refuses(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(parvis, ["portfolio", "statistics", *arguments])
    assert result.exit_code == 1
    assert said in result.output
