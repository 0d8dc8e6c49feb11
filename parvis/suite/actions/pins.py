"""A person's own order of applications: it concerns nobody else, so the journal does not keep it."""

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.directory.models import User
from parvis.suite.exceptions import TooManyPinsError
from parvis.suite.models import Application, Pin


def _locked(user: User) -> list[Pin]:
    """Return the person's pins in order; two changes at once follow each other on the person's row."""
    User.objects.select_for_update().get(pk=user.pk)
    return list(user.pins.order_by("position", "id"))


def _renumber(pins: list[Pin]) -> None:
    for position, pin in enumerate(pins):
        pin.position = position
    Pin.objects.bulk_update(pins, ["position"])


@transaction.atomic
def pin(*, by: User, application: Application) -> None:
    """Keep an application at hand, after those already there."""
    pins = _locked(by)
    if any(one.application_id == application.pk for one in pins):
        return
    if len(pins) >= Pin.MAX:
        raise TooManyPinsError(_("You already keep 24 applications at hand: take one away first."))
    Pin.objects.create(user=by, application=application, position=len(pins))
    _renumber(pins)


@transaction.atomic
def unpin(*, by: User, application: Application) -> None:
    """Put an application back among the others."""
    pins = _locked(by)
    Pin.objects.filter(user=by, application=application).delete()
    _renumber([one for one in pins if one.application_id != application.pk])


@transaction.atomic
def move(*, by: User, application: Application, step: int) -> None:
    """Move a pinned application one place up (-1) or down (1); at the ends nothing changes."""
    pins = _locked(by)
    here = next((index for index, one in enumerate(pins) if one.application_id == application.pk), None)
    if here is None or not 0 <= here + step < len(pins):
        return
    pins[here], pins[here + step] = pins[here + step], pins[here]
    _renumber(pins)
