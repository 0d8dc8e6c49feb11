"""Each exception to a rule carries its reason, and nothing of one machine is in the repository."""

import re
import tokenize
import tomllib

import pytest

from tests.architecture.repository import ROOT, files, named, short, text

SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:|fmt:\s*(?:off|skip)|mypy:|ruff:)")
REASONED = re.compile(
    r"#\s*noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s+-\s+\S.{4,}"
    r"|#\s*type:\s*ignore\[[a-z-]+(?:,\s*[a-z-]+)*\]\s+(?:#|-)\s*\S.{4,}"
    r"|#\s*pragma:\s*no cover\s+-\s+\S.{4,}"
    r"|#\s*fmt:\s*skip"
)
HOSTS = re.compile(
    r"https?://[^/\s\"')>]*(?:registry|pypi|npmjs|pythonhosted|artifactory|nexus|mirror)[^\s\"')>]*", re.IGNORECASE
)
INDEXES = re.compile(r"--(?:extra-)?index-url|--find-links|\"resolved\":")
PATHS = re.compile(r"(?<![\w./-])/(?:root|work|opt/wheels|home/[a-z][a-z0-9_-]*|Users/[A-Za-z]+)/")


def _comments() -> list[tuple[str, str]]:
    found = []
    for file in named("*.py"):
        with tokenize.open(file) as stream:
            found += [
                (f"{short(file)}:{token.start[0]}", token.string)
                for token in tokenize.generate_tokens(stream.readline)
                if token.type == tokenize.COMMENT
            ]
    return found


def test_each_silenced_rule_says_why() -> None:
    """`# noqa: CODE - reason`, `# type: ignore[code]  # reason`, `# pragma: no cover - reason`."""
    bare = {place: comment for place, comment in _comments() if SILENCED.search(comment)}
    assert {place: comment for place, comment in bare.items() if not REASONED.search(comment)} == {}


def test_each_ignored_rule_of_pyproject_says_why() -> None:
    lines = text(ROOT / "pyproject.toml").splitlines()
    rules = [line for line in lines if re.match(r'^    "[A-Z]{1,4}\d*",', line)]
    assert rules
    assert [line for line in rules if "# " not in line] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XXX" + ":"]) + r")\b")
    assert [place for place, comment in _comments() if later.search(comment)] == []


@pytest.mark.parametrize("pattern", [HOSTS, INDEXES, PATHS], ids=["hosts", "indexes", "paths"])
def test_no_registry_and_no_path_of_one_machine(pattern: re.Pattern[str]) -> None:
    found = {}
    for file in files():
        if file == ROOT / "tests/architecture/test_reasons.py":
            continue
        try:
            match = pattern.search(text(file))
        except UnicodeDecodeError:
            continue
        if match:
            found[short(file)] = match[0]
    assert found == {}


def test_versions_are_locked_with_hashes() -> None:
    """Each wanted package is in the lock beside its list, with a hash, and dev agrees with base."""
    locks = {name: _locked(name) for name in ("base", "build", "dev", "node", "peers", "bench-dot", "bench-canaille")}
    for name, lock in locks.items():
        source = text(ROOT / f"requirements/{name}.in")
        wanted = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", source, re.MULTILINE)
        assert [package for package in wanted if _canonical(package) not in lock] == []
    base, dev = locks["base"], locks["dev"]
    assert {package: dev.get(package) for package in base} == base


def _locked(name: str) -> dict[str, str]:
    source = text(ROOT / f"requirements/{name}.txt")
    blocks = re.findall(
        r"^([A-Za-z0-9][^=\s\[]*)(?:\[[^\]]*\])?==(\S+)(.*?)(?=^\S|\Z)", source, re.MULTILINE | re.DOTALL
    )
    assert [package for package, _version, rest in blocks if "--hash=sha256:" not in rest] == []
    return {_canonical(package): version for package, version, _rest in blocks}


def _canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def test_the_wheel_depends_on_what_base_lists() -> None:
    import hatch_build

    listed = hatch_build.dependencies(ROOT)
    assert len(listed) == len(
        _locked("base").keys() & {_canonical(re.split(r"[\[~=<> ;]", item)[0]) for item in listed}
    )
    assert "dependencies" in tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["dynamic"]
