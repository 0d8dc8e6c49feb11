"""What the interface tells: flat rows, which are also the columns of the CSV files, and a product whole."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema


class ProductRow(Schema):
    """A product of the portfolio."""

    key: str = Field(description="Identifier; the page is /portfolio/products/KEY/.")
    name: str
    mission: str
    phase: str = Field(description="Phase of today; empty when the product has not started.")
    phase_since: date | None
    incubators: list[str] = Field(description="Keys of incubators, the main one first.")
    sponsors: list[str] = Field(description="Addresses (slugs) of organisations.")
    themes: list[str]
    users: list[str]
    technologies: list[str]
    website: str
    repository: str
    has_statistics: bool | None
    statistics_url: str
    budget_url: str
    impact_url: str
    quality_url: str
    accessibility_status: str
    has_risk_analysis: bool | None
    follows_security_service: bool | None
    updated_at: datetime


class IncubatorRow(Schema):
    """An incubator."""

    key: str
    name: str
    short_description: str
    owner: str = Field(description="Address (slug) of the organisation it belongs to.")
    website: str
    code: str
    products: int
    active_products: int
    updated_at: datetime


class PhaseRow(Schema):
    """A phase of a product, as recorded: only its start is trusted."""

    id: str
    product: str
    name: str
    start: date | None
    announced_end: date | None
    position: int
    comment: str


class EventRow(Schema):
    """Something that happened to a product."""

    id: str
    product: str
    kind: str
    on: date | None
    comment: str


class DecisionRow(Schema):
    """A decision about a product, with its reasons."""

    id: str
    product: str
    kind: str
    from_phase: str
    to_phase: str
    on: date
    reasons: str
    corrects: str | None = Field(description="Identifier of the decision that this one corrects.")


class DeploymentRow(Schema):
    """A territory where a product is used."""

    id: str
    product: str
    territory: str = Field(description="Code: ISO 3166, NUTS, or a French region or department.")
    territory_name: str
    since: date
    until: date | None
    source_url: str
    note: str


class IndicatorRow(Schema):
    """A measure of impact, with its target and its last value."""

    id: str
    product: str
    name: str
    unit: str
    direction: str
    target: Decimal | None
    target_on: date | None
    last_value: Decimal | None
    last_value_on: date | None


class MeasureRow(Schema):
    """The value of an indicator on a day."""

    id: str
    product: str
    indicator: str
    on: date
    value: Decimal
    source_url: str
    note: str


class BudgetRow(Schema):
    """What a funder gave a product for a year."""

    id: str
    product: str
    year: int
    funder: str
    amount: Decimal
    source_url: str
    note: str


class FundingRow(Schema):
    """Money won in a programme of the network."""

    id: str
    product: str
    programme: str
    promotion: str
    amount: Decimal | None


class HandOffRow(Schema):
    """The way of a product to whoever will run it."""

    id: str
    product: str
    path: str
    operator: str
    prepared_since: date
    planned_for: date | None
    done_on: date | None
    items_needed: int
    items_done: int


class CommitteeRow(Schema):
    """The day on which an incubator and sponsors look at products together."""

    id: str
    incubator: str
    on: date
    title: str


class PersonRow(Schema):
    """A person of the network, as they let everybody see them; never how to reach them."""

    id: str
    name: str
    trade: str
    role: str
    skills: list[str]
    products: list[str] = Field(description="Keys of the products they work on today.")


class OrganizationRow(Schema):
    """An organisation of the directory."""

    key: str
    name: str
    acronym: str
    kind: str
    country: str
    website: str


class TerritoryRow(Schema):
    """A territory that deployments may name."""

    code: str
    scheme: str
    name_fr: str
    name_en: str
    parent: str
    population: int | None


class TermRow(Schema):
    """A word by which products are found."""

    key: str
    kind: str
    label_fr: str
    label_en: str
    is_standard: bool


class ProductWhole(ProductRow):
    """A product with all that is public about it."""

    description: str = Field(description="Markdown.")
    problem: str
    problem_en: str
    solution: str
    solution_en: str
    lessons: str
    lessons_en: str
    original_language: str
    redirect_from: list[str]
    phases: list[PhaseRow]
    events: list[EventRow]
    decisions: list[DecisionRow]
    deployments: list[DeploymentRow]
    indicators: list[IndicatorRow]
    budgets: list[BudgetRow]
    fundings: list[FundingRow]
    hand_off: HandOffRow | None
    team: list[PersonRow]


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""


class Figures(Schema):
    """Statistics by identifier; the definition of each is in the documentation."""

    as_of: date
    statistics: dict[str, Any]
