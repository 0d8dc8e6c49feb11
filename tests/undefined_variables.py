"""A template that names a variable nobody gave fails its test, instead of leaving a hole in the page."""

import sys
from types import FrameType

from django.template.base import Node

THEIRS = ("/django/contrib/", "/django/forms/")
"""Templates of Django itself rely on holes; they are not ours to mend."""


class UndefinedVariableError(AssertionError):
    """A template names a variable that its view did not give."""


class UndefinedVariable(str):
    """What Django renders in the place of an undefined variable: Django formats it with the variable's name."""

    __slots__ = ()
    allowed = False

    def __bool__(self) -> bool:
        # Django leaves a hole, without asking further, for a value that is false.
        return True

    def __contains__(self, item: object) -> bool:
        # Django asks `"%s" in string_if_invalid` to know whether the name is wanted.
        return item == "%s"

    def __mod__(self, variable: object) -> str:
        frame = sys._getframe(1)
        template = _template_of(frame)
        filters = getattr(frame.f_locals.get("self"), "filters", [])
        if any(function.__name__ == "default" for function, _arguments in filters):
            return ""  # The template says itself what to show instead.
        if UndefinedVariable.allowed or any(part in template for part in THEIRS):
            return ""
        raise UndefinedVariableError(f"{template or 'a template'} names the undefined variable “{variable}”.")


def _template_of(frame: FrameType | None) -> str:
    """Return the file of the innermost template node on the stack."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return str(node.origin.name)
        frame = frame.f_back
    return ""
