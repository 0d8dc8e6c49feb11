"""The pieces of operations: answers, refusals, forms and addresses."""

from typing import Any

from parvis.oidc.description.fields import Schema
from parvis.oidc.http import FORM

Operation = dict[str, Any]
JSON = "application/json"
NONCE: Schema = {"description": "What the next proof must hold.", "schema": {"type": "string"}}
WAIT: Schema = {"description": "After how many seconds to try again.", "schema": {"type": "integer"}}
CHALLENGE: Schema = {"description": "What is missing (RFC 9110, section 11.6.1).", "schema": {"type": "string"}}
LOCATION: Schema = {"description": "Where the browser goes.", "schema": {"type": "string"}}


# --- Answers ----------------------------------------------------------------------------------------------------------
def answer(description: str, name: str = "", **more: Any) -> Schema:
    """Return an answer in JSON, or one without a body."""
    content = {"content": {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}} if name else {}
    return {"description": description, **content, **more}


def error(description: str, *codes: str, **headers: Schema) -> Schema:
    """Return a refusal in the protocol's words."""
    whole = {"$ref": "#/components/schemas/Error"}
    words = {"allOf": [whole, {"properties": {"error": {"enum": sorted(codes)}}}]} if codes else whole
    told = {"headers": headers} if headers else {}
    return {"description": description, "content": {JSON: {"schema": words}}, **told}


def page(description: str) -> Schema:
    """Return a page for a person."""
    return {"description": description, "content": {"text/html": {"schema": {"type": "string"}}}}


def away() -> dict[str, Schema]:
    """Return what any endpoint may answer."""
    return {
        "405": error("Another method is used here.", "invalid_request", Allow={"schema": {"type": "string"}}),
        "503": error("The database does not answer.", "temporarily_unavailable", **{"Retry-After": WAIT}),
    }


def refused(*codes: str) -> dict[str, Schema]:
    """Return the refusals of an endpoint to which an application posts a form."""
    return {
        "400": error("The request cannot be granted as it is.", "invalid_request", *codes, **{"DPoP-Nonce": NONCE}),
        "401": error("The application did not prove itself.", "invalid_client", **{"WWW-Authenticate": CHALLENGE}),
        "413": error("The body is too large.", "invalid_request"),
        **away(),
    }


LEADS: dict[str, Schema] = {
    "302": {
        "description": "To our own pages: the person has something to do first.",
        "headers": {"Location": LOCATION},
    },
    "400": {
        "description": "Nothing is sent to an address that is not registered: a page says what differs.",
        "content": {
            "text/html": {"schema": {"type": "string"}},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    },
    "503": page("The database does not answer."),
}
AGAIN: Schema = {"description": "The same as a GET, with the browser's cookies.", "headers": {"Location": LOCATION}}


# --- Requests ---------------------------------------------------------------------------------------------------------
def form(properties: dict[str, Schema], *required: str, **more: Any) -> Schema:
    """Return the body of a form."""
    schema = {"type": "object", "properties": properties, **more, "additionalProperties": {"type": "string"}}
    schema |= {"required": list(required)} if required else {}
    encoding = {"encoding": {"resource": {"style": "form", "explode": True}}} if "resource" in str(properties) else {}
    return {"required": True, "content": {FORM: {"schema": schema, **encoding}}}


def query(properties: dict[str, Schema], *required: str) -> list[Schema]:
    """Return the parameters of an address."""
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema["description"],
            "schema": {key: value for key, value in schema.items() if key != "description"},
        }
        for name, schema in properties.items()
    ]


def operation(tag: str, name: str, summary: str, description: str, **more: Any) -> Operation:
    """Return an operation."""
    return {"tags": [tag], "operationId": name, "summary": summary, "description": description, **more}
