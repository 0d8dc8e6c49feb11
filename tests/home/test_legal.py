"""Legal pages: shipped in both languages, replaced by what the operator writes."""

import pytest
from django.contrib.admin import site
from django.test import Client, RequestFactory
from django.urls import reverse

from parvis.audit.models import Event
from parvis.home.admin import LegalPageAdmin
from parvis.home.models import LegalPage, shipped
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
SLUGS = LegalPage.Slug.values


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_is_public_in_both_languages(client: Client, slug: str, language: str) -> None:
    answer = client.get(f"/legal/{slug}/", headers={"Accept-Language": language})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert "<h2>" in html
    assert "$" not in shipped(slug, language)


def test_the_footer_of_every_page_links_them(client: Client) -> None:
    html = client.get("/").content.decode()
    assert all(f'href="/legal/{slug}/"' in html for slug in SLUGS)


@pytest.mark.parametrize("slug", ["nothing", "..", "%2e%2e"])
def test_other_pages_do_not_exist(client: Client, slug: str) -> None:
    assert client.get(f"/legal/{slug}/").status_code == 404


def test_the_operators_text_replaces_the_shipped_one_in_its_language(client: Client) -> None:
    LegalPage.objects.create(slug="notice", language="en", body="# Ours\n\nBy **us**. <script>x()</script>")
    html = client.get("/legal/notice/", headers={"Accept-Language": "en"}).content.decode()
    assert "<h2>Ours</h2>" in html
    assert "<strong>us</strong>" in html
    assert "<script>x()" not in html
    assert "Updated" in html
    assert "Ours" not in client.get("/legal/notice/", headers={"Accept-Language": "fr"}).content.decode()


def test_an_edit_is_in_the_journal() -> None:
    operator = make_person(is_operator=True)
    request = RequestFactory().post("/")
    request.user = operator
    page = LegalPage(slug="privacy", language="fr", body="Texte")
    console = LegalPageAdmin(LegalPage, site)
    console.save_model(request, page, None, change=False)
    console.delete_model(request, page)
    assert list(Event.objects.values_list("tag", "by_id")) == [("legal-page.edited", operator.pk)] * 2
    assert not LegalPage.objects.exists()


def test_the_console_starts_from_the_shipped_text() -> None:
    request = RequestFactory().get("/", {"slug": "privacy", "language": "fr"})
    initial = LegalPageAdmin(LegalPage, site).get_changeform_initial_data(request)
    assert "Ce qui est conservé" in initial["body"]


def test_an_operator_finds_where_to_edit(client: Client) -> None:
    assert "Edit this page" not in client.get("/legal/notice/").content.decode()
    client.force_login(make_person(is_operator=True))
    html = client.get("/legal/notice/").content.decode()
    assert f"{reverse('admin:home_legalpage_add')}?slug=notice&amp;language=en" in html
    page = LegalPage.objects.create(slug="notice", language="en", body="Ours")
    assert reverse("admin:home_legalpage_change", args=[page.pk]) in client.get("/legal/notice/").content.decode()
