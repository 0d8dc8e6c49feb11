"""Hostile requests get a clear answer with the right status, and every answer its headers."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.test import Client, RequestFactory, override_settings

from parvis.web import request_id, security
from parvis.web.exceptions import TooManyRequestsError, UnavailableError
from parvis.web.middleware import RequestGuardMiddleware

pytestmark = pytest.mark.django_db  # The header of every page asks what the visitor may open.
PAGE = "/components/"


@pytest.mark.parametrize(
    "path", [f"{PAGE}?q=%00", f"{PAGE}?q=%ff", f"{PAGE}?q=%C3%28", f"{PAGE}?%00=a", "/%00", "/%ff"]
)
def test_nul_bytes_and_broken_utf8_in_the_address_are_a_400(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "We cannot read this request" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("body", [b"next=%00", b"next=\x00", b"next=%ff", b"next=\xff", b"%ED%A0%80=a"])
def test_nul_bytes_and_broken_utf8_in_a_form_are_a_400(client: Client, body: bytes) -> None:
    answer = client.post("/language/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_a_form_in_another_character_set_is_a_400(client: Client) -> None:
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    assert client.post("/language/", b"language=fr", content_type=kind).status_code == 400


def test_well_formed_utf8_goes_through(client: Client) -> None:
    assert client.get(f"{PAGE}?q=L%C3%A9a").status_code == 200
    assert client.get("/%C5%93uvre/").status_code == 404


@pytest.mark.parametrize("length", ["-1", "a", "1_0", "٣"])
def test_a_length_that_is_no_number_is_a_400(client: Client, length: str) -> None:
    assert client.post("/language/", b"", content_type="text/plain", CONTENT_LENGTH=length).status_code == 400


def test_an_oversize_body_is_a_413(client: Client) -> None:
    answer = client.post("/language/", b"x", content_type="text/plain", CONTENT_LENGTH=str(settings.MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert "What you sent is too large" in answer.content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_an_oversize_form_is_a_413(client: Client) -> None:
    assert client.post("/language/", {"next": "x" * 200, "language": "fr"}).status_code == 413
    long_form = "next=" + "x" * 200
    assert client.post("/language/", long_form, content_type="application/x-www-form-urlencoded").status_code == 413


def test_a_broken_multipart_body_is_a_400(client: Client) -> None:
    answer = client.post("/language/", b"nonsense", content_type="multipart/form-data")
    assert answer.status_code == 400


def test_the_wrong_method_is_a_405(client: Client) -> None:
    answer = client.get("/language/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This is not how this page works" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers
    assert client.delete(PAGE).status_code == 405


def test_every_answer_has_strict_headers(client: Client) -> None:
    headers = client.get(PAGE).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_view_opts_out_of_one_header() -> None:
    response = HttpResponse()
    response.without_headers = {"Cross-Origin-Resource-Policy"}  # type: ignore[attr-defined]  # what a view does
    response["Content-Security-Policy"] = security.policy(frame_ancestors="'self'")
    security.protect(RequestFactory().get("/"), response)
    assert "Cross-Origin-Resource-Policy" not in response.headers
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]


def test_a_well_formed_request_id_is_kept_and_another_replaced(client: Client) -> None:
    assert client.get(PAGE, headers={"X-Request-ID": "abc-123-from-proxy"})["X-Request-ID"] == "abc-123-from-proxy"
    for bad in ("short", "x" * 65, "a b c d e f g h", 'quote"quote"quote'):
        assert re.fullmatch(r"[0-9a-f]{32}", client.get(PAGE, headers={"X-Request-ID": bad})["X-Request-ID"])


def test_the_request_id_is_known_during_the_request_only() -> None:
    seen: list[str] = []

    def view(_request: object) -> HttpResponse:
        seen.append(request_id.current.get())
        return HttpResponse()

    answer = RequestGuardMiddleware(view)(RequestFactory().get("/"))
    assert seen == [answer["X-Request-ID"]]
    assert request_id.current.get() == ""


def test_our_exceptions_become_answers_with_their_headers() -> None:
    guard = RequestGuardMiddleware(lambda _request: JsonResponse({}))
    request = RequestFactory().get("/", headers={"Accept": "application/json"})
    slow = guard.process_exception(request, TooManyRequestsError(retry_after=30))
    assert slow is not None
    assert (slow.status_code, slow["Retry-After"], slow["Content-Type"]) == (429, "30", "application/problem+json")
    assert getattr(guard.process_exception(request, UnavailableError()), "status_code", 0) == 503
    assert guard.process_exception(request, ValueError()) is None
