"""The real repository's portfolio, when a copy of it lies beside this one: figures that were counted independently."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from parvis.directory.importers.betagouv.importing import import_folder
from parvis.portfolio.models import (
    Event,
    Funding,
    Incubator,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    SourceFile,
    Sponsorship,
)

REAL = Path(__file__).resolve().parents[4] / "shared" / "betagouv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REAL.is_dir(), reason="no copy of the beta.gouv.fr repository in ../shared/betagouv"),
]
ON = date(2026, 8, 20)


def test_the_whole_portfolio_is_there_letter_for_letter() -> None:
    import_folder(REAL, today=ON)
    assert (Product.objects.count(), Incubator.objects.count(), PersonCard.objects.count()) == (662, 23, 3484)
    assert (Phase.objects.count(), Event.objects.count(), Funding.objects.count()) == (1695, 562, 46)
    assert (Mission.objects.count(), MissionProduct.objects.count()) == (4761, 4811)
    assert (Sponsorship.objects.count(), ProductIncubator.objects.count()) == (826, 664)
    assert not MissionProduct.objects.filter(product=None).exists()
    assert not ProductIncubator.objects.filter(incubator=None).exists()
    assert Product.objects.active(ON).count() == 245
    assert Product.objects.stopped(ON).count() == 326
    assert Mission.objects.active(ON).values("user").distinct().count() == 1360
    defects = Counter(name for row in SourceFile.objects.all() for name in row.defects)
    assert defects == {"html-entity": 2, "untrimmed": 53, "body-not-nfc": 16}
    assert [incubator.key for incubator in Incubator.objects.filter(is_hidden=True)] == ["sgmas"]
    assert not import_folder(REAL, today=ON).counts.anything
