"""Cookies, tokens and headers that somebody made up or altered: they open nothing, and nothing breaks."""

import base64
import io
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from parvis.accounts import demands, sessions
from parvis.accounts.models import Session
from parvis.directory.models import GroupMembership, User
from parvis.oidc.wsgi import ProtocolFront
from parvis.web.wsgi import Handler
from tests.factories.directory import UserFactory
from tests.factories.oidc import Application, make_client
from tests.hostile.addresses import every_address
from tests.hostile.conftest import World
from tests.hostile.knocking import Knocker, connections_kept

pytestmark = pytest.mark.django_db

EVIL = "evil.example"


class Wsgi:
    """The product as its server calls it, protocol front and request included."""

    def __init__(self) -> None:
        self.application = ProtocolFront(Handler())

    def __call__(self, method: str, path: str, body: bytes = b"", **meta: str) -> tuple[int, dict[str, str], bytes]:
        told: list[Any] = []
        path, _mark, query = path.partition("?")
        environ = RequestFactory().generic(method, path, body).environ | {"QUERY_STRING": query, **meta}
        environ["wsgi.input"] = io.BytesIO(body)
        with connections_kept():
            chunks: Iterable[bytes] = self.application(environ, lambda status, headers: told.extend([status, headers]))
            content = b"".join(chunks)
            getattr(chunks, "close", lambda: None)()
        return int(told[0].split()[0]), dict(told[1]), content


def altered(text: str) -> list[str]:
    """Return the text with each character changed, one at a time, and cut or lengthened."""
    one_off = [text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1 :] for at in range(len(text))]
    forged = [*one_off, text[:-1], text + "A", text * 2, text.swapcase(), text.replace(":", ""), ""]
    return [one for one in forged if one != text]


# --- Sessions ---------------------------------------------------------------------------------------------------------
def test_no_made_up_cookie_is_a_session(signing_keys: None) -> None:
    user: User = UserFactory()
    owner = Client()
    owner.force_login(user)
    key = owner.cookies[settings.SESSION_COOKIE_NAME].value
    other = Client()
    other.force_login(user)
    expired = other.cookies[settings.SESSION_COOKIE_NAME].value
    Session.objects.filter(pk=sessions.digest(expired)).update(expire_date=timezone.now() - timedelta(seconds=1))
    asked = (
        reverse("oidc:authorize")
        + "?"
        + "&".join(f"{name}={value}" for name, value in Application(make_client()).query(prompt="none").items())
    )
    forged = [
        "x" * 32,
        sessions.digest(key),
        key.upper(),
        f" {key[1:]}",
        f'"{key}',
        expired,
        "é" * 32,
        "a" * 9000,
        "\\",
        "0",
    ]
    forged += [*altered(key)[::4], str(Session.objects.get(pk=sessions.digest(key)).sid)]
    wsgi = Wsgi()
    for value in forged:
        cookie = f"{settings.SESSION_COOKIE_NAME}={value}".encode().decode("latin-1")
        status, headers, _body = wsgi("GET", reverse("accounts:overview"), HTTP_COOKIE=cookie)
        assert (status, headers["Location"].partition("?")[0]) == (302, reverse("accounts:sign-in")), value
        status, headers, _body = wsgi("GET", asked, HTTP_COOKIE=cookie)
        assert status == 303, value
        assert "error=login_required" in headers["Location"]
    assert wsgi("GET", reverse("accounts:overview"), HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={key}")[0] == 200


@pytest.mark.parametrize("name", ["parvis_language", "parvis_appearance", "parvis_device", "parvis_csrf", "messages"])
def test_no_cookie_breaks_a_page(world: World, name: str) -> None:
    visitor, _person, operator = world.knockers().values()
    for value in ("x", "é", "a" * 9000, "{}", '"', "\x7f", "en;", "W10:1:x", "null"):
        for knocker, path in ((visitor, "/sign-in/"), (operator, "/account/")):
            knocker.browser.cookies[name] = value
            knocker.knock("GET", path)
            knocker.knock("POST", path, b"email=a%40b.example")
    assert not visitor.faults + operator.faults


def test_an_altered_interaction_is_lost(signing_keys: None) -> None:
    app = Application(make_client(is_trusted=False)).sign_in_as(UserFactory(address="lea@example.org"))
    page = app.authorize()
    assert page.status_code == 200
    value = app.browser.cookies["parvis_interaction"].value
    asked = page.context["request_query"]
    for forged in altered(value)[::9]:
        app.browser.cookies["parvis_interaction"] = forged
        assert app.browser.post(reverse("oidc:consent"), {"request": asked, "answer": "allow"}).status_code == 400
    app.browser.cookies["parvis_interaction"] = value
    assert app.browser.post(reverse("oidc:consent"), {"request": asked, "answer": "allow"}).status_code == 200


# --- Tokens -----------------------------------------------------------------------------------------------------------
def test_an_invitation_changed_anywhere_is_gone(world: World) -> None:
    knockers = world.knockers()
    token = world.known["invitation/"]
    for forged in filter(None, altered(token)[::4]):
        path = reverse("directory:invitation-accept", args=[forged])
        knockers["visitor"].expect({410}, "GET", path)
        knockers["person"].expect({410}, "POST", path)
    assert not [fault for knocker in knockers.values() for fault in knocker.faults]
    assert not GroupMembership.objects.filter(user=world.operator).exists()


def test_a_demand_changed_anywhere_asks_for_nothing(client: Client) -> None:
    token = demands.sign(demands.Demand(next="/people/", login_hint="a@b.example", mfa=True))
    for forged in altered(token)[::5]:
        page = client.get(reverse("accounts:sign-in"), {"demand": forged})
        assert page.status_code == 200
        assert "a@b.example" not in page.text


def test_an_access_token_changed_anywhere_opens_nothing(signing_keys: None) -> None:
    app = Application(make_client()).sign_in_as(UserFactory(address="lea@example.org"))
    token = app.tokens()["access_token"]
    wsgi = Wsgi()
    for forged in altered(token):
        status, headers, body = wsgi("GET", reverse("oidc:userinfo"), HTTP_AUTHORIZATION=f"Bearer {forged}")
        assert status == 401, forged
        assert headers["WWW-Authenticate"].startswith("Bearer ")
        assert b"lea" not in body
    for header in (
        "Bearer",
        "bearer  ",
        "Basic Og==",
        "Bearer é",
        "Bearer a b",
        "Digest x",
        "\x7f",
        "Bearer " + "a" * 60_000,
    ):
        assert wsgi("GET", reverse("oidc:userinfo"), HTTP_AUTHORIZATION=header)[0] == 401, header
    assert wsgi("GET", reverse("oidc:userinfo"), HTTP_AUTHORIZATION=f"Bearer {token}")[0] == 200


def _part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_no_made_up_id_token_is_a_hint(world: World) -> None:
    knocker = world.knockers()["operator"]
    real = Application(make_client()).sign_in_as(world.operator).tokens()["id_token"]
    header, claims, signature = real.split(".")
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    headers = [
        '{"alg":"none"}',
        f'{{"alg":"none","kid":"{kid}"}}',
        f'{{"alg":"HS256","kid":"{kid}"}}',
        '{"alg":"RS256","kid":"\\u0000"}',
        '{"alg":"RS256","kid":"\\ud800"}',
        '{"alg":"RS256","kid":["a"]}',
        '{"alg":["RS256"],"kid":null}',
        f'{{"alg":"RS256","kid":"{kid}","crit":["x"]}}',
        f'{{"alg":"RS256","kid":"{kid}","b64":false,"crit":["b64"]}}',
        "[]",
        "null",
        "[" * 3000,
        '{"a":' * 2000,
    ]
    forged = [f"{_part(one)}.{claims}.{signature}" for one in headers]
    forged += [f"{_part(one)}.{claims}." for one in headers[:3]]
    forged += [f"{header}.{_part(one)}.{signature}" for one in ("[]", "null", "{", "[" * 3000)]
    forged += ["..", ".", "a.b.c", "a.b.c.d.e", f"{header}.{claims}", f"{real}A", "é.é.é", "=.=.="]
    for hint in forged:
        knocker.expect({400}, "GET", f"/oidc/logout?id_token_hint={hint}")
    assert not knocker.faults


# --- Forms of other sites ---------------------------------------------------------------------------------------------
# What programs and other sites' forms reach: they prove themselves otherwise, or are asked again as a GET.
WITHOUT_TOKEN = {
    "oidc/authorize",
    "oidc/device_authorization",
    "oidc/introspect",
    "oidc/logout",
    "oidc/par",
    "oidc/register",
    "oidc/revoke",
    "oidc/token",
    "oidc/userinfo",
}


@pytest.mark.parametrize("token", ["", "y" + "x" * 63, "é", "A" * 9000])
def test_every_form_wants_its_token(world: World, token: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.operator)
    knocker = Knocker(browser, "operator")
    if token:
        browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    for address in every_address():
        path = address.known(world.known)
        if address.route.startswith("console/") and address.route != "console/open/":
            continue
        answer = knocker.knock("POST", path, f"csrfmiddlewaretoken={token}&a=b".encode())
        is_page_of_sign_in = address.route.startswith(
            "sign-in/"
        )  # It leads away who is signed in, and changes nothing.
        allowed = {302, 303} if is_page_of_sign_in else {403, 404, 405}
        if answer is not None and address.route not in WITHOUT_TOKEN and answer.status_code not in allowed | {403, 405}:
            knocker.faults.append(f"{path}: {answer.status_code}")
    assert not knocker.faults


def test_a_refused_form_says_what_to_do(world: World) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = browser.post(reverse("accounts:sign-in"), {"email": "a@b.example"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.text


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "é", "//", "http://["]
)
def test_a_form_of_another_origin_is_refused(world: World, origin: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(reverse("accounts:sign-in"))
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    fields = {"email": "a@b.example", "csrfmiddlewaretoken": token}
    assert browser.post(reverse("accounts:sign-in"), fields, headers={"origin": origin}).status_code == 403


# --- Headers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "host", [EVIL, f"127.0.0.1@{EVIL}", f"127.0.0.1.{EVIL}", "[::1", "a b", "", f"127.0.0.1:80@{EVIL}:1", "é"]
)
def test_another_host_is_refused(world: World, host: str) -> None:
    visitor = world.knockers()["visitor"]
    for path in ("/", "/sign-in/", "/nothing/", "/oidc/authorize", "/oidc/logout"):
        answer = visitor.expect({400} if host else {200, 400, 404, 405}, "GET", path, host=host)
        assert EVIL not in answer.text
    assert not visitor.faults


def test_no_header_is_where_links_come_from(world: World) -> None:
    """`localhost` is a host of ours, but the issuer is not written so: no page may repeat it."""
    operator = world.knockers()["operator"]
    meant = {
        "host": "localhost:4321",
        "x-forwarded-host": EVIL,
        "x-forwarded-port": "4321",
        "x-forwarded-server": EVIL,
        "forwarded": f"host={EVIL}",
        "x-original-url": f"//{EVIL}/",
        "x-rewrite-url": f"//{EVIL}/",
        "referer": f"https://{EVIL}/",
        "hx-current-url": f"https://{EVIL}/",
    }
    for address in every_address():
        answer = operator.knock("GET", address.known(world.known), b"", **meant)
        if answer is None or answer.streaming:
            continue
        told = answer.content + json.dumps(dict(answer.headers)).encode()
        for name in (EVIL.encode(), b"localhost:4321"):
            if name in told:
                operator.faults.append(f"{address.route} repeats {name!r}")
    assert not operator.faults


HEADERS = {
    "x-forwarded-for": [
        "é",
        ",,,",
        "1.2.3.4, x",
        "[::1",
        "1.2.3.4:99999:1",
        "%00",
        "9" * 5000,
        "::ffff:1.2.3.4",
        "fe80::1%25é",
    ],
    "x-forwarded-proto": ["é", "https,http", "ftp", "\x7f"],
    "x-request-id": ["é", "a" * 5000, "<script>", "a\tb", "../../x"],
    "accept": [
        ";q=x",
        "é/é",
        "*/*;q=9999",
        "application/json;q=é",
        "a" * 5000,
        ";;;",
        "text/html;q=0, application/json",
    ],
    "accept-language": ["é", "fr;q=x", "a-" * 300, "*;q=nan", "xx-\x7f", "zh-hant-" * 60],
    "accept-encoding": ["é", "gzip;q=x", "*"],
    "user-agent": ["é" * 400, "\x7f", "a" * 9000, "<script>alert(1)</script>", ""],
    "if-modified-since": ["é", "yesterday", "Thu, 01 Jan 99999 00:00:00 GMT"],
    "if-none-match": ["é", '"', "*", 'W/"' + "x" * 500],
    "range": ["bytes=-1", "bytes=9-1", "bytes=0-,0-,0-", "é"],
    "content-length": ["-1", "é", "1e3", "9" * 30, "0x10"],
    "content-type": [
        "é",
        ";",
        "a;b*=hex''x",
        "a;b*0*=utf-9'x",
        "text/plain;charset=hex",
        "a;" * 2000,
        "a; b*1=x; b*=y",
        "a;charset=\x7f",
    ],
    "authorization": ["é", "Basic", "Basic !", "Bearer " + "x" * 9000, "Negotiate x"],
    "hx-request": ["true", "é"],
    "hx-current-url": ["http://[", "é"],
    "hx-trigger-name": ["%ff", "é"],
    "origin": ["null", "http://[", "é"],
    "transfer-encoding": ["chunked", "é"],
    "connection": ["upgrade"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_breaks_an_answer(world: World, settings: Any, name: str) -> None:
    """Through the very application that is served: some of this fails in Django before any middleware sees it."""
    settings.TRUSTED_PROXIES = 1
    wsgi, faults = Wsgi(), []
    browser = world.knockers()["operator"].browser
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    meta = name.upper().replace("-", "_")
    meta = meta if meta in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{meta}"
    for value in HEADERS[name]:
        written = value.encode().decode("latin-1")
        for method, path in (
            ("GET", "/people/?q=%2BAAA-"),
            ("POST", "/sign-in/"),
            ("GET", "/launcher.js"),
            ("GET", "/static/nothing.css"),
            ("POST", "/oidc/token"),
            ("GET", "/oidc/userinfo"),
            ("GET", "/healthz"),
        ):
            try:
                status, headers, body = wsgi(
                    method, path, b"a=b" if method == "POST" else b"", HTTP_COOKIE=cookie, **{meta: written}
                )
            except Exception as error:  # noqa: BLE001 - whatever comes out is a fault
                faults.append(f"{name}: {value[:40]!r} {path}: raised {error!r}")
                continue
            if status >= 500 or "X-Content-Type-Options" not in headers or b"Traceback" in body:
                faults.append(f"{name}: {value[:40]!r} {path}: {status}")
    assert not faults
