"""What a person does with their own data."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import actions, registry
from parvis.directory.models import OrganizationMembership, User
from tests.directory.conftest import SignedIn
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
PROFILE = {
    "given_name": "Léa",
    "family_name": "Martin",
    "job_title": "Designer",
    "language": "fr",
    "time_zone": "Europe/Paris",
    "card_audience": "teams",
    "email_audience": "nobody",
    "phone_audience": "teams",
    "phone_number": "+33 1 23 45 67 89",
}


@pytest.fixture(autouse=True)
def proof_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ask_proof", [])


def photo(name: str = "me.png") -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (60, 90)).save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/png")


def test_a_profile_is_edited(signed_in: SignedIn) -> None:
    user = UserFactory(address="lea@example.org")
    browser = signed_in(user)
    assert browser.get(reverse("directory:profile-edit")).status_code == 200
    answer = browser.post(reverse("directory:profile-edit"), PROFILE | {"photo": photo()})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert {name: getattr(user, name) for name in PROFILE} == PROFILE
    card = browser.get(user.get_absolute_url()).content.decode()
    assert user.photo_url in card
    assert "lea@example.org" in card


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", ""),
        ("given_name", " \u200b "),
        ("family_name", "x" * 151),
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
        ("card_audience", "nobody"),
        ("phone_number", "call me"),
        ("photo", SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")),
        ("photo", SimpleUploadedFile("a.png", b"\x89PNG" + b"\0" * (5 * 1024 * 1024 + 1), "image/png")),
    ],
)
def test_a_wrong_profile_is_refused_in_words_and_nothing_is_lost(signed_in: SignedIn, field: str, value: Any) -> None:
    user = UserFactory(given_name="Before")
    answer = signed_in(user).post(reverse("directory:profile-edit"), PROFILE | {field: value})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "Designer" in answer.content.decode()
    user.refresh_from_db()
    assert user.given_name == "Before"


def test_nobody_makes_themselves_an_operator_by_the_profile(signed_in: SignedIn) -> None:
    user = UserFactory()
    signed_in(user).post(reverse("directory:profile-edit"), PROFILE | {"is_operator": "1", "state": "anonymised"})
    user.refresh_from_db()
    assert (user.is_operator, user.state) == (False, User.State.ACTIVE)


# --- Photos ----------------------------------------------------------------------------------------------------------
def test_photos_are_for_people_who_are_signed_in(signed_in: SignedIn, client: Client) -> None:
    user = UserFactory()
    actions.edit_profile(by=user, user=user, photo=photo())
    user.refresh_from_db()
    answer = signed_in(UserFactory()).get(user.photo_url)
    assert answer["Content-Type"] == "image/webp"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer).startswith(b"RIFF")
    answer.close()
    assert client.get(user.photo_url).status_code == 302


def test_logos_are_for_everyone(client: Client) -> None:
    organization = OrganizationFactory()
    actions.edit_organization(by=None, organization=organization, logo=photo())
    organization.refresh_from_db()
    answer = client.get(organization.logo_url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    answer.close()


@pytest.mark.parametrize(
    "path", ["photos/none.webp", "photos/..%2Fx.webp", "photos/x.html", "logos/none.png", "parvis.sqlite3", "photos/"]
)
def test_no_other_file_is_served(signed_in: SignedIn, path: str) -> None:
    assert signed_in(UserFactory()).get(f"/media/{path}").status_code == 404


# --- The journal about oneself ---------------------------------------------------------------------------------------
def test_a_person_reads_what_happened_to_them_and_nothing_of_others(signed_in: SignedIn) -> None:
    manager = MembershipFactory(manager=True, group__name="Team of Ada", user__given_name="Ada")
    user = UserFactory(given_name="Léa")
    actions.add_membership(by=manager.user, group=manager.group, user=user)
    actions.add_membership(by=manager.user, group=manager.group, user=UserFactory(given_name="Zébulon"))
    page = signed_in(user).get(reverse("directory:my-events")).content.decode()
    assert "Team of Ada" in page
    assert "added" in page
    assert "bulon" not in page


# --- Download and erasure --------------------------------------------------------------------------------------------
def test_a_person_downloads_their_data(signed_in: SignedIn) -> None:
    user = UserFactory(given_name="Léa", address="lea@example.org")
    browser = signed_in(user)
    assert browser.get(reverse("directory:my-data")).status_code == 200
    assert browser.get(reverse("directory:my-data-download")).status_code == 405
    answer = browser.post(reverse("directory:my-data-download"))
    assert answer["Content-Disposition"].startswith("attachment")
    content = json.loads(answer.content)
    assert content["profile"]["given_name"] == "Léa"
    assert [email["address"] for email in content["emails"]] == ["lea@example.org"]
    assert {"organizations", "groups", "journal", "accounts"} <= content.keys()


def test_what_is_sensitive_asks_for_a_fresh_proof(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ask_proof", [lambda _request: HttpResponse("prove it", status=418)])
    browser = signed_in(UserFactory())
    assert browser.post(reverse("directory:my-data-download")).status_code == 418
    assert browser.post(reverse("directory:my-data-erase"), {"agrees": "on"}).status_code == 418
    assert not User.objects.filter(state=User.State.ANONYMISED).exists()


def test_a_person_is_erased_after_saying_so(signed_in: SignedIn) -> None:
    user = UserFactory(address="lea@example.org")
    browser, address = signed_in(user), reverse("directory:my-data-erase")
    assert browser.get(address).status_code == 200
    assert browser.post(address).status_code == 200
    user.refresh_from_db()
    assert user.state == User.State.ACTIVE
    answer: Any = browser.post(address, {"agrees": "on"})
    assert answer.url == reverse("directory:erased")
    user.refresh_from_db()
    assert user.state == User.State.ANONYMISED
    assert browser.get(answer.url).status_code == 200
    assert browser.get(reverse("directory:my-card")).status_code == 302
    assert Event.objects.filter(tag=Tag.USER_ANONYMISED, person_id=user.pk).count() == 1


def test_an_operator_is_not_erased_by_the_page(signed_in: SignedIn) -> None:
    browser = signed_in(UserFactory(operator=True))
    assert browser.post(reverse("directory:my-data-erase"), {"agrees": "on"}).status_code == 403
    assert not OrganizationMembership.objects.exists()
