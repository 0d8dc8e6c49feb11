"""The protocol's OpenAPI document, driven: every answer is as it says, and what is broken is given nothing."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as site
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as openapi_checks

from parvis.oidc.description.document import PATH, description
from parvis.oidc.models import Token
from parvis.oidc.wsgi import ProtocolFront
from tests.factories.oidc import LOGGED_OUT_URI, REDIRECT_URI, Application, challenge, secret_of
from tests.oidc.test_registration import Registrar
from tests.oidc.test_token import basic
from tests.security.test_endpoints import is_home

MANY: dict[str, Any] = {
    "max_examples": 25,
    "phases": [Phase.generate],  # What fails is told as it was sent: making it smaller takes minutes.
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "database": None,
}


def leads_to_no_stranger(_context: Any, response: Any, _case: Any) -> None:
    """Let redirects lead to registered addresses and to pages of ours only."""
    assert all(is_home(location) for location in response.headers.get("location", ()))


def gives_no_token(_context: Any, response: Any, _case: Any) -> None:
    """Give no token: nothing of what is sent was ever granted."""
    if "json" in response.headers.get("content-type", [""])[0]:
        assert "access_token" not in response.json(), response.text
    assert not Token.objects.exists()


DESCRIBED = [
    not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]


class Right:
    """What is right in a request: the more of it there is, the further the request goes before it is refused."""

    def __init__(self, app: Application, registrar: Registrar) -> None:
        self.app = app
        secret, hint = secret_of(app.client), app.tokens()["id_token"]
        Token.objects.all().delete()
        self.registered = registrar.registered()
        self.fields = {
            "client_id": app.client.client_id,
            "client_secret": secret,
            "redirect_uri": REDIRECT_URI,
            "post_logout_redirect_uri": LOGGED_OUT_URI,
            "redirect_uris": [REDIRECT_URI],
            "response_type": "code",
            "response_types": ["code"],
            "scope": "openid email",
            "id_token_hint": hint,
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        }
        # Nothing that was ever granted is sent: no code, no token of a person.
        session = f"{site.SESSION_COOKIE_NAME}={app.browser.cookies[site.SESSION_COOKIE_NAME].value}"
        own = self.registered["registration_access_token"]
        self.headers = {
            "basic": basic(app.client.client_id, secret),
            "initial": {"Authorization": f"Bearer {registrar.given}"},
            "own": {"Authorization": f"Bearer {own}"},
            "session": {"Cookie": session},
        }

    def put_into(self, case: Any, kept: set[str], header: str, *, is_clean: bool) -> None:
        """Put what is right, for some of the fields that this endpoint knows, in the place of what was made up.

        A clean request has no other field that cannot be read at all: it comes past the first check.
        """
        fields = {name: self.fields[name] for name in kept & names_of(case.operation)}
        if case.operation.path == "/oidc/register" and "client_id" in kept:
            fields["client_id"] = self.registered["client_id"]
        part = case.body if isinstance(case.body, dict) else case.query
        if is_clean:
            for name in [name for name, value in part.items() if not (isinstance(value, str) and value.isprintable())]:
                del part[name]
        part.update(fields)
        for name, value in self.headers.get(header, {}).items():
            case.headers[name] = value


def names_of(operation: Any) -> set[str]:
    """Return the names of the fields that an operation is described with."""
    told = description()["paths"][operation.path][operation.method]
    names = {parameter["name"] for parameter in told.get("parameters", ())}
    for content in told.get("requestBody", {}).get("content", {}).values():
        kinds = content["schema"].get("oneOf", [content["schema"]])
        names |= {name for kind in kinds for name in kind.get("properties", ())}
    return names | ({"redirect_uris", "response_types", "scope"} if operation.path == "/oidc/register" else set())


@pytest.fixture
def right(app: Application, registrar: Registrar) -> Right:
    """Return an application, a registration, and who is signed in."""
    return Right(app, registrar)


@pytest.fixture
def one_connection(right: Right) -> Iterator[None]:
    """Let requests share the connection of the test. Django's own client, used until here, connects these anew."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(one_connection: None) -> Any:
    """Return the document, in front of the whole product as it is served."""
    schema = schemathesis.openapi.from_wsgi(PATH, ProtocolFront(get_wsgi_application()))
    schema.config.update(base_url=site.ISSUER)
    return schema


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_every_answer_is_as_described_and_what_is_broken_gets_nothing(
    right: Right, described: Any, mode: GenerationMode
) -> None:
    every = set(right.fields)
    some = st.sets(st.sampled_from(sorted(every)), max_size=4)
    kept = st.just(every) | some | some.map(lambda left_out: every - left_out)
    answered: Counter[int] = Counter()
    unasked: list[str] = []
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not names_of(operation):
            continue  # Nothing is sent, so nothing can be wrong with it.

        @given(
            case=operation.as_strategy(generation_mode=mode),
            kept=kept,
            header=st.sampled_from(["", *right.headers]),
            is_clean=st.booleans(),
        )
        @settings(**MANY)
        def ask(case: Any, kept: set[str], header: str, is_clean: bool) -> None:
            right.put_into(case, kept, header, is_clean=is_clean)
            response = case.call()
            answered[response.status_code] += 1
            case.validate_response(response, checks=[*DESCRIBED, leads_to_no_stranger, gives_no_token])

        try:
            ask()
        except Unsatisfiable:  # Now and then the library finds no way to be wrong that a request can carry.
            unasked.append(operation.label)
    assert len(unasked) <= 1, unasked
    assert answered.keys() >= {200, 303, 400, 401}, "the requests go further than the first check"
