"""The OpenAPI document of the sign-in: public, whole, and held to the code that it describes."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client as Browser

from parvis.oidc.description.document import PATH, description
from parvis.oidc.description.fields import GRANTS
from parvis.oidc.endpoints.serving import ENDPOINTS
from parvis.oidc.endpoints.token import GRANT_TYPES
from parvis.oidc.models import Client
from tests.architecture.repository import named, short, text
from tests.factories.fapi import FapiApplication
from tests.factories.oidc import Application, make_client
from tests.oidc.test_device import Device, device
from tests.oidc.test_introspection import JWT, ask, own_token
from tests.oidc.test_registration import MINIMAL, Registrar, registrar

__all__ = ["device", "registrar"]
# Words of our own pages, which no application is answered.
OF_PAGES = {"interaction_lost", "invalid_redirect_uri"}
# What breaks on our side is not described as something to count on.
OF_ACCIDENTS = {"server_error"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return description()


def test_everybody_reads_it_and_scripts_too(db: None) -> None:
    answer = Browser().get(PATH, headers={"origin": "https://docs.example.org"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["openapi"] == "3.1.0"
    assert Browser().post(PATH).status_code == 405


def test_every_endpoint_is_there(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {*ENDPOINTS, "/oidc/logout"}
    told = [operation for operations in document["paths"].values() for operation in operations.values()]
    assert all(operation["summary"] and operation["description"] and operation["tags"] for operation in told)
    assert len({operation["operationId"] for operation in told}) == len(told)


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the document."""
    if isinstance(part, dict):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _parts(one)


def test_it_holds_together(document: dict[str, Any]) -> None:
    components = document["components"]
    for part in _parts(document):
        if isinstance(part.get("$ref"), str):
            assert part["$ref"].removeprefix("#/components/schemas/") in components["schemas"]
        if isinstance(part.get("security"), list):
            assert {name for one in part["security"] for name in one} <= set(components["securitySchemes"])
        if isinstance(part.get("required"), list):
            assert set(part["required"]) <= set(part["properties"])


def test_every_grant_type_is_there() -> None:
    assert set(GRANTS) == set(GRANT_TYPES) == set(Client.GrantType.values)


def _sources() -> Iterator[ast.AST]:
    for file in named("*.py", under="parvis/oidc/"):
        if "/description/" not in short(file):
            yield from ast.walk(ast.parse(text(file)))


def _fields_read() -> set[str]:
    """Return the names of the fields that the code reads out of forms."""
    return {
        node.args[0].value
        for node in _sources()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and ast.unparse(node.func.value).rpartition(".")[2] == "form"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _described(document: dict[str, Any]) -> set[str]:
    """Return the names of the fields that are described."""
    names = set()
    for operations in document["paths"].values():
        for operation in operations.values():
            names |= {parameter["name"] for parameter in operation.get("parameters", ())}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for kind in content["schema"].get("oneOf", [content["schema"]]):
                    names |= set(kind.get("properties", ()))
    return names


def test_every_field_that_is_read_is_described(document: dict[str, Any]) -> None:
    read = _fields_read()
    assert read > {"redirect_uri", "code_verifier", "post_logout_redirect_uri", "token"}
    assert read - _described(document) == set()


def test_every_error_that_is_told_is_described(document: dict[str, Any]) -> None:
    sources = "".join(text(file) for file in named("*.py", under="parvis/oidc/") if "/description/" not in short(file))
    raised = set(re.findall(r'\b(?:ProtocolError|BearerError|DPoPError|Refused)\(\s*"([a-z_]+)"', sources))
    assert raised > {"invalid_grant", "invalid_scope", "slow_down"}
    told = json.dumps(document["paths"])
    assert {code for code in raised - OF_PAGES - OF_ACCIDENTS if code not in told} == set()


# --- What is answered to requests that are right ----------------------------------------------------------------------
class Held:
    """Holds answers to the document: every member is described, and each is of its kind."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def __call__(self, name: str, body: Any) -> None:
        """Compare an answer with a schema."""
        schema = self.document["components"]["schemas"][name]
        assert set(body) <= set(schema["properties"]), set(body) - set(schema["properties"])
        jsonschema_rs.validate(schema | {"components": self.document["components"]}, body)


@pytest.fixture
def held(document: dict[str, Any]) -> Held:
    return Held(document)


def test_metadata_and_keys(held: Held, signing_keys: None) -> None:
    held("Metadata", Browser().get("/.well-known/openid-configuration").json())
    keys = Browser().get("/oidc/jwks").json()
    jsonschema_rs.validate(held.document["components"]["schemas"]["Keys"], keys)


def test_tokens_of_every_kind(held: Held, app: Application, fapi: FapiApplication, device: Device) -> None:
    tokens = app.tokens(scope="openid profile email phone siret organization_label groups roles")
    held("Tokens", tokens)
    held("Tokens", app.refresh(tokens["refresh_token"]).body)
    held("Userinfo", app.userinfo(tokens["access_token"]).json())
    held("Introspection", ask(app.client, tokens["access_token"]).json())
    held("Introspection", ask(make_client(), tokens["access_token"]).json())
    assert ask(app.client, tokens["access_token"], JWT).headers["Content-Type"] == JWT
    bound = fapi.redeem(fapi.code()).body
    held("Tokens", bound)
    machine, own = own_token()
    held("Introspection", ask(machine.client, own).json())
    held("Tokens", machine.post_token({"grant_type": "client_credentials"}).body)
    codes = device.waiting()
    held("Device", codes)
    held("Error", device.poll(codes).body)
    device.answer(codes)
    held("Tokens", device.poll(codes).body)


def test_pushed_requests(held: Held, fapi: FapiApplication) -> None:
    held("Pushed", fapi.push().body)
    held("Error", fapi.push(redirect_uri="https://evil.example/").body)


def test_registrations(held: Held, registrar: Registrar) -> None:
    told = {"client_name": "Carnet", "client_name#fr": "Cahier", "contacts": ["a@example.org"], "default_max_age": 60}
    made = registrar.registered(**told, id_token_encrypted_response_alg="")
    localized = {name for name in made if "#" in name}
    held("ClientInformation", {name: value for name, value in made.items() if name not in localized})
    held("Error", registrar.register({}).body)
    sent = MINIMAL | {"client_id": made["client_id"]}
    held("ClientInformation", registrar.manage(made, "PUT", sent).body)
    held("ClientInformation", registrar.manage(made, "GET").body)
