"""A product with all that is public about it."""

from typing import Any

from parvis.api import tellers
from parvis.portfolio.models import (
    BudgetLine,
    Decision,
    Deployment,
    Event,
    Funding,
    HandOff,
    Indicator,
    PersonCard,
    Phase,
    Product,
)
from parvis.portfolio.policies import Viewer


def product(row: Product, viewer: Viewer) -> dict[str, Any]:
    """Return a product, its life, its impact and the people of its team who let the viewer see them."""
    ready = HandOff.objects.filter(product=row).select_related("product", "operator")
    team = PersonCard.objects.visible_to(viewer).filter(user__in=row.team()).order_by("user__sort_key", "id")
    return {
        **tellers.products([row], viewer)[0],
        "description": row.description,
        "problem": row.problem_original,
        "problem_en": row.problem_en,
        "solution": row.solution_original,
        "solution_en": row.solution_en,
        "lessons": row.lessons,
        "lessons_en": row.lessons_en,
        "original_language": row.original_language,
        "redirect_from": [path for path in row.redirect_from if isinstance(path, str)],
        "phases": tellers.phases(_of(Phase, row), viewer),
        "events": tellers.events(_of(Event, row), viewer),
        "decisions": tellers.decisions(_of(Decision, row), viewer),
        "deployments": tellers.deployments(_of(Deployment, row, "territory"), viewer),
        "indicators": tellers.indicators(_of(Indicator, row), viewer),
        "budgets": tellers.budgets(_of(BudgetLine, row, "funder"), viewer),
        "fundings": tellers.fundings(_of(Funding, row), viewer),
        "hand_off": next(iter(tellers.hand_offs(list(ready), viewer)), None),
        "team": tellers.people(list(team), viewer),
    }


def _of(model: Any, row: Product, *related: str) -> list[Any]:
    return list(model.objects.filter(product=row).select_related("product", *related))
