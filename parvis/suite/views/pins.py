"""Arranging one's own menu, with one button for each move."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.directory.models import User
from parvis.suite.actions import pins
from parvis.suite.exceptions import TooManyPinsError
from parvis.suite.models import Application

_STEPS = {"up": -1, "down": 1}


def _wanted(request: HttpRequest, slug: str) -> tuple[User, Application]:
    person: User = request.user  # type: ignore[assignment]  # the middleware let nobody else in
    return person, get_object_or_404(Application.objects.visible_to(person), slug=slug)


@require_POST
def pin(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep an application at hand."""
    person, application = _wanted(request, slug)
    get_object_or_404(Application.objects.usable_by(person), pk=application.pk)
    try:
        pins.pin(by=person, application=application)
    except TooManyPinsError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s is now at the top of your menu.") % {"name": application.name})
    return redirect("suite:application-list")


@require_POST
def unpin(request: HttpRequest, slug: str) -> HttpResponse:
    """Put it back among the others."""
    person, application = _wanted(request, slug)
    pins.unpin(by=person, application=application)
    messages.success(request, _("%(name)s is back among the others.") % {"name": application.name})
    return redirect("suite:application-list")


@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move it one place up or down."""
    person, application = _wanted(request, slug)
    if step := _STEPS.get(request.POST.get("to", "")):
        pins.move(by=person, application=application, step=step)
    return redirect("suite:application-list")
