"""Applications of the catalogue for tests."""

from typing import Any

import factory
from django.test import Client as Browser

from parvis.directory.models import User
from parvis.oidc.models import Client
from parvis.suite.models import Application, Entitlement, Pin
from tests.factories.directory import UserFactory
from tests.factories.oidc import make_client


class ClientFactory(factory.django.DjangoModelFactory[Client]):
    """The OpenID Connect side of an application, as the provider's own tests make it."""

    class Meta:
        model = Client

    @classmethod
    def _create(cls, _model_class: type[Client], *_args: Any, **kwargs: Any) -> Client:
        return make_client(**kwargs)


class ApplicationFactory(factory.django.DjangoModelFactory[Application]):
    """An application for everyone who is signed in; traits for the other kinds."""

    class Meta:
        model = Application

    class Params:
        public = factory.Trait(is_public=True)
        chosen = factory.Trait(audience=Application.Audience.CHOSEN)
        closed = factory.Trait(state=Application.State.CLOSED)
        signs_in = factory.Trait(client=factory.SubFactory(ClientFactory))

    name_fr = factory.Sequence(lambda number: f"Écrits {number}")
    name_en = factory.Sequence(lambda number: f"Writings {number}")
    slug = factory.Sequence(lambda number: f"ecrits-{number}")
    description_fr = "Écrire à plusieurs."
    description_en = "Write together."
    url = factory.Sequence(lambda number: f"https://writings{number}.example.org/")


class EntitlementFactory(factory.django.DjangoModelFactory[Entitlement]):
    class Meta:
        model = Entitlement

    application = factory.SubFactory(ApplicationFactory, chosen=True)


class PinFactory(factory.django.DjangoModelFactory[Pin]):
    class Meta:
        model = Pin

    user = factory.SubFactory(UserFactory)
    application = factory.SubFactory(ApplicationFactory)
    position = factory.Sequence(int)


def browser_of(user: User) -> Browser:
    """Return a browser in which the person is signed in."""
    browser = Browser()
    browser.force_login(user)
    return browser
