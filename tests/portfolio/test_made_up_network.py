"""The network that benches use: whole, valid and the same each time."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from parvis.portfolio.models import Mission, Phase, Product

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parents[2] / "bench" / "portfolio_network.py"


@pytest.fixture(scope="module")
def bench() -> Any:
    specification = importlib.util.spec_from_file_location("bench_portfolio_network", FILE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def test_a_small_network_is_whole(bench: Any) -> None:
    counts = bench.fill(products=40, people=60, missions=90, incubators=4, organizations=6)
    assert (counts["Product"], counts["PersonCard"], counts["Mission"]) == (40, 60, 90)
    assert Product.objects.active().exists()
    assert Product.objects.stopped().exclude(lessons="").exists()
    assert not Phase.objects.filter(rank=0).exists()
    assert Mission.objects.active().exists()
    for product in Product.objects.all()[:5]:
        product.full_clean()


def test_ten_times_the_real_network_is_what_it_says(bench: Any) -> None:
    assert bench.scaled(10)["products"] == 6_600
    assert bench.scaled(10)["people"] == 35_000
    assert bench.scaled(10)["missions"] == 48_000
