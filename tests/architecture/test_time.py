"""No test measures time: the same code is three times as slow on another machine, and nothing is wrong with it."""

import ast

import pytest
from hypothesis import settings

from tests.architecture.repository import ROOT

CLOCKS = {"perf_counter", "process_time", "thread_time", "perf_counter_ns", "process_time_ns", "monotonic_ns"}
"""Good for measuring alone."""


def timed(source: str) -> list[int]:
    """Return the lines where a test measures, or claims how long something took."""
    tree, found = ast.parse(source), set[int]()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name) if name in CLOCKS:
                found.add(node.lineno)
            case ast.Assert() if "monotonic" in {getattr(one, "attr", "") for one in ast.walk(node)}:
                found.add(node.lineno)
    return sorted(found)


@pytest.mark.parametrize(
    "source",
    ["assert time.monotonic() - began < 1", "began = time.process_time()", "from time import perf_counter"],
)
def test_a_measure_is_found(source: str) -> None:
    assert timed(source) == [1]


def test_waiting_is_no_measure() -> None:
    assert timed("until = time.monotonic() + 5\nwhile time.monotonic() < until:\n    pass") == []


def test_no_test_is_timed() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert {f"{file.relative_to(ROOT)}:{line}" for file in files for line in timed(file.read_text())} == set()


def test_no_example_is_timed() -> None:
    assert settings().deadline is None
