"""The endpoints as plain WSGI in front of Django: the same answers, the same care, and Django for everything else."""

import io
import json
import logging
from collections.abc import Iterable
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from parvis.oidc import http
from parvis.oidc.endpoints.serving import ENDPOINTS
from parvis.oidc.http import MAX_BODY
from parvis.oidc.logout import FIELDS as FIELDS_OF_LOGOUT
from parvis.oidc.store import Store
from parvis.oidc.wsgi import ProtocolFront
from tests.factories.oidc import REDIRECT_URI, Application, secret_of

FORM = "application/x-www-form-urlencoded"
FIELDS_OF_AUTHORIZE = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "claims",
    "id_token_hint",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "login_hint",
    "acr_values",
    "display",
    "ui_locales",
    "response_mode",
    "interaction",
]
FIELDS_OF_TOKEN = [
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "redirect_uri",
    "resource",
    "scope",
    "token",
]


def django(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Stand for the application behind."""
    start_response("200 OK", [("X-Behind", "yes")])
    return [b"behind"]


class Answer:
    """What a WSGI call answered."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status.split(maxsplit=1)[0])
        self.headers = dict(headers)
        self.body = body
        self.is_from_behind = "X-Behind" in self.headers

    def json(self) -> Any:
        return json.loads(self.body)


def call(method: str, path: str, query: str = "", body: bytes = b"", **meta: str) -> Answer:
    """Call the front as a server does."""
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **meta,
    }
    content = b"".join(ProtocolFront(django)(environ, lambda status, headers: told.extend([status, headers])))
    return Answer(told[0], told[1], content)


def cookie(app: Application) -> str:
    """Return the Cookie header of the browser."""
    return f"parvis_session={app.browser.cookies['parvis_session'].value}"


def test_every_other_path_goes_on_to_django(db: None) -> None:
    for path in ("/", "/oidc/logout", "/oidc/authorize/", "/oidc/tokens", ""):
        assert call("GET", path).is_from_behind


def test_a_silent_authorization_needs_no_django(app: Application) -> None:
    answer = call("GET", "/oidc/authorize", urlencode(app.query(prompt="none")), HTTP_COOKIE=cookie(app))
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"{REDIRECT_URI}?code=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "changes", [{"prompt": "login"}, {"client_id": "nobody"}, {"redirect_uri": "https://evil.example/"}]
)
def test_an_authorization_that_needs_a_page_goes_on_to_django(app: Application, changes: dict[str, str | None]) -> None:
    answer = call("GET", "/oidc/authorize", urlencode(app.query(**changes)), HTTP_COOKIE=cookie(app))
    assert answer.is_from_behind


def test_django_can_read_a_body_that_the_front_has_read() -> None:
    seen: list[bytes] = []

    def behind(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append(environ["wsgi.input"].read())
        return django(environ, start_response)

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/oidc/authorize", "wsgi.input": io.BytesIO(b"a=b")}
    ProtocolFront(behind)(environ, lambda *_answer: None)
    assert seen == [b"a=b"]


def test_the_whole_path_over_wsgi(app: Application) -> None:
    code = app.code()
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "client_id": app.client.client_id,
        "client_secret": secret_of(app.client),
    }
    tokens = call("POST", "/oidc/token", body=urlencode(fields).encode(), CONTENT_TYPE=FORM)
    assert tokens.status == 200
    bearer = f"Bearer {tokens.json()['access_token']}"
    assert call("GET", "/oidc/userinfo", HTTP_AUTHORIZATION=bearer).json()["email"] == "lea.martin@example.org"


def test_answers_carry_the_request_id_and_the_security_headers(signing_keys: None) -> None:
    answer = call("GET", "/oidc/jwks", HTTP_X_REQUEST_ID="from-the-proxy-1")
    assert answer.headers["X-Request-ID"] == "from-the-proxy-1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert call("GET", "/oidc/jwks", HTTP_X_REQUEST_ID="a\nb").headers["X-Request-ID"] != "a\nb"


def test_production_tells_browsers_to_stay_on_https(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    assert call("GET", "/.well-known/openid-configuration").headers["Strict-Transport-Security"] == "max-age=3600"


def test_head_has_the_headers_of_get_and_no_body(signing_keys: None) -> None:
    whole, head = call("GET", "/oidc/jwks"), call("HEAD", "/oidc/jwks")
    assert head.body == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_a_large_body_is_refused(db: None) -> None:
    assert call("POST", "/oidc/token", body=b"a" * (MAX_BODY + 1), CONTENT_TYPE=FORM).status == 413


def test_each_answer_has_its_line_in_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "parvis.access"):
        call("GET", "/oidc/userinfo", "secret=value")
    (record,) = [one for one in caplog.records if one.name == "parvis.access"]
    assert (record.__dict__["path"], record.__dict__["status"]) == ("/oidc/userinfo", 401)


def test_a_document_that_caches_keep_has_a_line_only_when_it_fails(
    signing_keys: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "parvis.access"):
        call("GET", "/oidc/jwks")
        call("POST", "/oidc/jwks")
    (record,) = [one for one in caplog.records if one.name == "parvis.access"]
    assert (record.__dict__["path"], record.__dict__["status"]) == ("/oidc/jwks", 405)


def test_a_mistake_of_ours_is_a_json_error_with_an_id(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with patch.dict(ENDPOINTS, {"/oidc/userinfo": lambda _request: 1 // 0}):
        answer = call("GET", "/oidc/userinfo")
    assert (answer.status, answer.json()["error"]) == (500, "server_error")
    assert answer.headers["X-Request-ID"]
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_is_away_is_said_so(app: Application, caplog: pytest.LogCaptureFixture) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("the connection is closed")

    with patch.object(Store, "one", away):
        answer = call("GET", "/oidc/userinfo", HTTP_AUTHORIZATION="Bearer pa_" + "x" * 43)
    assert (answer.status, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_documents_too_say_that_the_database_is_away(db: None, caplog: pytest.LogCaptureFixture) -> None:
    def away() -> None:
        raise OperationalError("the connection is closed")

    with patch("parvis.oidc.keys.ring", away):
        answer = call("GET", "/oidc/jwks")
    assert (answer.status, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert "OperationalError" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_is_replaced_without_the_caller_knowing(app: Application) -> None:
    token = app.tokens()["access_token"]
    if connection.vendor != "postgresql":
        pytest.skip("Only a server's connection dies.")
    connection.connection.close()
    assert call("GET", "/oidc/userinfo", HTTP_AUTHORIZATION=f"Bearer {token}").status == 200


# --- Hostile input ----------------------------------------------------------------------------------------------------
ODD = ["openid", "code", "none", "login", REDIRECT_URI, "S256", "\x00", "é", "a" * 5000]
TEXT = st.text(max_size=40) | st.sampled_from(ODD)
NAMES = st.sampled_from([*FIELDS_OF_AUTHORIZE, *FIELDS_OF_TOKEN, "access_token", *FIELDS_OF_LOGOUT])
FIELDS = st.lists(st.tuples(NAMES | st.text(max_size=10), TEXT), max_size=8)
EASY = hypothesis_settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def surrogates_escaped(fields: list[tuple[str, str]]) -> str:
    return urlencode(fields, errors="replace")


@EASY
@given(fields=FIELDS, with_client=st.booleans())
def test_authorize_never_breaks_and_never_leads_to_a_stranger(
    app: Application, fields: list[tuple[str, str]], with_client: bool
) -> None:
    known = {"client_id": app.client.client_id, "redirect_uri": REDIRECT_URI} if with_client else {}
    query = surrogates_escaped([*known.items(), *fields])
    answer = call("GET", "/oidc/authorize", query, HTTP_COOKIE=cookie(app))
    assert answer.is_from_behind or answer.status == 303
    if not answer.is_from_behind:
        assert answer.headers["Location"].startswith(f"{REDIRECT_URI}?")
        assert answer.headers["Location"].isascii()
        return
    page = app.browser.generic("GET", "/oidc/authorize", QUERY_STRING=query)
    assert page.status_code in {200, 302, 303, 400}
    if "Location" in page.headers:
        assert page.headers["Location"].startswith((f"{REDIRECT_URI}?", "/sign-in/?"))


@EASY
@given(query=st.binary(max_size=200))
def test_authorize_survives_any_bytes(app: Application, query: bytes) -> None:
    text = query.decode("latin-1").replace("\n", "").replace("\r", "")
    answer = call("GET", "/oidc/authorize", text, HTTP_COOKIE=cookie(app))
    assert answer.is_from_behind or answer.status < 500
    assert app.browser.generic("GET", "/oidc/authorize", QUERY_STRING=text).status_code < 500


@EASY
@given(fields=FIELDS, authenticated=st.booleans())
def test_token_never_breaks_and_never_gives_a_token_for_nothing(
    app: Application, fields: list[tuple[str, str]], authenticated: bool
) -> None:
    own = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)} if authenticated else {}
    body = surrogates_escaped([*own.items(), *fields]).encode()
    answer = call("POST", "/oidc/token", body=body, CONTENT_TYPE=FORM)
    assert answer.status in {400, 401}
    assert set(answer.json()) == {"error", "error_description"}


@EASY
@given(body=st.binary(max_size=300), header=st.text(st.characters(max_codepoint=255), max_size=60))
def test_token_and_userinfo_survive_any_bytes(app: Application, body: bytes, header: str) -> None:
    for path in ("/oidc/token", "/oidc/userinfo"):
        for authorization in (header, f"Basic {header}", f"Bearer {header}"):
            answer = call("POST", path, body=body, CONTENT_TYPE=FORM, HTTP_AUTHORIZATION=authorization)
            assert answer.status in {400, 401}


@EASY
@given(fields=FIELDS)
def test_logout_never_breaks_and_never_leads_to_a_stranger(app: Application, fields: list[tuple[str, str]]) -> None:
    query = surrogates_escaped([("client_id", app.client.client_id), *fields])
    page = app.browser.generic("GET", "/oidc/logout", QUERY_STRING=query)
    assert page.status_code in {200, 303, 400}
    assert "Location" not in page.headers


@EASY
@given(text=st.text(max_size=200))
def test_forms_are_read_or_refused(text: str) -> None:
    try:
        form = http.read_form(text)
    except http.MalformedError:
        return
    assert all(form.values.values())
