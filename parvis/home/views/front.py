"""The first page: the network's public face, or a person's day."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.directory.models import Organization, User
from parvis.home import queries
from parvis.suite.models import Application
from parvis.suite.queries import menu_of

TEAMS_SHOWN = 6
APPLICATIONS_SHOWN = 8


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the public face, or the day of who is signed in."""
    if isinstance(request.user, User):
        return _day(request, request.user)
    return _public_face(request)


def _public_face(request: HttpRequest) -> HttpResponse:
    context = {
        "figures": queries.figures(),
        "groups": queries.public_groups(TEAMS_SHOWN),
        "organizations": Organization.objects.visible_to(request.user).order_by("sort_key")[:TEAMS_SHOWN],
        "applications": Application.objects.on_public_list().order_by("sort_key")[:APPLICATIONS_SHOWN],
    }
    return render(request, "home/landing.html", context)


def _day(request: HttpRequest, user: User) -> HttpResponse:
    memberships = queries.my_memberships(user)
    context = {
        "memberships": memberships,
        "ending": queries.ending_soon(memberships),
        "invitations": queries.invitations_for(user),
        "applications": menu_of(user)[:APPLICATIONS_SHOWN],
        "news": queries.news_for(user, [one.group for one in memberships]),
    }
    return render(request, "home/day.html", context)
