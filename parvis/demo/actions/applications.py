"""Applications of the story."""

from datetime import timedelta

from django.utils import timezone

from parvis.demo.actions.telling import Telling
from parvis.demo.story import ids
from parvis.demo.story.applications import APPLICATIONS, PINS, REFUSED, WEEK, ApplicationStory
from parvis.demo.story.people import OPERATOR
from parvis.oidc.models import ClientDay, Mishap
from parvis.suite.actions.cards import create_application, entitle
from parvis.suite.actions.pins import pin
from parvis.suite.actions.sign_in import add_sign_in
from parvis.suite.models import Application
from parvis.suite.sign_in_forms import PROPOSED_SCOPES


def tell_applications(telling: Telling) -> None:
    """Put the applications in the catalogue, by its own actions."""
    operator = telling.people[OPERATOR]
    told: dict[str, Application] = {}
    for story in APPLICATIONS:
        application = Application(
            id=ids.named("application", story.key),
            name_fr=story.name_fr,
            name_en=story.name_en,
            description_fr=story.description_fr,
            description_en=story.description_en,
            url=story.url,
            maturity=story.maturity,
            owner=telling.groups[story.owner],
            audience=Application.Audience.CHOSEN if story.groups else Application.Audience.NETWORK,
            is_public=story.is_public,
        )
        told[story.key] = create_application(by=operator, application=application)
        if story.redirect_uri:
            _sign_in(telling, told[story.key], story)
        for key in story.groups:
            entitle(by=operator, application=application, holder=telling.groups[key])
    for person, kept in PINS.items():
        for key in kept:
            pin(by=telling.people[person], application=told[key])


def _sign_in(telling: Telling, application: Application, story: ApplicationStory) -> None:
    """Let people sign in to it, with a month of sign-ins and what its developers find refused."""
    settings = {"redirect_uris": [story.redirect_uri], "is_trusted": True, "scopes": list(PROPOSED_SCOPES)}
    add_sign_in(by=telling.people[OPERATOR], application=application, settings=settings)
    client = application.client
    assert client is not None  # noqa: S101 - it was just made
    client.client_id = str(ids.named("client", story.key))
    client.save(update_fields=["client_id"])
    today = telling.calendar.today
    days = [today - timedelta(days=number) for number in range(30)]
    numbers = [(day, *WEEK[day.weekday()]) for day in days]
    ClientDay.objects.bulk_create(
        ClientDay(client=client, day=day, sign_ins=sign_ins, refusals=refusals) for day, sign_ins, refusals in numbers
    )
    for hours, (endpoint, code, description, received) in reversed([*enumerate(REFUSED, start=3)]):  # The oldest first.
        at = timezone.now() - timedelta(hours=hours)
        Mishap.objects.create(
            client=client, endpoint=endpoint, code=code, description=description, received=received, at=at
        )
