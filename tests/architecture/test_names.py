"""Names tell the domain, and a newcomer finds each room under the name it always has."""

import ast

from tests.architecture.repository import PACKAGE, named, short, text

VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc"}
STANDARD = {
    "__init__", "actions", "admin", "api", "apps", "cli", "exceptions", "forms", "importers", "locale", "migrations",
    "models", "policies", "queries", "schemas", "static", "tasks", "templates", "templatetags", "urls", "views",
}  # fmt: skip
# Rooms that one app has and no other: each is a word of its domain. Adding one here is a decision, not an accident.
OWN: dict[str, set[str]] = {
    "accounts": {
        "assurance", "backends", "console", "demands", "destinations", "devices", "middleware",
        "personal_data", "rates", "registry", "relying_party", "requests", "sessions", "stepup", "user_agents",
    },
    "api": {"complete", "interface", "lists", "pages", "routes", "tellers", "viewers"},
    "audit": {"journal", "registry", "sentences", "tags"},
    "demo": {"story"},
    "directory": {"export", "names", "registry"},
    "home": {"legal_texts"},
    "mail": {"outbox"},
    "oidc": {
        "access_jwt", "assertions", "authorization", "claims", "client_auth", "client_keys", "client_signatures",
        "clients", "description", "dpop", "endpoints", "errors", "http", "keys", "logout", "memory", "opaque",
        "presented", "redirect_uris", "registry", "scopes",
        "signatures", "store", "tokens", "wsgi",
        "farewell", "logout_tokens", "postman",
        "algorithms", "client_rules", "devices", "posted", "registration", "resources", "sectors", "subjects", "told",
        "differences", "mishaps", "sandbox", "trials",
    },
    "opendata": {
        "addresses", "atom", "betagouv", "freshness", "icalendar", "linked_data", "publiccode", "serving", "sheets",
    },
    "portfolio": {"personal_data", "registry", "statistics", "territories", "vocabulary"},
    "similar": {"countries", "engine", "labels"},
    "suite": {
        "protocol_forms", "sign_in_forms", "launcher", "explanations", "mishap_cases", "recipes",
        "recipes_text", "trying",
    },
}  # fmt: skip
FREE = {"web", "lib"}  # The face and the pure helpers are made of pieces named for what they do.


def test_no_vague_name() -> None:
    vague = []
    for file in named("*.py"):
        if VAGUE & set(file.stem.lower().split("_")) or VAGUE & {part.lower() for part in file.parts}:
            vague.append(short(file))
        vague += [
            f"{short(file)}:{node.name}"
            for node in ast.walk(ast.parse(text(file)))
            if isinstance(node, ast.ClassDef) and node.name.endswith(("Utils", "Helper", "Helpers", "Service"))
        ]
    assert vague == []


def test_each_file_of_an_app_has_a_known_name() -> None:
    unknown = []
    for app in sorted(folder for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()):
        if app.name in FREE:
            continue
        allowed = STANDARD | OWN.get(app.name, set())
        rooms = {path.stem for path in app.iterdir() if path.name != "__pycache__" and not path.name.startswith(".")}
        unknown += [f"{app.name}/{name}" for name in sorted(rooms - allowed)]
    assert unknown == []


def test_no_declared_room_is_missing() -> None:
    missing = [
        f"{app}/{name}"
        for app, names in OWN.items()
        for name in sorted(names)
        if not (PACKAGE / app / f"{name}.py").exists() and not (PACKAGE / app / name).is_dir()
    ]
    assert missing == []
