"""Error answers: in words for people, as problem documents for programs."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from parvis import urls as ours
from parvis.web.views import errors


def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only managers of this team may.")


urlpatterns = [path("broken/", broken), path("forbidden/", forbidden), *ours.urlpatterns]
handler400, handler403, handler404, handler500 = ours.handler400, ours.handler403, ours.handler404, ours.handler500
for view in (broken, forbidden):
    view.login_required = False  # type: ignore[attr-defined]  # as Django's decorator does


@pytest.mark.parametrize("status", sorted(errors.WORDS))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_status_has_a_page_in_both_languages(status: int, language: str) -> None:
    from django.utils import translation

    with translation.override(language):
        answer = errors.answer(RequestFactory().get("/"), status)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.urls(__name__)
def test_a_crash_is_a_page_with_the_number_of_the_request(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_refusal_says_why(client: Client) -> None:
    answer = client.get("/forbidden/")
    assert answer.status_code == 403
    assert "Only managers of this team may." in answer.content.decode()


def test_even_a_broken_error_page_is_a_500_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(errors, "render_to_string", fail)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content  # type: ignore[attr-defined]  # no stream


@pytest.mark.parametrize(
    ("url", "accept", "is_json"),
    [
        ("/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("/nowhere", "application/json", True),
        ("/nowhere", "*/*", False),
        ("/nowhere", "", False),
        ("/api/nowhere", "text/html", True),
    ],
)
def test_programs_get_a_problem_document(client: Client, url: str, accept: str, is_json: bool) -> None:
    answer = client.get(url, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 404
    assert (answer["Content-Type"] == "application/problem+json") is is_json
    if is_json:
        assert json.loads(answer.content) | {"detail": "", "instance": ""} == {
            "type": "about:blank",
            "title": "This page does not exist",
            "status": 404,
            "detail": "",
            "instance": "",
        }


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "fr"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()
