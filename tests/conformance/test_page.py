"""docs/conformance.md says what the tests say: every module has its test, and what is not met is said so."""

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

from tests.conformance.official import PLANS
from tests.conformance.official_run import RESULTS, Outcome, Run, page

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| \[(\w+)\]", re.MULTILINE)


def generator() -> ModuleType:
    specification = importlib.util.spec_from_file_location("docs_conformance", ROOT / "docs/conformance.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    __import__("sys").modules["docs_conformance"] = module
    specification.loader.exec_module(module)
    return module


def functions(file: str) -> dict[str, bool]:
    """Return the test functions of a file, and whether each is expected to fail."""
    tree = ast.parse((ROOT / f"tests/conformance/oidc/{file}.py").read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return {node.name: any("xfail" in ast.unparse(one) for one in node.decorator_list) for node in found}


def test_every_module_of_every_plan_has_its_test() -> None:
    plans = generator().plans()
    assert len(plans) == 9
    for plan in plans:
        assert plan.modules, plan.name
        for module in plan.modules:
            file = "test_basic" if module.file == "test_form_post" else module.file
            assert module.test in functions(file), f"{module.name}: {module.file}::{module.test}"
            assert module.clauses


def test_the_page_lists_the_modules_and_says_which_are_not_met() -> None:
    rows = ROW.findall((ROOT / "docs/conformance.md").read_text(encoding="utf-8"))
    wanted = [module for plan in generator().plans() for module in plan.modules]
    assert [(name, clauses, file) for name, clauses, _result, file in rows] == [
        (module.name, module.clauses, module.file) for module in wanted
    ], "run `make conformance`"
    for (name, _clauses, result, _file), module in zip(rows, wanted, strict=True):
        file = "test_basic" if module.file == "test_form_post" else module.file
        is_refused = functions(file)[module.test]
        assert result.startswith("not met: ") if is_refused else result == "passes", name


def test_a_report_is_read_case_by_case(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.conformance.oidc.test_basic" name="test_a[1]"/>'
        '<testcase classname="tests.conformance.oidc.test_basic" name="test_a[2]"><failure/></testcase>'
        '<testcase classname="x.test_basic" name="test_b"><skipped message="on purpose"/></testcase>'
        "</testsuite></testsuites>"
    )
    told = generator().read(report)
    assert told == {("test_basic", "test_a"): "fails", ("test_basic", "test_b"): "not met: on purpose"}


def test_the_page_of_the_official_suite_counts_what_it_lists_and_says_why() -> None:
    text = (ROOT / "docs/conformance-official.md").read_text(encoding="utf-8")
    head, *plans = re.split(r"^## ", text, flags=re.MULTILINE)
    assert len(plans) == len(PLANS)
    for name, plan in zip(PLANS, plans, strict=True):
        rows = re.findall(r"^\| `([^`]+)` \| ([A-Z]+) \| (.*) \|$", plan, re.MULTILINE)
        counts = [sum(result == one for _module, result, _why in rows) for one in RESULTS]
        assert f"| [{name}](#{name}) | {len(rows)} | {' | '.join(map(str, counts))} |" in head
        assert all(why.strip() for _module, result, why in rows if result != "PASSED"), name


def test_the_page_of_the_official_suite_says_which_databases_were_asked(tmp_path: Path) -> None:
    passed = {name: [Outcome("oidcc-server", "PASSED")] for name in PLANS}
    failed = passed | {"basic": [Outcome("oidcc-server", "FAILED", "no answer")]}
    first, same, worse = (
        Run("abc1234", database, "2026-11-22", outcomes)
        for database, outcomes in (("PostgreSQL 15.13", passed), ("SQLite 3.40.1", passed), ("SQLite 3.41.0", failed))
    )
    worse.keep(tmp_path)
    text = page({"version": "5", "revision": "12f2a4d"}, first, [same, Run.kept(tmp_path)])
    assert "commit `abc1234` on\nPostgreSQL 15.13, on 2026-11-22" in text
    assert "On SQLite 3.40.1, on 2026-11-22, with commit `abc1234`, every module came out the same." in text
    assert "came out the same but for `oidcc-server` of basic: FAILED." in text
    assert "| `oidcc-server` | PASSED |  |" in text
