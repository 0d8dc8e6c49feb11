"""Telling the fictional network to an empty database, the same on every machine on the same day."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.audit.journal import record_many
from parvis.demo.actions.applications import tell_applications
from parvis.demo.actions.groups import tell_groups, tell_invitations, tell_places
from parvis.demo.actions.people import tell_organizations, tell_people
from parvis.demo.actions.portfolio import tell_portfolio
from parvis.demo.actions.results import tell_results
from parvis.demo.actions.telling import Telling
from parvis.demo.queries import is_here
from parvis.demo.story.calendar import Calendar


@transaction.atomic
def tell(*, today: date | None = None) -> bool:
    """Make the network, unless it is here; say whether it was made."""
    if is_here():
        return False
    telling = Telling(Calendar(today or timezone.localdate()))
    tell_people(telling)
    tell_organizations(telling)
    tell_groups(telling)
    tell_places(telling)
    tell_invitations(telling)
    record_many(sorted(telling.events, key=lambda event: event.at))
    tell_applications(telling)
    tell_portfolio(telling)
    tell_results(telling)
    return True
