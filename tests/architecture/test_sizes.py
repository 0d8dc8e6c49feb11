"""Ceilings: what grows past them is two things."""

import ast

from tests.architecture.repository import named, short, text

MODULE, FUNCTION, TEMPLATE = 500, 60, 150


def test_no_module_is_longer_than_its_ceiling() -> None:
    sizes = {short(file): text(file).count("\n") for file in named("*.py")}
    assert {name: size for name, size in sizes.items() if size > MODULE} == {}


def test_no_function_is_longer_than_its_ceiling() -> None:
    long = {}
    for file in named("*.py"):
        for node in ast.walk(ast.parse(text(file))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION:
                    long[f"{short(file)}:{node.name}"] = size
    assert long == {}


def test_no_template_is_longer_than_its_ceiling() -> None:
    sizes = {short(file): text(file).count("\n") for file in [*named("*.html"), *named("*.txt", under="parvis/")]}
    assert {name: size for name, size in sizes.items() if size > TEMPLATE} == {}
