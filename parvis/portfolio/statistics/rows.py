"""The rows that the statistics read, with the columns that they need and no more."""

from datetime import date
from typing import NamedTuple
from uuid import UUID


class ProductRow(NamedTuple):
    """What the statistics read of a product itself."""

    id: UUID
    key: str
    website: str
    repository: str
    has_stats: bool | None
    stats_url: str
    budget_url: str
    impact_url: str
    dashlord_url: str
    accessibility_status: str
    has_risk_analysis: bool | None
    uses_mon_service_securise: bool | None


class PhaseRow(NamedTuple):
    """A phase of a product, as its source lists it."""

    name: str
    raw_name: str
    rank: int
    start_on: date | None
    end_on: date | None

    @property
    def label(self) -> str:
        """Return the name, else what the source wrote."""
        return self.name or self.raw_name


class Stage(NamedTuple):
    """A phase that has a place in a life: a known name and a start. Stages sort in the order of TIMELINE."""

    start: date
    rank: int
    position: int
    name: str


class MissionRow(NamedTuple):
    """A mission of a person; a start or an end that nobody knows is read as the last day there is."""

    id: UUID
    user: UUID
    start: date
    end: date
    status: str
    employer: str


class Stint(NamedTuple):
    """A person's days on one product."""

    user: UUID
    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return self.start <= day <= self.end


class IncubatorRow(NamedTuple):
    """What the statistics read of an incubator."""

    id: UUID
    key: str
    is_hidden: bool
    has_owner: bool
    owner_raw: str


class TermRow(NamedTuple):
    """A word that describes a product, as it was written."""

    product: UUID
    kind: str
    written: str
    key: str
    is_standard: bool


class FileRow(NamedTuple):
    """A file of the last import."""

    collection: str
    key: str
    has_suffix: bool
    has_front_matter: bool
    defects: list[str]
