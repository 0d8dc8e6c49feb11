from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import Group, User
from parvis.oidc import clients
from parvis.oidc.models import Client
from parvis.suite.models import Application
from parvis.suite.views import registry
from tests.factories.directory import GroupFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.suite import ApplicationFactory, ClientFactory, EntitlementFactory, browser_of

pytestmark = pytest.mark.django_db
CARD = {
    "name_fr": "Écrits",
    "description_fr": "Écrire à plusieurs.",
    "url": "https://ecrits.example.org/",
    "maturity": "beta",
    "audience": "network",
    "sign-in-kind": "server",
    "sign-in-id_token_alg": "RS256",
    "sign-in-userinfo_alg": "none",
    "sign-in-scopes": ["openid", "email"],
}
CALLBACK = "https://ecrits.example.org/callback/"
LINK = CARD | {"sign-in-kind": "link"}
SIGN_IN = {
    "kind": "server",
    "redirect_uris": CALLBACK,
    "id_token_alg": "ES256",
    "userinfo_alg": "ES256",
    "scopes": ["email", "siret"],
}


@pytest.fixture
def team() -> Group:
    return GroupFactory(name="Team of writings")


@pytest.fixture
def manager(team: Group) -> User:
    person: User = MembershipFactory(group=team, manager=True).user
    return person


def opens(client: Client, secret: str) -> bool:
    """Say whether the provider takes the secret."""
    found = clients.find(client.client_id)
    return found is not None and found.has_secret(secret)


def picture(kind: str = "PNG") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(stream, kind)
    return stream.getvalue()


def test_a_manager_registers_an_application_and_sees_its_secret_once(manager: User, team: Group) -> None:
    browser = browser_of(manager)
    response = browser.post("/apps/new/", CARD | {"owner": str(team.pk), "sign-in-redirect_uris": f"{CALLBACK}\n"})
    application = Application.objects.get()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    secret = page[page.index("ps_") :].split("<")[0]
    assert application.client is not None
    assert opens(application.client, secret)
    assert application.client.redirect_uris == [CALLBACK]
    assert application.client.scopes == ["openid", "email"]
    assert not application.client.is_trusted
    assert application.name_en == "Écrits"
    assert application.slug == "ecrits"
    assert secret not in browser.get(f"/apps/{application.slug}/").content.decode()
    tags = set(Event.objects.filter(by_id=manager.pk).values_list("tag", flat=True))
    assert {Tag.APPLICATION_CREATED, Tag.CLIENT_CREATED, Tag.CLIENT_SECRET_MADE} <= tags
    assert secret not in "".join(str(event.data) for event in Event.objects.all())


def test_an_application_without_redirect_addresses_is_a_link(manager: User, team: Group) -> None:
    response = browser_of(manager).post("/apps/new/", LINK | {"owner": str(team.pk)})
    assert response.status_code == 302
    assert Application.objects.get().client is None
    assert not Client.objects.exists()


def test_a_manager_cannot_give_an_application_to_another_team_nor_trust_it(manager: User, team: Group) -> None:
    browser = browser_of(manager)
    other = GroupFactory()
    assert browser.post("/apps/new/", CARD | {"owner": str(other.pk)}).status_code == 200
    assert browser.post("/apps/new/", CARD | {"owner": ""}).status_code == 200
    assert not Application.objects.exists()
    trusted = CARD | {"owner": str(team.pk), "sign-in-redirect_uris": CALLBACK, "sign-in-is_trusted": "on"}
    browser.post("/apps/new/", trusted)
    assert not Client.objects.get().is_trusted


def test_an_operator_may_trust_and_need_not_name_a_team() -> None:
    data = CARD | {"sign-in-redirect_uris": CALLBACK, "sign-in-is_trusted": "on"}
    browser_of(UserFactory(operator=True)).post("/apps/new/", data)
    assert Client.objects.get().is_trusted


def test_people_who_manage_nothing_cannot_register() -> None:
    browser = browser_of(UserFactory())
    assert browser.get("/apps/new/").status_code == 403
    assert browser.post("/apps/new/", CARD).status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://ecrits.example.org/"}, "Enter an address that starts with https://."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"description_fr": ""}, "Say in one sentence what it is for"),
        ({"sign-in-redirect_uris": "https://a.example/*"}, "https://a.example/*"),
        ({"sign-in-redirect_uris": "http://a.example/cb"}, "http://a.example/cb"),
        ({"sign-in-backchannel_logout_uri": "ftp://a.example/"}, "https://"),
        ({"sign-in-frontchannel_logout_uri": "ftp://a.example/"}, "https://"),
        (
            {"sign-in-frontchannel_logout_uri": "https://a.example/", "sign-in-redirect_uris": CALLBACK},
            "on the same site",
        ),
        ({"sign-in-organization": "nowhere"}, "valid choice"),
    ],
)
def test_a_refused_form_says_what_to_do_and_loses_nothing(
    manager: User, team: Group, change: dict[str, str], words: str
) -> None:
    response = browser_of(manager).post("/apps/new/", CARD | {"owner": str(team.pk)} | change)
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert 'value="Écrits"' in page
    assert not Application.objects.exists()


def test_words_of_our_own_addresses_are_not_given_to_applications(manager: User, team: Group) -> None:
    for name in ("New", "Menu", "Registration tokens"):
        browser_of(manager).post("/apps/new/", LINK | {"owner": str(team.pk), "name_fr": name})
    assert not Application.objects.filter(slug__in=["new", "menu", "registration-tokens"]).exists()
    assert Application.objects.count() == 3


def test_editing_the_card_renames_the_client_and_is_recorded(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, signs_in=True)
    data = CARD | {"owner": str(team.pk), "name_fr": "Notes", "name_en": "Jottings"}
    assert browser_of(manager).post(f"/apps/{application.slug}/edit/", data).status_code == 302
    application.refresh_from_db()
    assert (application.name_fr, application.client.name_en) == ("Notes", "Jottings")
    event = Event.objects.get(tag=Tag.APPLICATION_EDITED)
    assert "name_fr" in event.data["fields"]


def test_a_logo_is_encoded_anew(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team)
    sent = SimpleUploadedFile("logo.jpg", picture("JPEG") + b"<script>alert(1)</script>", "image/jpeg")
    browser = browser_of(manager)
    browser.post(f"/apps/{application.slug}/edit/", CARD | {"owner": str(team.pk), "logo_file": sent})
    application.refresh_from_db()
    response = browser.get(f"/apps/{application.slug}/logo/")
    assert response["Content-Type"] == "image/png"
    assert b"script" not in response.content
    assert Image.open(BytesIO(response.content)).size == (256, 256)


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:60]]
)
def test_a_file_that_is_no_picture_is_refused(manager: User, team: Group, content: bytes) -> None:
    application = ApplicationFactory(owner=team)
    sent = SimpleUploadedFile("logo.png", content, "image/png")
    data = CARD | {"owner": str(team.pk), "logo_file": sent}
    assert browser_of(manager).post(f"/apps/{application.slug}/edit/", data).status_code == 200
    application.refresh_from_db()
    assert not application.logo


def test_sign_in_settings_change_and_what_a_manager_may_not_set_stays(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, client=ClientFactory(is_trusted=True))
    assert browser_of(manager).post(f"/apps/{application.slug}/sign-in/", SIGN_IN).status_code == 302
    client = Client.objects.get()
    assert (client.id_token_alg, client.userinfo_alg, client.is_trusted) == ("ES256", "ES256", True)
    assert client.scopes == ["openid", "email", "siret"]


def test_a_link_can_become_an_application_that_signs_people_in(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team)
    response = browser_of(manager).post(f"/apps/{application.slug}/sign-in/", SIGN_IN)
    assert "client_secret" in response.content.decode()
    application.refresh_from_db()
    assert application.client is not None


def test_a_new_secret_is_made_by_a_post_only(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, signs_in=True)
    browser, url = browser_of(manager), f"/apps/{application.slug}/secrets/"
    assert browser.get(url).status_code == 200
    assert application.client.secrets.count() == 1
    page = browser.post(url, {"keep": "7"}).content.decode()
    assert opens(application.client, page[page.index("ps_") :].split("<")[0])
    assert application.client.secrets.count() == 2


def test_a_link_has_no_secret(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team)
    assert browser_of(manager).post(f"/apps/{application.slug}/secrets/").status_code == 404


def test_access_is_given_and_taken_back_one_by_one(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, chosen=True)
    ministry, guests = OrganizationFactory(name="Ministry of Water"), GroupFactory(name="Water guests")
    browser, url = browser_of(manager), f"/apps/{application.slug}/access/"
    found = browser.get(url, {"q": "water"}).content.decode()
    assert "Ministry of Water" in found
    assert "Water guests" in found
    for field, holder in (("organization", ministry), ("group", guests)):
        browser.post(f"{url}add/", {field: holder.slug})
        browser.post(f"{url}add/", {field: holder.slug})
    assert application.entitlements.count() == 2
    browser.post(f"{url}remove/", {"group": guests.slug})
    assert application.entitlements.get().organization == ministry
    assert Event.objects.filter(tag=Tag.APPLICATION_EDITED).count() == 3
    assert browser.post(f"{url}add/", {"group": "unknown"}).status_code == 302
    assert browser.post(f"{url}add/", {}).status_code == 302


def test_a_hidden_group_is_not_found_by_who_cannot_see_it(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, chosen=True)
    hidden = GroupFactory(name="Water secrets", visibility=Group.Visibility.MEMBERS)
    browser, url = browser_of(manager), f"/apps/{application.slug}/access/"
    assert "Water secrets" not in browser.get(url, {"q": "water"}).content.decode()
    browser.post(f"{url}add/", {"group": hidden.slug})
    assert not application.entitlements.exists()


def test_the_audience_changes(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team)
    browser_of(manager).post(f"/apps/{application.slug}/access/", {"audience": "chosen", "is_public": "on"})
    application.refresh_from_db()
    assert (application.audience, application.is_public) == ("chosen", True)


def test_closing_ends_sign_ins_and_opening_again_allows_them(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, signs_in=True)
    browser, url = browser_of(manager), f"/apps/{application.slug}/state/"
    assert browser.get(url).status_code == 200
    browser.post(url, {"state": "closed"})
    browser.post(url, {"state": "closed"})
    assert Client.objects.get().state == Client.State.SUSPENDED
    assert not Application.objects.get().is_open
    browser.post(url, {"state": "open"})
    assert Client.objects.get().state == Client.State.ACTIVE
    tags = list(Event.objects.filter(target_id=application.pk).values_list("tag", flat=True))
    assert tags == [Tag.APPLICATION_REOPENED, Tag.APPLICATION_CLOSED]
    assert browser.post(url, {"state": "nonsense"}).status_code == 302


def test_only_a_closed_application_is_deleted_and_its_identifier_dies_with_it(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, signs_in=True)
    browser, url = browser_of(manager), f"/apps/{application.slug}/delete/"
    assert browser.post(url)["Location"] == f"/apps/{application.slug}/state/"
    assert Application.objects.exists()
    browser.post(f"/apps/{application.slug}/state/", {"state": "closed"})
    assert url in browser.get(f"/apps/{application.slug}/").content.decode()
    assert "cannot be undone" in browser.get(url).content.decode()
    assert Application.objects.exists(), "looking deletes nothing"
    assert browser.post(url)["Location"] == "/apps/"
    assert not Application.objects.exists()
    client = Client.objects.get()
    assert (client.state, client.secrets.live().exists()) == (Client.State.SUSPENDED, False)
    event = Event.objects.get(tag=Tag.APPLICATION_DELETED)
    assert (event.by_id, event.data["name"]) == (manager.pk, application.name_fr)


@pytest.mark.parametrize("meanwhile", ["opened", "deleted"])
def test_deleting_what_somebody_else_changed_a_moment_ago_is_no_accident(
    manager: User, team: Group, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    seen = ApplicationFactory(owner=team, state=Application.State.CLOSED)
    monkeypatch.setattr(registry, "mine", lambda _request, _slug: seen)
    rows = Application.objects.filter(pk=seen.pk)
    rows.update(state=Application.State.OPEN) if meanwhile == "opened" else rows.delete()
    answer = browser_of(manager).post(f"/apps/{seen.slug}/delete/")
    assert answer.status_code == 302
    assert answer["Location"] == (f"/apps/{seen.slug}/state/" if meanwhile == "opened" else "/apps/")
    assert Application.objects.exists() is (meanwhile == "opened")
    assert not Event.objects.filter(tag=Tag.APPLICATION_DELETED).exists()


@pytest.mark.parametrize(
    "page",
    [
        "delete",
        "edit",
        "access",
        "access/add",
        "access/remove",
        "sign-in",
        "secrets",
        "secrets/end",
        "scopes",
        "try",
        "state",
    ],
)
def test_who_only_sees_an_application_changes_nothing(page: str) -> None:
    application = ApplicationFactory(signs_in=True)
    browser = browser_of(UserFactory())
    assert browser.post(f"/apps/{application.slug}/{page}/").status_code == 403
    hidden = EntitlementFactory(group=GroupFactory()).application
    assert browser.post(f"/apps/{hidden.slug}/{page}/").status_code == 404


@pytest.mark.parametrize(
    "page", ["new", "{}/edit", "{}/access", "{}/sign-in", "{}/secrets", "{}/state", "{}/pin", "{}/move"]
)
def test_signed_out_people_are_led_to_the_sign_in_page(client: Any, page: str) -> None:
    application = ApplicationFactory(public=True)
    response = client.post(f"/apps/{page.format(application.slug)}/")
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_a_manager_says_where_and_for_which_organisation_it_is_told_of_sign_outs(manager: User, team: Group) -> None:
    application = ApplicationFactory(owner=team, signs_in=True)
    culture = OrganizationFactory(slug="culture")
    addresses = {
        "backchannel_logout_uri": "https://ecrits.example.org/back",
        "frontchannel_logout_uri": "https://ecrits.example.org/front",
    }
    path = f"/apps/{application.slug}/sign-in/"
    data = SIGN_IN | addresses | {"organization": "culture"}
    assert browser_of(manager).post(path, data).status_code == 302
    client = Client.objects.get(pk=application.client_id)
    assert {name: getattr(client, name) for name in addresses} == addresses
    assert client.organization == culture
    assert 'value="culture"' in browser_of(manager).get(path).content.decode()
    assert browser_of(manager).post(path, SIGN_IN).status_code == 302
    client.refresh_from_db()
    assert client.frontchannel_logout_uri == ""
    assert client.organization_id is None


# --- Where an application runs ----------------------------------------------------------------------------------------
def registered_as(manager: User, team: Group, kind: str, **fields: str) -> Client:
    data = CARD | {"owner": str(team.pk), "sign-in-kind": kind} | {f"sign-in-{name}": fields[name] for name in fields}
    answer = browser_of(manager).post("/apps/new/", data)
    assert answer.status_code == 200, answer.headers
    assert Client.objects.exists(), answer.content.decode()
    found: Client = Client.objects.get()
    shows_secret = "ps_" in answer.content.decode()
    assert shows_secret == found.has_secrets
    return found


def test_an_application_of_a_browser_has_no_secret_and_may_have_a_scheme_of_its_own(manager: User, team: Group) -> None:
    uris = "https://ecrits.example.org/callback\norg.example.ecrits:/callback"
    client = registered_as(manager, team, "public", redirect_uris=uris)
    assert (client.type, client.token_endpoint_auth_method) == (Client.Type.PUBLIC, Client.AuthMethod.NONE)
    assert client.redirect_uris == uris.split("\n")
    page = browser_of(manager).get("/apps/ecrits/sign-in/").content.decode()
    assert "sign-in-kind" not in page
    told = {"redirect_uris": uris, "id_token_alg": "ES256", "userinfo_alg": "none", "scopes": ["openid"]}
    assert browser_of(manager).post("/apps/ecrits/sign-in/", told).status_code == 302
    client.refresh_from_db()
    assert client.id_token_alg == "ES256"


def test_an_application_of_devices_needs_no_address_to_come_back_to(manager: User, team: Group) -> None:
    client = registered_as(manager, team, "device")
    assert client.is_public
    assert client.grant_types == [Client.GrantType.DEVICE_CODE, Client.GrantType.REFRESH_TOKEN]
    told = {"redirect_uris": "", "id_token_alg": "ES256", "userinfo_alg": "none", "scopes": ["openid"]}
    assert browser_of(manager).post("/apps/ecrits/sign-in/", told).status_code == 302


def test_a_program_that_acts_for_itself_keeps_a_secret(manager: User, team: Group) -> None:
    client = registered_as(manager, team, "machine")
    assert client.has_secrets
    assert client.grant_types == [Client.GrantType.CLIENT_CREDENTIALS]


def test_a_server_without_an_address_to_come_back_to_is_no_link_by_mistake(manager: User, team: Group) -> None:
    page = browser_of(manager).post("/apps/new/", CARD | {"owner": str(team.pk)}).content.decode()
    assert not Application.objects.exists()
    assert "id_sign-in-redirect_uris_error" in page


def test_what_to_correct_is_said_once_for_the_whole_page(manager: User, team: Group) -> None:
    page = browser_of(manager).post("/apps/new/", CARD | {"url": "http://a.example/"}).content.decode()
    assert page.count("Please check what you entered") == 1
    for name in ("url", "owner", "sign-in-redirect_uris"):
        assert f'href="#id_{name}"' in page


def test_what_was_typed_for_another_kind_is_left_out(manager: User, team: Group) -> None:
    client = registered_as(manager, team, "machine", redirect_uris=CALLBACK)
    assert client.redirect_uris == []
    page = browser_of(manager).get("/apps/ecrits/sign-in/").content.decode()
    assert 'name="redirect_uris"' not in page
    assert 'name="userinfo_alg"' not in page
    assert browser_of(manager).post("/apps/ecrits/sign-in/", {"scopes": ["openid"]}).status_code == 302
    client.refresh_from_db()
    assert (client.scopes, client.userinfo_alg) == (["openid"], Client.UserinfoAlg.NONE)


def test_a_server_keeps_no_scheme_of_its_own(manager: User, team: Group) -> None:
    data = CARD | {"owner": str(team.pk), "sign-in-kind": "server"}
    page = browser_of(manager).post("/apps/new/", data | {"sign-in-redirect_uris": "org.example.ecrits:/callback"})
    assert not Client.objects.exists()
    assert "https://" in page.content.decode()


@pytest.mark.parametrize("kind", ["device", "machine"])
@pytest.mark.parametrize("page", ["", "connect/", "activity/", "sign-in/more/", "secrets/", "sign-in/", "scopes/"])
def test_each_kind_has_its_pages_and_nothing_to_try_without_a_sign_in(
    manager: User, team: Group, kind: str, page: str
) -> None:
    registered_as(manager, team, kind)
    answer = browser_of(manager).get(f"/apps/ecrits/{page}")
    assert answer.status_code == 200
    assert "/apps/ecrits/try/" not in answer.content.decode()
    assert "openid-client" not in answer.content.decode()
    assert browser_of(manager).get("/apps/ecrits/try/").status_code == 404
