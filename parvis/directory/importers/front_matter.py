"""Front matter read with care: YAML events are turned into plain values one by one, without surprises.

No tag is obeyed, no alias followed (so no "billion laughs"), depth and size are bounded, and a scalar is one of: None,
bool, int, float, text. Dates stay texts: what a date means is the field's business. A quoted scalar is `Quoted`, so
that a reader can tell `"2020-01-01"` from `2020-01-01`.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - wheels of PyYAML always hold libyaml; a build without it is slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment] # the same interface

MAX_DEPTH = 12
MAX_NODES = 20_000
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,15})?")
_CONSTANTS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_CONSTANTS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Quoted(str):
    """A text that was between quotes in the source."""

    __slots__ = ()


class InvalidYamlError(ValueError):
    """The text is not YAML, or not a map of fields."""


class RefusedYamlError(ValueError):
    """The YAML uses what a record never needs."""


@dataclass
class FrontMatter:
    """The fields of a file, its body, and what was odd on the way."""

    fields: dict[str, Any]
    body: str
    repeated: list[str]
    is_closed: bool


@dataclass
class _Open:
    """A map or list whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    key: str | None = None
    path: str = ""
    seen: set[str] = field(default_factory=set)


def split(text: str) -> tuple[str, str, bool] | None:
    """Return the fields' text, the body and whether the block was closed; None when no front matter starts the text."""
    start = _FENCE.match(text)
    if not start:
        return None
    end = _FENCE.search(text, start.end() + 1)
    if not end:
        return text[start.end() :], "", False
    return text[start.end() : end.start()], text[end.end() :].strip("\n"), True


def read(text: str) -> FrontMatter | None:
    """Return the front matter and body of a file, or None without front matter.

    Raises InvalidYamlError or RefusedYamlError.
    """
    parts = split(text)
    if parts is None:
        return None
    source, body, is_closed = parts
    fields, repeated = load(source)
    return FrontMatter(fields, body, repeated, is_closed)


def load(source: str) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of a YAML map and the names given twice. Raises InvalidYamlError or RefusedYamlError."""
    try:
        return _build(yaml.parse(source, Loader=_Loader))
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or str(error)
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise InvalidYamlError(f"{problem}{where}") from error
    except RecursionError as error:  # pragma: no cover - libyaml has its own bound; pure Python has this one
        raise RefusedYamlError("nested too deeply") from error


def _build(events: Any) -> tuple[dict[str, Any], list[str]]:
    """Follow the events with a stack of our own, so that depth costs no recursion."""
    stack: list[_Open] = []
    repeated: list[str] = []
    root: Any = None
    documents = 0
    for number, event in enumerate(events):
        if number > MAX_NODES:
            raise RefusedYamlError(f"more than {MAX_NODES} values")
        if isinstance(event, yaml.ScalarEvent):
            _refuse_marks(event)
            root = _put(stack, _scalar(event), repeated, root)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            _refuse_marks(event)
            _open(stack, event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            root = _put(stack, stack.pop().value, repeated, root)
        elif isinstance(event, yaml.AliasEvent):
            raise RefusedYamlError(f"alias *{event.anchor}")
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
    if documents > 1:
        raise InvalidYamlError("several documents")
    if not isinstance(root, dict):
        raise InvalidYamlError("not a map of fields")
    return root, repeated


def _refuse_marks(event: Any) -> None:
    if event.tag is not None and event.tag != "!":
        raise RefusedYamlError(f"tag {event.tag}")


def _open(stack: list[_Open], event: Any) -> None:
    if len(stack) >= MAX_DEPTH:
        raise RefusedYamlError(f"nested more than {MAX_DEPTH} deep")
    top = stack[-1] if stack else None
    if top and isinstance(top.value, dict) and top.key is None:
        raise InvalidYamlError("a map or a list is used as the name of a field")
    name = _path(top) if top else ""
    value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
    stack.append(_Open(value, path=name.lstrip(".")))


def _path(top: _Open) -> str:
    return f"{top.path}.{top.key}" if isinstance(top.value, dict) else f"{top.path}[{len(top.value)}]"


def _put(stack: list[_Open], value: Any, repeated: list[str], root: Any) -> Any:
    """Give a finished value to the map or list that is open, and return the root so far."""
    if not stack:
        return value
    top = stack[-1]
    if isinstance(top.value, list):
        top.value.append(value)
    elif top.key is None:
        top.key = "" if value is None else str(value)
        if top.key in top.seen:
            repeated.append(f"{top.path}.{top.key}".lstrip("."))
        top.seen.add(top.key)
    else:
        top.value[top.key] = value
        top.key = None
    return root


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        return Quoted(text) if event.style in {"'", '"'} else text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
        return number if str(number) == text else text
    return text
