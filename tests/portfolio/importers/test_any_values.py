"""Whatever a field holds, an import ends, and a second one over the same files changes nothing."""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from parvis.directory.importers.betagouv.importing import import_folder
from parvis.portfolio.models import PersonCard, Product
from tests.directory.importers.tree import TODAY, Files, write

pytestmark = pytest.mark.django_db
FIELDS = {
    "startups": (
        "accessibility_status analyse_risques analyse_risques_url mon_service_securise contact link thematiques "
        "usertypes techno title mission incubator incubators sponsors phases events fast repository budget_url "
        "stats_url impact_url stats dashlord_url contact_dinum contact_incubator redirect_from status owner start end x"
    ),
    "authors": (
        "fullname role domaine missions competences memberType previously startups link github bio avatar start end "
        "status employer incubator teams"
    ),
    "incubators": "address contact github logo title highlighted_startups owner short_description website hidden",
    "organisations": "name acronym type domaine_ministeriel id",
}
NAMES = ["name", "start", "end", "date", "comment", "id", "startups", "status", "employer", "promotion", "montant", "x"]
WORDS = (
    "carnet", "/startups/carnet", "2024-01-01", "31/12/2023", "investigation", "alumni", "e\u0301", "\u200b", "\x85",
    "&#x2F;", "javascript:x", "https://a.example/", "a\tb", "x" * 500, "\U0001f600", "", "-1", "true", "null",
    "2024-13-45", "atelier", "../..", "\U000e0041",
)  # fmt: skip


def value(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(9)
    if kind == 0:
        return chance.choice([None, True, False, 0, -1, 10**15, 3.14, 1e20])
    if kind == 1 and depth < 3:
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 2 and depth < 3:
        return {chance.choice(NAMES): value(chance, depth + 1) for _ in range(chance.randrange(5))}
    if kind == 3:
        return [{name: chance.choice(WORDS) for name in NAMES} | {"startups": [chance.choice(WORDS)]} for _ in range(3)]
    return chance.choice(WORDS)


def anything(chance: random.Random, number: int) -> Files:
    return {
        f"_{collection}/any{index}.md": "---\n"
        + yaml.safe_dump({name: value(chance) for name in names.split() if chance.random() < 0.7})
        + f"---\n{chance.choice(WORDS)}\n"
        for index in range(number)
        for collection, names in FIELDS.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_any_value_in_any_field(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for number in (40, 15):
        import_folder(write(tmp_path, anything(chance, number)), today=TODAY)
        assert not import_folder(tmp_path, today=TODAY).counts.anything
    assert Product.objects.count() == 42
    assert PersonCard.objects.count() == 42
