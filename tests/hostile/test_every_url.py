"""Every address of the product, asked in every wrong way: a clear refusal with the right status, and nothing told.

What must hold of each answer is in `knocking.faults_of`; the tests here say only what to send.
"""

import base64
import re
from itertools import groupby

import pytest
from django.conf import settings

from tests.hostile.addresses import Address, every_address
from tests.hostile.conftest import World
from tests.hostile.knocking import FORM, Knocker

pytestmark = pytest.mark.django_db

OPEN_DATA = re.compile(r"api/(v1|v2\.7|v3|swagger)|portfolio/.*\.(atom|ics|yml|jsonld)$")
WRONG = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")


_LONG = ("account", "apps", "console", "groups", "organizations")


def _chapter(address: Address) -> str:
    """Return the first word of the long chapters, and one name for all the others: making a world costs too."""
    word = address.route.partition("/")[0]
    return word if word in _LONG else "others"


CHAPTERS = {name: list(found) for name, found in groupby(sorted(every_address(), key=_chapter), key=_chapter)}
everywhere = pytest.mark.parametrize("chapter", CHAPTERS)


def none_of(*knockers: Knocker) -> None:
    """Fail with everything that was wrong, not only the first."""
    faults = [fault for knocker in knockers for fault in knocker.faults]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:40])


# --- Methods ----------------------------------------------------------------------------------------------------------
@everywhere
def test_every_method_by_everybody(world: World, chapter: str) -> None:
    """Also: an operator reaches every page, else the other tests would knock at doors that do not exist."""
    visitor, person, operator = world.knockers().values()
    for address in CHAPTERS[chapter]:
        path = address.known(world.known)
        visitor.knock("GET", path)
        person.knock("GET", path)
        is_ours = chapter != "console"  # Its pages are many, slow, and guarded by one function.
        for method in ("POST", "DELETE") if is_ours else ():
            visitor.knock(method, path)
            person.knock(method, path)
        asked = ("GET", "HEAD", "POST") if is_ours else ("GET", "POST")
        reached = {answer.status_code for method in asked if (answer := operator.knock(method, path))} - {404, 405}
        if not reached and address.route not in UNREACHABLE:
            operator.faults.append(f"{path} is reached by no method")
        for method in WRONG if is_ours else WRONG[:1]:
            # Scripts of other origins ask by OPTIONS what they may read of the open data.
            asked_first = {204} if method == "OPTIONS" and OPEN_DATA.match(address.route) else set()
            own = OWN_METHODS.get(address.route, {405} | asked_first)
            operator.expect(own, method, path)
    none_of(visitor, person, operator)


# Django leads whoever is in away from its page for signing in; a registration is read, changed and ended by its token.
OWN_METHODS = {"console/login/": {302}, "oidc/register": {401, 405}}
# Django's console: a redirect to a row's page on the site, and its page for what it does not know.
UNREACHABLE = {"console/r/<path:content_type_id>/<path:object_id>/", "console/nothing-here"}


# --- What stands for a converter --------------------------------------------------------------------------------------
STRANGE = (
    "019a0000-0000-7000-8000-000000000000",
    "nothing-of-that-name",
    "a" * 3000,
    "%C3%A9quipe-%E2%80%AE%F0%9F%92%A5",
    "..%2f..%2f..%2fetc%2fpasswd",
    "'%22%3E%3Cscript%3Ealert(1)",
    "%0d%0aSet-Cookie:%20a=b",
    "-1",
    "9" * 40,
    "%25s%25n{{7*7}}",
)
NO_TEXT = ("%00", "a%00b", "%ff", "%C3%28", "%ed%a0%80")


@everywhere
def test_nothing_strange_is_found(world: World, chapter: str) -> None:
    operator = world.knockers()["operator"]
    for address in filled(chapter):
        for value in STRANGE:
            path = address.filled(lambda _kind, name, value=value: "webp" if name == "ending" else value)  # type: ignore[misc] # a default is not inferred
            # Django's console leads from a row that is not there to its list, and adds the slash that lacks.
            answer = operator.expect({400, 404, 405, 410, 302, 301}, "GET", path)
            if answer is not None and b"<script>alert" in answer.content:
                operator.faults.append(f"{path} is repeated as HTML")
        for value in NO_TEXT:
            operator.expect({400}, "GET", address.filled(lambda _kind, _name, value=value: value))  # type: ignore[misc] # a default is not inferred
    none_of(operator)


def filled(chapter: str) -> list[Address]:
    """Return the routes with a converter; of the console, whose rows one code finds, one kind of row."""
    found = [address for address in CHAPTERS[chapter] if address.parts]
    return [address for address in found if chapter != "console" or address.route.startswith("console/oidc/client")]


# --- Queries ----------------------------------------------------------------------------------------------------------
_NAMES = (
    *("q", "after", "before", "kind", "organization", "group", "parent", "person", "state", "time", "next", "demand"),
    *("lang", "siret", "v", "page", "p", "o", "all", "e", "_popup", "_to_field", "_changelist_filters", "id__exact"),
    *("user__pk__in", "term", "app_label", "model_name", "field_name", "interaction", "client_id", "redirect_uri"),
    *("response_type", "scope", "claims", "prompt", "max_age", "id_token_hint", "post_logout_redirect_uri", "state"),
)


def _everything(value: str) -> str:
    return "&".join(f"{name}={value}" for name in _NAMES)


QUERIES = (
    "&".join(f"a{number}=1" for number in range(600)),
    "unknown=1&%5B%5D=2&=&&&=3&a[b]=c&" + _everything("1") + "&" + _everything("2"),
    _everything("%C3%A9%E2%80%AE%F0%9F%92%A5%0A%0D%09"),
    _everything("//evil.example/%27%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
    f"after={'9' * 25}&page=-1&q={'x' * 10_000}",
    "q=%22a%20AND%20(%20*%20OR%20NEAR/%C3%A9%20-%20%25_%5C%27",
)
MALFORMED = ("q=%00", "a%00=1&b=2", "q=a\x00b", "q=%ff", "%C3%28=1", "q=%ed%a0%80")


@everywhere
def test_no_query_breaks_a_page(world: World, chapter: str) -> None:
    visitor, person, operator = world.knockers().values()
    for number, address in enumerate(CHAPTERS[chapter]):
        path = address.known(world.known)
        # The console's pages are slow, and Django's.
        for query in QUERIES if chapter != "console" else QUERIES[1:3] if path.count("/") == 4 else ():
            answer = operator.knock("GET", f"{path}?{query}")
            if answer is not None and not answer.streaming and b"<script>alert" in answer.content:
                operator.faults.append(f"{path}?{query[:80]} is repeated as HTML")
        for query in MALFORMED[number % 3 :: 3]:
            (visitor if number % 2 else person).expect({400}, "GET", f"{path}?{query}")
    none_of(visitor, person, operator)


@pytest.mark.parametrize("query", ["a=%00", "a=%ff"])
@pytest.mark.parametrize("path", ["/nothing/", "/static/nothing.css", "/"])
def test_a_malformed_query_is_refused_even_where_there_is_nothing(world: World, path: str, query: str) -> None:
    visitor = world.knockers()["visitor"]
    visitor.expect({400}, "GET", f"{path}?{query}")
    none_of(visitor)


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


_ID = "019a0000-0000-7000-8000-000000000000"
CURSORS = (
    _cursor("not json"),
    _cursor('["a"]'),
    _cursor('["a","b"]'),
    _cursor("[null,null]"),
    _cursor("[{},[]]"),
    _cursor("[true,false]"),
    _cursor("[1e999,NaN]"),
    _cursor(f'["a\\u0000b","{_ID}"]'),
    _cursor(f'["\\ud800","{_ID}"]'),
    _cursor(f'["9999-99-99","{_ID}"]'),
    _cursor(f'["0001-01-01","{_ID}"]'),
    _cursor("[" + "9" * 400 + "]"),
    _cursor("[-9223372036854775809]"),
    _cursor("[" * 1400),
    "W" * 3000,
    "%C3%A9",
    "===",
)


@pytest.mark.parametrize("route", ["people/", "groups/", "groups/<slug:slug>/people/", "account/events/", "apps/"])
def test_a_forged_cursor_gives_a_page(world: World, route: str) -> None:
    operator = world.knockers()["operator"]
    path = Address(route).known(world.known)
    for cursor in CURSORS:
        operator.expect({200}, "GET", f"{path}?after={cursor}")
    operator.expect({200}, "GET", f"{path}?before={CURSORS[8]}&after=")
    none_of(operator)


# --- Bodies -----------------------------------------------------------------------------------------------------------
_BOUNDARY = "multipart/form-data; boundary=b"
_FIELDS = (
    *("name", "address", "email", "code", "next", "parent", "person", "organization", "group", "role", "starts_on"),
    *("answer", "request", "state", "to", "language", "appearance", "slug", "website", "time_zone", "photo", "siret"),
    *("kind", "visibility", "country", "domain", "given_name", "family_name", "phone_number", "new_id", "action"),
    *("redirect_uris", "sign-in-redirect_uris", "name_fr", "url", "url_fr", "owner", "_selected_action", "scopes"),
    *("sign-in-scopes", "audience", "logo_file", "logo", "ends_on", "client_id", "token", "body", "note", "set"),
)


def _form(value: str) -> bytes:
    return "&".join(f"{name}={value}" for name in _FIELDS).encode()


def _parts(value: bytes, *, file: bool = False) -> bytes:
    name = b'"; filename="x.png' if file else b""
    one = b'--b\r\nContent-Disposition: form-data; name="%s' + name + b'"\r\n\r\n' + value + b"\r\n"
    return b"".join(one.replace(b"%s", field.encode()) for field in _FIELDS) + b"--b--\r\n"


# What is wrong before any page looks at it: a few pages stand for all.
UNREADABLE: tuple[tuple[bytes, str], ...] = (
    (b"", "application/json"),
    (b"", ""),
    (b"[" * 15_000, "application/json"),
    (b'{"response":' * 3_000, "application/json"),
    (b'{"response":{},"id":1,"rawId":null,"name":"\\u0000\\ud800"}', "application/json"),
    (b'{"response":{"a":"\\u0000"},"id":"AAAA","rawId":"AAAA","type":"public-key"}', "application/json"),
    (b'{"response":NaN,"a":1e999}', "application/json"),
    (b"null", "application/json"),
    (b"\xff\xfe", "application/json"),
    (b"\x00", "text/plain"),
    (b"&&==;;%=%zz", FORM),
    (b"a=%00", FORM),
    (b"a=%ff", FORM),
    (b"a=b", f"{FORM}; charset=utf-7"),
    (b"nothing of the kind", _BOUNDARY),
    (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", _BOUNDARY),
    (b"--b\r\nContent-Disposition: form-data; name*=utf-16''%ff; name=\xff\r\n\r\nx\r\n--b--", _BOUNDARY),
    (
        b"--b\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=a\r\n\r\n*\r\n--b--",
        _BOUNDARY,
    ),
    (b"--b", "multipart/form-data"),
    (b"--b", "multipart/form-data; boundary=" + "b" * 300),
    (b"--b", "multipart/form-data; boundary=\xe9"),
    (_parts(b"x"), f"{_BOUNDARY}; charset=hex"),
    (_parts(b"x"), f"{_BOUNDARY}; charset=utf-7"),
    (b"a=b", "text/html; charset=hex"),
    (b"a=b", ";;;=;"),
    ("&".join(f"a{number}=1" for number in range(600)).encode(), FORM),
    (
        b"".join(b"--b\r\nContent-Disposition: form-data; name=a%d\r\n\r\n\r\n" % number for number in range(600)),
        _BOUNDARY,
    ),
)
_FORMS = (
    "groups/<slug:slug>/invite/",
    "account/emails/add/",
    "sign-in/",
    "sign-in/passkey/",
    "oidc/token",
    "oidc/authorize",
)
_MORE_FORMS = (
    "oidc/consent",
    "oidc/logout",
    "oidc/logout/answer",
    "language/",
    "console/oidc/client/<path:id>/change/",
)


@pytest.mark.parametrize("route", [*_FORMS, *_MORE_FORMS])
def test_an_unreadable_body_is_refused(world: World, route: str) -> None:
    visitor, _person, operator = world.knockers().values()
    path = Address(route).known(world.known)
    for knocker in (visitor, operator):
        for body, content_type in UNREADABLE:
            knocker.knock("POST", path, body, content_type)
    none_of(visitor, operator)


VALUES: tuple[tuple[bytes, str], ...] = (
    (_form("x"), FORM),
    (_form("%F0%9F%92%A5%E2%80%AE%0A%0D"), FORM),
    (_form("9999-12-31"), FORM),
    (_form(_ID), FORM),
    (_form("https://[::1"), FORM),
    (_form("client_id%3Da%26redirect_uri%3D%2525%2500"), FORM),
    (_parts(b"a\x00b"), _BOUNDARY),
    (_parts(b"\xff\xfe\x80"), _BOUNDARY),
    (_parts(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", file=True), _BOUNDARY),
)


@everywhere
def test_no_value_breaks_a_form(world: World, chapter: str) -> None:
    operator = world.knockers()["operator"]
    for address in CHAPTERS[chapter] if chapter != "console" else filled(chapter):
        path = address.known(world.known)
        if operator.knock("POST", path).status_code not in {405, 404}:
            for body, content_type in VALUES:
                operator.knock("POST", path, body, content_type)
    none_of(operator)


@everywhere
def test_too_much_is_refused_by_every_page(world: World, chapter: str) -> None:
    visitor = world.knockers()["visitor"]
    for number, address in enumerate(CHAPTERS[chapter]):
        content_type = "application/json" if number % 2 else FORM
        visitor.expect({413}, "POST", address.known(world.known), TOO_LARGE, content_type)
    none_of(visitor)


TOO_LARGE = b"a=" + b"x" * settings.MAX_BODY_BYTES
