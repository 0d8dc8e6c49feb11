"""Applications of the story."""

from parvis.demo.actions.telling import Telling
from parvis.demo.story import ids
from parvis.demo.story.applications import APPLICATIONS, PINS
from parvis.demo.story.people import OPERATOR
from parvis.suite.actions.cards import create_application, entitle
from parvis.suite.actions.pins import pin
from parvis.suite.models import Application


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
        for key in story.groups:
            entitle(by=operator, application=application, holder=telling.groups[key])
    for person, kept in PINS.items():
        for key in kept:
            pin(by=telling.people[person], application=told[key])
