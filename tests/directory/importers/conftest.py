"""The directory's own part of an import: what layers above bring in beside it has tests of its own."""

import pytest

from parvis.directory import registry


@pytest.fixture(autouse=True)
def the_directory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "after_import", [])
