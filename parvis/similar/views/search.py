"""Who has done this before? A paragraph in, the nearest services of all countries out."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.portfolio.views.network import portfolio_tabs
from parvis.similar.countries import country_name
from parvis.similar.forms import ParagraphForm
from parvis.similar.labels import SOURCES
from parvis.similar.models import ListingPhase
from parvis.similar.queries.candidates import HERE, Candidate, counts, search

_MOST = 60
_LESSONS = 5
_SHOWN = 20
_CLOSE = 0.5
"""Only what is about as near as the nearest comes before it for having stopped."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    number: int
    is_chosen: bool


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def who_has_done_this(request: HttpRequest) -> HttpResponse:
    """Show the services nearest to a paragraph; those that stopped, and what they taught, first. Nothing is stored."""
    given = request.POST if request.method == "POST" else request.GET
    form = ParagraphForm(given) if "text" in given else ParagraphForm()
    context = {"form": form, "filters": {}, "lessons": [], "found": [], "is_asked": form.is_bound}
    context["tabs"] = portfolio_tabs(request, "similar:search")
    if form.is_bound and form.is_valid():
        near = search(form.cleaned_data["text"], request.user, _MOST)
        chosen = {name: form.cleaned_data[name] for name in _FACETS}
        kept = [one for one in near if all(not value or getattr(one, name) == value for name, value in chosen.items())]
        nearest = kept[0].score if kept else 0.0
        lessons = [one for one in kept if one.is_stopped and one.score >= _CLOSE * nearest][:_LESSONS]
        context |= {
            "filters": {name: _choices(near, name, chosen[name]) for name in _FACETS},
            "is_narrowed": any(chosen.values()),
            "lessons": sorted(lessons, key=lambda one: not one.lesson),
            "found": [one for one in kept if one not in lessons][:_SHOWN],
        }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "similar/who_has_done_this.html", context, status=status)


def _source_name(source: str) -> str:
    return SOURCES.get(source, source) if source != HERE else _("This network")


def _country_name(code: str) -> str:
    return country_name(code) if code != HERE else _("This network")


def _phase_name(phase: str) -> str:
    return str(ListingPhase(phase).label) if phase in ListingPhase.values else phase


_FACETS: dict[str, Callable[[str], str]] = {"country": _country_name, "phase": _phase_name, "source": _source_name}


def _choices(found: list[Candidate], name: str, chosen: str) -> list[Choice]:
    values = counts(found, name)
    if chosen and chosen not in dict(values):
        values.append((chosen, 0))
    return [Choice(value, _FACETS[name](value), number, value == chosen) for value, number in values]
