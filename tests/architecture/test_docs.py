"""The documentation is true: what is generated is up to date, links lead somewhere, commands exist."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import click
import pytest
from django.utils import translation

from parvis.cli import parvis
from tests.architecture.repository import ROOT, named, short, text

PAGES = [file for file in named("*.md") if not short(file).startswith("parvis/")]
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:parvis|make) [^`]+)`")


def _generator() -> ModuleType:
    specification = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs/generate.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    with translation.override("en"):
        wanted = GENERATOR.PAGES[name]()
    assert text(ROOT / "docs/reference" / name) == wanted, "run `make docs` and read what changed"


def _anchors(file: Path) -> set[str]:
    """Return the anchors that forges give to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text(file)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", PAGES, ids=short)
def test_every_link_leads_somewhere(file: Path) -> None:
    broken = []
    for target in LINK.findall(BLOCK.sub("", text(file))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        aim = (file.parent / unquote(path)).resolve() if path else file
        if not aim.exists() or (anchor and aim.suffix == ".md" and anchor not in _anchors(aim)):
            broken.append(target)
    assert broken == []


def _commands(file: Path) -> Iterator[list[str]]:
    """Yield each `parvis` and `make` command of a page, as words."""
    source = text(file)
    blocks = [block for kind, block in BLOCK.findall(source) if kind in {"sh", "bash", "console"}]
    lines = re.sub(r"\\\n\s*", " ", "\n".join(blocks)).splitlines()
    for line in [*lines, *INLINE.findall(BLOCK.sub("", source))]:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        while words and (words[0] in {"sudo", "-u", "parvis-user", "exec", "env"} or re.match(r"[A-Z_]+=", words[0])):
            words = words[1:]
        if words and Path(words[0]).name in {"parvis", "make"}:
            yield [Path(words[0]).name, *words[1:]]


@pytest.mark.parametrize("file", PAGES, ids=short)
def test_every_command_exists(file: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    for name, *words in _commands(file):
        if name == "make":
            asked = [word for word in words if "=" not in word and not word.startswith("-")]
            assert set(asked) <= targets, words
        else:
            _check_parvis(words)


def _check_parvis(words: list[str]) -> None:
    """Follow the words down the tree of commands, then look for each option."""
    command: click.Command = parvis
    for position, word in enumerate(words):
        if not isinstance(command, click.Group):
            break
        if word.startswith("-"):
            break
        found = command.get_command(click.Context(command), word)
        assert found, f"parvis {' '.join(words[: position + 1])} does not exist"
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "-h", "--version"}
    unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in known]
    assert unknown == [], f"parvis {' '.join(words)}"


def test_every_decision_is_listed_under_its_own_title() -> None:
    listed = text(ROOT / "docs/decisions/README.md")
    missing = []
    for file in sorted((ROOT / "docs/decisions").glob("[0-9]*.md")):
        title = text(file).partition("\n")[0].removeprefix("# ")
        if file.stem != "000-template" and f"[{title}]({file.name})" not in listed:
            missing.append(title)
    assert missing == []


def _traps() -> dict[int, list[str]]:
    """Return the tests that the page of security names beside each trap."""
    rows = re.findall(
        r"^\| ([\d, ]+)\. [^|]*\|[^|]*\|([^|]*)\|$", text(ROOT / "docs/explanation/security.md"), re.MULTILINE
    )
    return {int(number): re.findall(r"`(\w+)`", tests) for numbers, tests in rows for number in numbers.split(",")}


def _tests(folder: str) -> set[str]:
    """Return the names of the tests in a folder."""
    sources = "".join(text(file) for file in named("test_*.py", under=folder))
    return set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))


def test_each_trap_is_told_with_tests_that_exist() -> None:
    told = _traps()
    assert sorted(told) == list(range(1, 35))
    assert {name for names in told.values() for name in names} - _tests("tests/") == set()
    tested = {int(name.split("_")[2]) for name in _tests("tests/security/") if name.startswith("test_trap_")}
    assert tested <= {number for number, names in told.items() if any(f"_trap_{number:02}_" in name for name in names)}
