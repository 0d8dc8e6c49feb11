"""A person with two organisations says for which one a device acts, as in the usual sign-in (RFC 8628, section 3.3)."""

from typing import Any

import pytest

from parvis.directory.models import Organization, User
from parvis.oidc.models import DeviceRequest, Grant
from tests.oidc import test_device
from tests.oidc.test_device import Device
from tests.oidc.test_organizations import organization

device = test_device.device
SCOPE = "openid email siret organization_label"


@pytest.fixture
def bridges(person: User) -> Organization:
    return organization("Bridges", person, siret="13002526500013")


@pytest.fixture
def roads(person: User) -> Organization:
    return organization("Roads", person, siret="11000201100044")


def answer(device: Device, codes: dict[str, Any], **fields: str) -> Any:
    return device.browser.post("/device/answer", {"user_code": codes["user_code"], **fields})


def test_the_question_offers_the_choice_and_shows_neither_as_shared(
    device: Device,
    bridges: Organization,
    roads: Organization,
) -> None:
    page = device.type(device.waiting(scope=SCOPE)["user_code"]).content.decode()
    for place in (bridges, roads):
        assert page.count(place.name) == 1
        assert f'value="{place.pk}"' in page


def test_the_form_of_the_page_says_for_which_device_it_is(
    device: Device, bridges: Organization, roads: Organization
) -> None:
    codes = device.waiting(scope="openid siret")
    page = device.type(codes["user_code"]).content.decode()
    assert f'name="user_code" value="{codes["user_code"].replace("-", "")}"' in page
    assert "know for which organisation you act" in page
    assert "nothing else" not in page


def test_what_is_chosen_is_told_to_the_device(device: Device, bridges: Organization, roads: Organization) -> None:
    codes = device.waiting(scope=SCOPE)
    assert answer(device, codes, answer="allow", organization=str(roads.pk)).status_code == 302
    tokens = device.poll(codes).body
    told = device.userinfo(tokens["access_token"]).json()
    assert (told["organization_label"], told["siret"]) == ("Roads", "11000201100044")
    assert Grant.objects.get().organization_id == roads.pk


def test_each_device_keeps_its_own(device: Device, bridges: Organization, roads: Organization) -> None:
    found = []
    for place in (bridges, roads):
        codes = device.waiting(scope=SCOPE)
        answer(device, codes, answer="allow", organization=str(place.pk))
        found.append(device.poll(codes).body["access_token"])
    labels = [device.userinfo(token).json()["organization_label"] for token in found]
    assert labels == ["Bridges", "Roads"]


@pytest.mark.parametrize("given", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_choice_must_be_made_and_be_ones_own(
    device: Device,
    bridges: Organization,
    roads: Organization,
    given: str,
) -> None:
    codes = device.waiting(scope=SCOPE)
    page = answer(device, codes, answer="allow", organization=given)
    assert page.status_code == 422
    assert codes["user_code"] in page.content.decode()
    assert DeviceRequest.objects.get().state == DeviceRequest.State.WAITING
    assert answer(device, codes, answer="refuse").status_code == 302


def test_nothing_is_asked_where_nothing_would_be_told(
    device: Device,
    bridges: Organization,
    roads: Organization,
) -> None:
    codes = device.waiting(scope="openid email")
    assert "Bridges" not in device.type(codes["user_code"]).content.decode()
    assert answer(device, codes, answer="allow").status_code == 302


def test_who_has_one_organisation_reads_what_is_shared(device: Device, bridges: Organization) -> None:
    codes = device.waiting(scope=SCOPE)
    assert "13002526500013" in device.type(codes["user_code"]).content.decode()
    answer(device, codes, answer="allow")
    assert Grant.objects.get().organization_id == bridges.pk
