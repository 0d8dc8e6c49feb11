"""Accounts: addresses, profile, photo, suspension, erasure."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import actions, registry
from parvis.directory.exceptions import AddressTakenError, DirectoryError
from parvis.directory.export import everything_about
from parvis.directory.models import Email, GroupMembership, Invitation, SourceRecord, User
from parvis.lib.images import UnreadableImageError
from parvis.mail.models import Message
from tests.factories.directory import (
    EmailFactory,
    InvitationFactory,
    MembershipFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


# --- Addresses -------------------------------------------------------------------------------------------------------
def test_the_first_confirmed_address_is_the_main_one() -> None:
    user = actions.create_user(by=None, given_name="Léa", confirmed_address="Lea@Example.org")
    email = user.emails.get()
    assert (email.address, email.canonical, email.is_primary) == ("Lea@example.org", "lea@example.org", True)
    tags = list(Event.objects.about(user.pk).order_by("id").values_list("tag", flat=True))
    assert tags == [Tag.USER_CREATED, Tag.EMAIL_VERIFIED]


def test_an_address_has_one_confirmed_holder_whatever_its_case_or_unicode_form() -> None:
    UserFactory(address="lea@xn--exmple-cua.org")
    other = UserFactory()
    for address in ("LEA@exämple.org", "lea@EXÄMPLE.org", "lea@xn--exmple-cua.ORG", "lea@ｅxämple.org"):
        with pytest.raises(AddressTakenError):
            actions.confirm_email(by=other, user=other, address=address)
    assert not other.emails.exists()


def test_adding_an_address_says_nothing_of_other_accounts() -> None:
    UserFactory(address="lea@example.org")
    user = UserFactory(address="other@example.org")
    email = actions.add_email(by=user, user=user, address="lea@example.org")
    assert not email.is_verified
    assert actions.add_email(by=user, user=user, address="LEA@example.org") == email
    with pytest.raises(AddressTakenError):
        actions.confirm_email(by=user, user=user, address="lea@example.org")


def test_confirming_removes_the_unconfirmed_copies_of_others() -> None:
    squatter, user = UserFactory(), UserFactory()
    actions.add_email(by=squatter, user=squatter, address="lea@example.org")
    actions.confirm_email(by=user, user=user, address="lea@example.org")
    assert not squatter.emails.exists()


def test_the_main_address_is_changed_and_never_removed() -> None:
    user = UserFactory(address="first@example.org")
    second = EmailFactory(user=user, address="second@example.org", is_primary=False)
    unconfirmed = EmailFactory(user=user, address="third@example.org", is_primary=False, verified_at=None)
    first = user.emails.get(is_primary=True)
    with pytest.raises(DirectoryError):
        actions.remove_email(by=user, email=first)
    with pytest.raises(DirectoryError):
        actions.make_email_primary(by=user, email=unconfirmed)
    actions.make_email_primary(by=user, email=second)
    actions.remove_email(by=user, email=first)
    assert user.emails.get(is_primary=True).address == "second@example.org"
    tags = list(Event.objects.about(user.pk).order_by("id").values_list("tag", flat=True))
    assert tags == [Tag.EMAIL_MADE_PRIMARY, Tag.EMAIL_REMOVED]


def test_an_account_has_a_bounded_number_of_addresses() -> None:
    user = UserFactory()
    for number in range(10):
        actions.add_email(by=user, user=user, address=f"a{number}@example.org")
    with pytest.raises(DirectoryError):
        actions.add_email(by=user, user=user, address="one-more@example.org")


@pytest.mark.parametrize(
    "address", ["", "lea", "lea@", "@example.org", "lea@example", "le a@example.org", "lea@exa\x00.org"]
)
def test_nonsense_is_no_address(address: str) -> None:
    with pytest.raises(ValidationError):
        actions.add_email(by=None, user=UserFactory(), address=address)


# --- Profile ---------------------------------------------------------------------------------------------------------
def picture(size: tuple[int, int] = (900, 600), kind: str = "JPEG", **options: Any) -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return SimpleUploadedFile("photo.jpg", stream.getvalue())


def test_the_journal_names_the_fields_of_a_profile_and_not_their_values() -> None:
    user = UserFactory(given_name="Léa")
    actions.edit_profile(
        by=user, user=user, given_name="Léa", job_title="Secret agent", phone_number="+33 1 23 45 67 89"
    )
    assert Event.objects.get().data == {"fields": ["job_title", "phone_number"]}


def test_a_photo_becomes_a_bare_webp_square(django_capture_on_commit_callbacks: Any) -> None:
    user = UserFactory()
    exif = Image.Exif()
    exif[0x8825] = {1: "N"}
    exif[0x010E] = "where I live"
    actions.edit_profile(by=user, user=user, photo=picture(exif=exif))
    user.refresh_from_db()
    first = user.photo
    with first.open() as file:
        data = file.read()
    with Image.open(io.BytesIO(data)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (512, 512))
        assert not kept.getexif()
    assert b"where I live" not in data
    with django_capture_on_commit_callbacks(execute=True):
        actions.edit_profile(by=user, user=user, photo=picture())
    user.refresh_from_db()
    assert user.photo.name != first.name
    assert not first.storage.exists(first.name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.edit_profile(by=user, user=user, without_photo=True)
    assert not user.photo.storage.exists(user.photo.name)
    user.refresh_from_db()
    assert user.photo_url == ""


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content", [SVG, b"", b"GIF89a", b"<html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, b"\xff\xd8\xff" * 9]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableImageError):
        actions.edit_profile(by=None, user=UserFactory(), photo=SimpleUploadedFile("photo.png", content))


def test_a_decompression_bomb_is_refused() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(UnreadableImageError):
        actions.edit_profile(by=None, user=UserFactory(), photo=SimpleUploadedFile("photo.png", bomb.getvalue()))


# --- Suspension and the operator's role ------------------------------------------------------------------------------
def test_a_suspension_ends_the_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Any] = []
    monkeypatch.setattr(registry, "account_closed", [closed.extend])
    operator, user = UserFactory(operator=True), UserFactory()
    actions.suspend_user(by=operator, user=user)
    user.refresh_from_db()
    assert not user.is_active
    assert closed == [user.pk]
    actions.reactivate_user(by=operator, user=user)
    user.refresh_from_db()
    assert user.is_active
    tags = list(Event.objects.about(user.pk).order_by("id").values_list("tag", flat=True))
    assert tags == [Tag.USER_SUSPENDED, Tag.USER_REACTIVATED]
    with pytest.raises(DirectoryError):
        actions.suspend_user(by=user, user=user)


def test_the_last_operator_stays() -> None:
    first, second = UserFactory(operator=True), UserFactory()
    with pytest.raises(DirectoryError):
        actions.revoke_operator(by=first, user=first)
    actions.make_operator(by=first, user=second)
    actions.revoke_operator(by=second, user=first)
    assert list(User.objects.filter(is_operator=True)) == [second]
    with pytest.raises(DirectoryError):
        actions.make_operator(by=second, user=UserFactory(suspended=True))


# --- Erasure ---------------------------------------------------------------------------------------------------------
def everything_in_tables() -> str:
    """Return what the directory, the journal and the outbox hold, as text."""
    rows: list[Any] = []
    for model in (User, Email, GroupMembership, Invitation, SourceRecord, Event, Message):
        rows += model.objects.values()
    return json.dumps(rows, default=str)


def test_an_erasure_forgets_the_person_and_keeps_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[Any] = []
    monkeypatch.setattr(registry, "account_closed", [ended.extend])
    monkeypatch.setattr(registry, "account_erased", [ended.extend])
    user = UserFactory(
        given_name="Zébulon",
        family_name="Quetsche",
        job_title="Horloger",
        phone_number="+33 9 87",
        address="zq@example.org",
    )
    EmailFactory(user=user, address="other-zq@example.org", is_primary=False)
    current, past = MembershipFactory(user=user, note="Zébulon’s note"), MembershipFactory(user=user, ended=True)
    MembershipFactory(user=user, starts_on=timezone.localdate() + timedelta(days=9))
    PlaceFactory(user=user, job_title="Horloger")
    InvitationFactory(address="zq@example.org", canonical="zq@example.org")
    SourceRecord.objects.create(source="s", collection="c", key="k", digest="d", fields={"name": "Zébulon"}, user=user)
    actions.edit_profile(by=user, user=user, job_title="Horloger en chef")
    actions.anonymise_user(by=user, user=user)
    user.refresh_from_db()
    assert user.state == User.State.ANONYMISED
    assert str(user) == "Former member"
    assert ended == [user.pk, user.pk]
    assert not user.emails.exists()
    eve = timezone.localdate() - timedelta(days=1)
    assert set(user.memberships.values_list("pk", "ends_on")) == {(current.pk, eve), (past.pk, past.ends_on)}
    assert not user.organization_memberships.current().exists()
    assert Event.objects.about(user.pk).filter(tag=Tag.USER_ANONYMISED).exists()
    goodbye = Message.objects.get()
    assert goodbye.to == "zq@example.org"
    Message.objects.all().delete()
    text = everything_in_tables()
    for word in ("Quetsche", "bulon", "Horloger", "9 87", "zq@example.org"):
        assert word not in text


def test_an_erasure_is_done_once_and_never_to_an_operator() -> None:
    user = UserFactory(address="a@example.org")
    actions.anonymise_user(by=user, user=user)
    actions.anonymise_user(by=user, user=user)
    assert Event.objects.filter(tag=Tag.USER_ANONYMISED).count() == 1
    with pytest.raises(DirectoryError):
        actions.anonymise_user(by=None, user=UserFactory(operator=True))


def test_the_address_of_an_erased_account_may_be_used_anew() -> None:
    user = UserFactory(address="a@example.org")
    actions.anonymise_user(by=user, user=user)
    again = actions.create_user(by=None, given_name="New", confirmed_address="a@example.org")
    assert again.emails.get().is_primary


# --- The download ----------------------------------------------------------------------------------------------------
def test_the_download_holds_everything_about_the_person_and_nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "export_sections", {"applications": lambda _user: ["one"]})
    other = UserFactory(given_name="Somebody", address="else@example.org")
    user = UserFactory(given_name="Léa", address="lea@example.org")
    MembershipFactory(user=user, group__name="Team of Léa")
    PlaceFactory(user=user, organization__name="Ministry of Léa")
    actions.suspend_user(by=other, user=user)
    content = everything_about(user)
    text = json.dumps(content, default=str)
    for word in ("Léa", "lea@example.org", "Team of Léa", "Ministry of Léa", "user.suspended"):
        assert word in json.loads(json.dumps(text)) or word in json.dumps(content, default=str, ensure_ascii=False)
    assert "Somebody" not in text
    assert str(other.pk) not in text
    assert content["applications"] == ["one"]
    assert Event.objects.filter(tag=Tag.USER_EXPORTED, person_id=user.pk).exists()
