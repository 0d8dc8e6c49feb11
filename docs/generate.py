#!/usr/bin/env python
"""Writes docs/reference/ from the code: `make docs`. A test fails while a page differs from what this would write."""

import ast
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import django
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by docs/generate.py (`make docs`); change the code, not this page. -->\n"

# What each setting is for. A setting that the code reads and this table lacks fails the generation, and its test.
SETTINGS = {
    "PARVIS_ISSUER": "Public address: scheme, host and port only. Links, cookies and tokens use it.",
    "PARVIS_PRODUCTION": "Treat an `http://` loopback issuer as production too (for rehearsals).",
    "PARVIS_BIND": "Address on which `parvis run` listens.",
    "PARVIS_PORT": "Port on which `parvis run` listens.",
    "PARVIS_WORKERS": "Processes that answer requests; as many as cores is a good number.",
    "PARVIS_EXTRA_HOSTS": "Other host names under which the installation answers, separated by commas.",
    "PARVIS_INTERNAL_HOSTS": "Hosts of your own network that may be asked though their addresses are private, "
    "separated by commas: to tell applications of sign-outs, to read key sets. No other address leads inside.",
    "PARVIS_TRUSTED_PROXIES": "Number of reverse proxies in front that append to `X-Forwarded-For`.",
    "PARVIS_DATA_DIR": "Folder of the secret key, uploaded files, collected styles and the SQLite database.",
    "PARVIS_SECRET_KEY": "Key under sessions and signed links, instead of the one in the data directory.",
    "PARVIS_KEY_SECRET": "Key that seals the private signing keys in the database; without it, the secret key does.",
    "PARVIS_SUBJECT_SECRET": "What pairwise identifiers are made from; without it, the key above. Applications would "
    "take everybody for somebody new if it changed: put the former value here before you change that one.",
    "PARVIS_DATABASE_URL": "`postgresql://USER:PASSWORD@HOST:PORT/NAME` or `sqlite:///FILE`.",
    "PARVIS_OPERATOR_NAME": "Who runs the installation: shown in the footer, mails and legal pages.",
    "PARVIS_SECURITY_CONTACT": "Address or https page for who finds a security problem (`/.well-known/security.txt`).",
    "PARVIS_AUDIT_RETENTION_DAYS": "Days after which an entry of the journal is forgotten.",
    "PARVIS_LANGUAGE": "Language of visitors who state no other: `fr` or `en`.",
    "PARVIS_TIME_ZONE": "Time zone of people who chose none.",
    "PARVIS_MAIL_FROM": "Sender of mails.",
    "PARVIS_SMTP_HOST": "Mail server. In development, without one, mails are kept and shown at `/dev/mail/`.",
    "PARVIS_SMTP_PORT": "Port of the mail server.",
    "PARVIS_SMTP_USER": "User name for the mail server.",
    "PARVIS_SMTP_PASSWORD": "Password for the mail server.",
    "PARVIS_SMTP_SECURITY": "`starttls`, `tls` or `none`.",
    "PARVIS_LOG_LEVEL": "Least level that is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`.",
}  # fmt: skip
KINDS = {
    "text": "text",
    "flag": "yes or no",
    "integer": "whole number",
    "path": "path",
    "words": "list",
    "database": "URL",
}


def settings_page() -> str:
    """Return the page of `PARVIS_*` variables, with the defaults that the code gives them."""
    found = {name: (kind, default) for name, kind, default in sorted(read_settings())}
    if unexplained := found.keys() ^ SETTINGS.keys():
        sys.exit(f"SETTINGS in docs/generate.py and the code differ: {', '.join(sorted(unexplained))}")
    rows = [
        f"| `{name}` | {KINDS[found[name][0]]} | {found[name][1]} | {purpose} |" for name, purpose in SETTINGS.items()
    ]
    return "\n".join(
        [
            NOTE,
            "# Settings\n",
            "Everything that changes between installations is an environment variable. `parvis check` explains each",
            "value that cannot work, and points at variables that nothing reads.\n",
            "| variable | kind | default | what it is for |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def read_settings() -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and default of each variable that the code reads through `parvis.lib.env`."""
    for file in sorted((ROOT / "parvis").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="env"), attr=kind),
                    args=[ast.Constant(value=str(name)), *rest],
                ) if kind in KINDS and (rest or not _is_repeated(name, file)):
                    yield name, kind, _default(kind, rest)


def _is_repeated(name: str, file: Path) -> bool:
    """Return whether settings.py reads the variable too: there its default is told."""
    return file.name != "settings.py" and f'"{name}"' in (ROOT / "parvis/settings.py").read_text(encoding="utf-8")


def _default(kind: str, rest: list[ast.expr]) -> str:
    if not rest:
        return "no" if kind == "flag" else "–"
    match rest[0]:
        case ast.Constant(value=value):
            return f"`{value!s}`"
        case ast.JoinedStr():
            return "`" + ast.unparse(rest[0])[2:-1].replace("{PORT}", "PORT") + "`"
        case ast.IfExp(body=ast.Constant(value=value)):
            return f"`{value!s}` in development"
        case _:
            return "SQLite in the data directory" if kind == "database" else "–"


def commands_page() -> str:
    """Return the page of the command line: what each `--help` prints."""
    from parvis.cli import parvis

    parts = [NOTE, "# Commands\n"]
    for names, command in walk(parvis, ("parvis",)):
        command._help_option = None  # noqa: SLF001 - click keeps the first one it made, whatever the context then was
        title, options = " ".join(names), ["-h", "--help"]
        with click.Context(
            command, info_name=title, max_content_width=100, terminal_width=100, help_option_names=options
        ) as context:
            parts.append(f"## {' '.join(names)}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def walk(command: click.Command, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command and all under it."""
    yield names, command
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                if (found := command.get_command(context, name)) and not found.hidden:
                    yield from walk(found, (*names, name))


def audit_page() -> str:
    """Return the page of the journal's tags."""
    from parvis.audit.tags import Tag

    rows = [f"| `{tag.value}` | {tag.label} |" for tag in Tag]
    return "\n".join(
        [
            NOTE,
            "# Audit tags\n",
            "Each change that matters is an entry of the journal, under one of these names, whose meaning stays.\n",
            "| tag | what happened |",
            "|---|---|",
            *rows,
            "",
        ]
    )


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the URL configuration, and who may reach it."""

    path: str
    name: str
    access: str
    notes: str


def addresses() -> Iterator[Address]:
    """Yield each address of the product; Django's admin is one line, because its pages share one rule."""
    for prefix, namespace, pattern in _patterns(get_resolver(), "/", ""):
        view = pattern.callback
        access = "signed in" if getattr(view, "login_required", True) else "everyone"
        notes = [
            f"GET writes: {view.writes_on_get}" if hasattr(view, "writes_on_get") else "",
            "no CSRF token" if getattr(view, "csrf_exempt", False) else "",
        ]
        name = f"{namespace}{pattern.name}" if pattern.name else ""
        yield Address(prefix + _route(pattern), name, access, "; ".join(note for note in notes if note))


def _patterns(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix, namespace, entry
        elif entry.app_name == "admin":
            yield prefix + _route(entry), "admin:", _admin(entry)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _patterns(entry, prefix + _route(entry), inner)


def _admin(resolver: URLResolver) -> URLPattern:
    """Return the console's index, to stand for all its pages: each asks `AdminSite.has_permission`."""
    return next(entry for entry in resolver.url_patterns if isinstance(entry, URLPattern) and entry.name == "index")


def _route(entry: URLPattern | URLResolver) -> str:
    return str(entry.pattern).lstrip("^").rstrip("$")


def urls_page() -> str:
    """Return the page of addresses: it pins who may reach each, so that opening one shows in a review."""
    rows = [
        f"| `{one.path}` | `{one.name}` | {one.access} | {one.notes} |"
        for one in sorted(addresses(), key=lambda one: (one.path, one.name))
    ]
    return "\n".join(
        [
            NOTE,
            "# Addresses\n",
            "Who may ask for each address. “Everyone” includes visitors who are not signed in; “signed in” is the rule",
            "unless a view says otherwise, and policies then decide what that person sees there.\n",
            "| address | name | who | notes |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def import_report_page() -> str:
    """Return the page of what imports find, by outcome."""
    from parvis.directory.importers.findings import Kind, Outcome

    parts = [
        NOTE,
        "# What imports find\n",
        "`parvis import` names each of these in its report (`--report FILE.json`), with the file and the field.\n",
    ]
    for outcome in Outcome:
        rows = [f"| `{kind.code}` | {kind.meaning} |" for kind in Kind if kind.outcome is outcome]
        parts += [f"## {outcome.value.capitalize()}\n", "| kind | what it means |", "|---|---|", *rows, ""]
    return "\n".join(parts)


def api_page() -> str:
    """Return the page of the JSON interface, from its OpenAPI document."""
    from parvis.api.routes import INTERFACE
    from parvis.portfolio.queries.filters import FACETS

    document = INTERFACE.get_openapi_schema(path_prefix="/api/v1/")
    rows, schemas = [], document["components"]["schemas"]
    for address, operations in document["paths"].items():
        operation = operations["get"]
        names = [item["name"] for item in operation.get("parameters", ()) if item["in"] == "query"]
        filters = ["filters"] if {"q", *FACETS} <= set(names) else []
        parameters = ", ".join([*filters, *(f"`{name}`" for name in names if name not in {"q", "sort", *FACETS})])
        rows.append(f"| `{address}` | {operation['summary']} | {parameters} |")
    shown = [name for name in schemas if name.endswith("Row") or name in {"ProductWhole", "Problem"}]
    fields = [line for name in shown for line in _told(name, schemas[name])]
    return "\n".join(
        [
            NOTE,
            "# The JSON interface\n",
            "The same as an OpenAPI document is at `/api/v1/openapi.json`. How to use it:",
            "[open data](../how-to/open-data.md).\n",
            f"Filters: `q` (words), {', '.join(f'`{name}`' for name in FACETS)}, and `sort`.\n",
            "| address | what | parameters |",
            "|---|---|---|",
            *rows,
            *fields,
            "",
        ]
    )


def _told(name: str, schema: dict[str, Any]) -> list[str]:
    """Return the section of a schema: what it is, and the table of its fields."""
    lines = [f"\n## {name}\n", f"{schema.get('description', '')}\n", "| field | type | remark |", "|---|---|---|"]
    for field, told in schema["properties"].items():
        lines.append(f"| `{field}` | {_type(told)} | {told.get('description', '')} |")
    return lines


def _type(told: dict[str, Any]) -> str:
    """Return a type in a word or two."""
    if "anyOf" in told:
        return " or ".join(dict.fromkeys(_type(one) for one in told["anyOf"]))
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if told.get("type") == "array":
        return f"list of {_type(told['items'])}"
    return str(told.get("format") or told.get("type", "anything"))


def sign_in_page() -> str:
    """Return the page of the sign-in's endpoints, from their OpenAPI document."""
    from parvis.oidc.description.document import PATH, description
    from parvis.oidc.scopes import SCOPES

    document = description()
    lines = [
        NOTE,
        "# The endpoints of the sign-in\n",
        f"The same as an OpenAPI document is at `{PATH}`. What most applications need is a library and",
        "[these values](../how-to/applications.md); this page is for who writes one. Which module of the certification",
        "plans holds what: [conformance](../conformance.md).\n",
        "| scope | what it shares | claims |",
        "|---|---|---|",
    ]
    claims = {name: ", ".join(f"`{claim}`" for claim in scope.claims) for name, scope in SCOPES.items()}
    lines += [f"| `{name}` | {scope.label} | {claims[name]} |" for name, scope in SCOPES.items()]
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += [f"\n## {operation['summary']}: `{method.upper()} {address}`\n", operation["description"]]
            lines += _taken(operation)
            lines += ["\n| answer | when |", "|---|---|"]
            answers = sorted(operation["responses"].items())
            lines += [f"| {status} | {_answered(answer)} |" for status, answer in answers]
    return "\n".join([*lines, ""])


def _taken(operation: dict[str, Any]) -> list[str]:
    """Return the table of an operation's fields; those that must be there are marked."""
    rows = [
        (one["name"], one.get("required", False), _one_of(one["schema"] | {"description": one["description"]}))
        for one in operation.get("parameters", ())
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for kind in content["schema"].get("oneOf", [content["schema"]]):
            wanted = kind.get("required", ())
            rows += [(name, name in wanted, _one_of(told)) for name, told in kind.get("properties", {}).items()]
    shown = dict.fromkeys(f"| `{name}` | {'yes' if wanted else ''} | {told} |" for name, wanted, told in rows)
    return ["\n| field | needed | what |", "|---|---|---|", *shown] if shown else []


def _one_of(told: dict[str, Any]) -> str:
    """Return what a field is for, and its values when there are few."""
    values = [told["const"]] if "const" in told else told.get("enum", ())
    return f"{told['description']} {', '.join(f'`{value}`' for value in values)}".strip()


def _answered(answer: dict[str, Any]) -> str:
    """Return what an answer says, with the words of its errors."""
    words = [
        word
        for content in answer.get("content", {}).values()
        for part in content["schema"].get("allOf", ())
        for word in part.get("properties", {}).get("error", {}).get("enum", ())
    ]
    return f"{answer['description']} {', '.join(f'`{word}`' for word in words)}".strip()


def statistics_page() -> str:
    """Return the page of the network's statistics, from the functions that compute them."""
    from parvis.portfolio import statistics

    lines = [
        NOTE,
        "# Statistics\n",
        "What `parvis portfolio statistics --json` and `/api/v1/portfolio/statistics` return, by identifier.",
        "A product's TIMELINE is its phases begun by the day, in order of start, then of the method; CURRENT is the",
        "last of them. ACTIVE is one of the first five phases, STOPPED one of the last two. A product's TEAM is the",
        "people with a mission that names it on the day.\n",
    ]
    for module in statistics.MODULES:
        lines += [f"## {module.__name__.rpartition('.')[2].capitalize()}\n", f"{(module.__doc__ or '').strip()}\n"]
        lines += ["| statistic | what it does |", "|---|---|"]
        found = [one for one in statistics.STATISTICS.values() if one.compute.__module__ == module.__name__]
        lines += [f"| `{one.id}` | {' '.join((one.compute.__doc__ or '').split())} |" for one in found]
        lines.append("")
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "audit.md": audit_page,
    "urls.md": urls_page,
    "import-report.md": import_report_page,
    "api.md": api_page,
    "sign-in.md": sign_in_page,
    "statistics.md": statistics_page,
}


def main() -> None:
    """Write every page, in English whatever the installation's language is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    os.environ["PARVIS_LANGUAGE"] = "en"
    sys.path.insert(0, str(ROOT))
    django.setup()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
        click.echo(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
