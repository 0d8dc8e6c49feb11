"""What the portfolio knows of a person: in their download, and gone with their account."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from parvis.directory.actions import anonymise_user
from parvis.directory.export import everything_about
from parvis.portfolio.models import Mission, PersonCard, SourceFile
from tests.factories.directory import UserFactory
from tests.factories.portfolio import (
    DecisionFactory,
    MissionFactory,
    PersonCardFactory,
    ProductFactory,
    ReviewFactory,
    RevisionFactory,
)

pytestmark = pytest.mark.django_db


def test_everything_about_a_person_is_in_their_download() -> None:
    user = UserFactory()
    PersonCardFactory(user=user, bio="J’aime le papier", hide_from_public=True)
    product = ProductFactory(key="carnet", created_by=user)
    MissionFactory(user=user, product=product, employer="Moi SARL")
    RevisionFactory(by=user, product=product)
    ReviewFactory(asked_by=user, product=product)
    DecisionFactory(by=user, product=product)
    section = everything_about(user)["portfolio"]
    assert section["card"]["bio"] == "J’aime le papier"
    assert section["missions"][0]["products"] == ["carnet"]
    assert section["missions"][0]["employer"] == "Moi SARL"
    assert section["proposals"] == ["carnet"]
    assert [len(section[name]) for name in ("changes_of_products", "requests", "decisions")] == [1, 1, 1]
    assert "Moi SARL" in json.dumps(section, cls=DjangoJSONEncoder)


def test_an_erased_person_leaves_days_and_no_name() -> None:
    user, other = UserFactory(), PersonCardFactory(key="other").user
    PersonCardFactory(user=user, key="lea.martin")
    MissionFactory(user=user, employer="Léa Martin EI")
    applied = {"values": {"bio": "Léa"}}
    SourceFile.objects.create(source="betagouv", collection="authors", key="lea.martin", name="l.md", applied=applied)
    anonymise_user(by=None, user=user)
    assert not PersonCard.objects.filter(user=user).exists()
    assert PersonCard.objects.filter(user=other).exists()
    assert [mission.employer for mission in Mission.objects.filter(user=user)] == [""]
    assert SourceFile.objects.get().applied == {}
