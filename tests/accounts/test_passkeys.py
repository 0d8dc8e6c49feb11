"""Passkeys: added, used to sign in and to confirm, refused when anything is not as it should be."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts.actions.passkeys import MAX_PASSKEYS
from parvis.accounts.models import Passkey, Session
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.mail.models import Message
from tests.accounts.authenticator import IS_SYNCED, MAY_SYNC, USER_PRESENT, USER_VERIFIED, Authenticator
from tests.accounts.steps import age_proofs, ask, give, last_code, proven_at, session_of
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def post(client: Client, name: str, body: Any = None, query: str = "") -> Any:
    return client.post(reverse(f"accounts:{name}") + query, body or {}, content_type="application/json")


def add(client: Client, authenticator: Authenticator, name: str = "My phone") -> Any:
    options = post(client, "passkey-options").json()
    return post(client, "passkey-add", authenticator.create(options) | {"name": name})


def use(client: Client, authenticator: Authenticator, query: str = "", **changes: Any) -> Any:
    options = post(client, "passkey-sign-in-options", query=query).json()
    return post(client, "passkey-sign-in", authenticator.get(options, **changes), query)


@pytest.fixture
def owner(client: Client) -> tuple[User, Authenticator]:
    """Return a person with a passkey, signed out."""
    user = make_person()
    authenticator = Authenticator()
    client.force_login(user)
    assert add(client, authenticator).status_code == 200
    client.post(reverse("accounts:sign-out"))
    return user, authenticator


def test_a_person_adds_a_passkey_and_is_led_to_recovery_codes(client: Client) -> None:
    user = make_person()
    client.force_login(user)
    assert client.get(reverse("accounts:passkey-new")).status_code == 200
    options = post(client, "passkey-options").json()
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    answer = add(client, Authenticator(), "My phone")
    assert answer.json() == {"next": reverse("accounts:recovery-codes")}
    assert session_of(user).amr == ["mail", "pop", "mfa"]
    assert client.get(reverse("accounts:recovery-codes")).status_code == 200
    passkey = Passkey.objects.get(user=user)
    assert (passkey.name, passkey.transports, passkey.can_sync) == ("My phone", ["internal"], False)
    assert Event.objects.filter(tag=Tag.PASSKEY_ADDED, person_id=user.pk).exists()
    assert Message.objects.filter(template="accounts/mail/factor-added", to="ada@example.org").exists()
    assert "My phone" in client.get(reverse("accounts:method-list")).text


def test_a_passkey_signs_in_by_itself_with_two_factors(client: Client, owner: tuple[User, Authenticator]) -> None:
    user, authenticator = owner
    answer = use(client, authenticator, "?next=/account/sessions/")
    assert answer.json() == {"next": "/account/sessions/"}
    assert session_of(user).amr == ["pop", "mfa"]
    assert Passkey.objects.get().last_used_at is not None


def test_the_options_of_a_sign_in_name_no_credential(client: Client, owner: tuple[User, Authenticator]) -> None:
    assert post(client, "passkey-sign-in-options").json().get("allowCredentials", []) == []


def test_a_passkey_is_the_second_factor_after_a_mail(client: Client, owner: tuple[User, Authenticator]) -> None:
    user, authenticator = owner
    ask(client, "ada@example.org")
    assert give(client, last_code()).headers["Location"] == reverse("accounts:second-factor")
    assert not Session.objects.filter(user=user).exists()
    assert "passkey" in client.get(reverse("accounts:second-factor")).text
    assert use(client, authenticator).status_code == 200
    assert session_of(user).amr == ["mail", "pop", "mfa"]


def test_somebody_else_s_passkey_is_no_second_factor(client: Client, owner: tuple[User, Authenticator]) -> None:
    mallory = make_person("mallory@example.org")
    other, hers = Client(), Authenticator()
    other.force_login(mallory)
    add(other, hers)
    ask(client, "ada@example.org")
    give(client, last_code("ada@example.org"))
    assert use(client, hers).status_code == 422
    assert not Session.objects.filter(user=owner[0]).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
        {"challenge": None},
    ],
)
def test_what_another_page_signed_is_refused(
    client: Client, owner: tuple[User, Authenticator], change: dict[str, Any]
) -> None:
    assert use(client, owner[1], **change).status_code == 422
    assert not Session.objects.filter(user=owner[0]).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("flags", USER_PRESENT),
        ("flags", USER_VERIFIED),
        ("flags", USER_PRESENT | USER_VERIFIED | MAY_SYNC),
        ("flags", USER_PRESENT | USER_VERIFIED | IS_SYNCED),
        ("rp_id", "evil.example"),
        ("credential_id", b"another"),
        ("user_handle", "AAAA"),
        ("user_handle", None),
    ],
)
def test_an_authenticator_that_does_not_prove_enough_is_refused(
    client: Client, owner: tuple[User, Authenticator], field: str, value: Any
) -> None:
    setattr(owner[1], field, value)
    assert use(client, owner[1]).status_code == 422
    assert not Session.objects.filter(user=owner[0]).exists()


def test_another_key_is_refused(client: Client, owner: tuple[User, Authenticator]) -> None:
    owner[1].key = Authenticator().key
    assert use(client, owner[1]).status_code == 422


def test_a_counter_that_does_not_rise_is_a_copy(client: Client, owner: tuple[User, Authenticator]) -> None:
    owner[1].count = 5
    assert use(client, owner[1]).status_code == 200
    client.post(reverse("accounts:sign-out"))
    assert use(client, owner[1]).status_code == 422
    owner[1].count = 6
    assert use(client, owner[1]).status_code == 200


def test_a_challenge_is_answered_once(client: Client, owner: tuple[User, Authenticator]) -> None:
    options = post(client, "passkey-sign-in-options").json()
    challenges = client.session["passkey_challenges"]
    assert post(client, "passkey-sign-in", owner[1].get(options)).status_code == 200
    again = Client()
    post(again, "passkey-sign-in-options")
    session = again.session
    session["passkey_challenges"] = challenges
    session.save()
    assert post(again, "passkey-sign-in", owner[1].get(options)).status_code == 422


def test_a_challenge_belongs_to_its_browser(client: Client, owner: tuple[User, Authenticator]) -> None:
    options = post(Client(), "passkey-sign-in-options").json()
    assert post(client, "passkey-sign-in", owner[1].get(options)).status_code == 422


def test_two_tabs_may_wait_for_a_passkey_at_once(client: Client, owner: tuple[User, Authenticator]) -> None:
    first = post(client, "passkey-sign-in-options").json()
    post(client, "passkey-sign-in-options")
    assert post(client, "passkey-sign-in", owner[1].get(first)).status_code == 200


def test_a_suspended_person_s_passkey_opens_nothing(client: Client, owner: tuple[User, Authenticator]) -> None:
    User.objects.filter(pk=owner[0].pk).update(state=User.State.SUSPENDED)
    answer = use(client, owner[1])
    assert answer.status_code == 403
    assert answer.json()["title"] == "Your account is suspended"
    assert not Session.objects.filter(user=owner[0]).exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"response": 1}',
        '{"response": {}}',
        "{" * 5000,
        '{"response": {"clientDataJSON": "%"}}',
    ],
)
@pytest.mark.parametrize("name", ["passkey-sign-in", "passkey-add", "confirm-passkey"])
def test_garbage_is_refused_with_a_problem_document(client: Client, body: str, name: str) -> None:
    client.force_login(make_person())
    client = client if name != "passkey-sign-in" else Client()
    answer = client.post(
        reverse(f"accounts:{name}"), body, content_type="application/json", HTTP_ACCEPT="application/json"
    )
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_passkey_confirms_who_one_is(client: Client, owner: tuple[User, Authenticator]) -> None:
    user, authenticator = owner
    use(client, authenticator)
    age_proofs(client, 3600)
    before = session_of(user)
    page = client.get(reverse("accounts:email-add"))
    assert page.status_code == 302
    options = post(client, "confirm-passkey-options").json()
    query = "?" + page.headers["Location"].partition("?")[2]
    assert post(client, "confirm-passkey", authenticator.get(options), query).json() == {
        "next": reverse("accounts:email-add")
    }
    after = session_of(user)
    assert after.sid == before.sid
    assert after.pk != before.pk
    assert proven_at(after) > proven_at(before)
    assert client.get(reverse("accounts:email-add")).status_code == 200


def test_somebody_else_s_passkey_confirms_nothing(client: Client, owner: tuple[User, Authenticator]) -> None:
    mallory = make_person("mallory@example.org")
    client.force_login(mallory)
    options = post(client, "confirm-passkey-options").json()
    assert post(client, "confirm-passkey", owner[1].get(options)).status_code == 422


def test_a_credential_is_registered_once(client: Client, owner: tuple[User, Authenticator]) -> None:
    mallory = make_person("mallory@example.org")
    client.force_login(mallory)
    assert add(client, owner[1]).status_code == 422
    assert Passkey.objects.count() == 1


def test_a_passkey_that_does_not_verify_its_person_is_not_added(client: Client) -> None:
    client.force_login(make_person())
    assert add(client, Authenticator(flags=USER_PRESENT)).status_code == 422
    assert add(client, Authenticator(origin="https://evil.example")).status_code == 422
    assert Passkey.objects.count() == 0


def test_a_person_has_so_many_passkeys_at_most(client: Client) -> None:
    user = make_person()
    client.force_login(user)
    assert add(client, Authenticator()).status_code == 200
    ids = [bytes([number]) for number in range(MAX_PASSKEYS - 1)]
    Passkey.objects.bulk_create(Passkey(user=user, name="Key", credential_id=one, public_key=b"k") for one in ids)
    assert add(client, Authenticator()).status_code == 422
    assert user.passkeys.count() == MAX_PASSKEYS


def test_a_passkey_on_several_devices_says_so(client: Client) -> None:
    client.force_login(make_person())
    flags = USER_PRESENT | USER_VERIFIED | MAY_SYNC | IS_SYNCED
    add(client, Authenticator(flags=flags))
    passkey = Passkey.objects.get()
    assert (passkey.can_sync, passkey.is_backed_up) == (True, True)
    assert "On several devices" in client.get(reverse("accounts:method-list")).text


def test_a_passkey_is_renamed_and_removed_by_its_owner_only(client: Client) -> None:
    user = make_person()
    client.force_login(user)
    authenticator = Authenticator()
    add(client, authenticator)
    passkey = Passkey.objects.get()
    mallory = Client()
    mallory.force_login(make_person("mallory@example.org"))
    for name in ("passkey-rename", "passkey-remove"):
        url = reverse(f"accounts:{name}", args=[passkey.pk])
        assert mallory.get(url).status_code == 404
        assert mallory.post(url, {"name": "x"}).status_code == 404
        assert client.get(url).status_code == 200
    client.post(reverse("accounts:passkey-rename", args=[passkey.pk]), {"name": "Office"})
    assert Passkey.objects.get().name == "Office"
    client.post(reverse("accounts:passkey-remove", args=[passkey.pk]))
    assert not Passkey.objects.exists()
    assert Message.objects.filter(template="accounts/mail/factor-removed").exists()
    assert Event.objects.filter(tag=Tag.PASSKEY_REMOVED, person_id=user.pk).exists()


def test_the_relying_party_of_a_real_installation_is_its_host(client: Client, settings: Any) -> None:
    settings.ISSUER = "https://parvis.example.org"
    client.force_login(make_person())
    assert post(client, "passkey-options").json()["rp"]["id"] == "parvis.example.org"
    real = Authenticator(origin="https://parvis.example.org", rp_id="parvis.example.org")
    assert add(client, real).status_code == 200
    assert add(client, Authenticator()).status_code == 422
