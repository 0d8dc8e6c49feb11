"""Every sentence of the interface exists in careful French (English is the source)."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import polib
import pytest
from django.utils.translation.template import templatize

from tests.architecture.repository import named, short, text

CATALOGUES = named("django.po", under="parvis/")
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "_noop"}
PLURAL = {"ngettext", "ngettext_lazy", "_n"}
CONTEXTUAL = {"pgettext", "pgettext_lazy"}
IN_TEMPLATES = re.compile(r"\b(_|n?gettext|n?pgettext)\s*\(((?:[^()'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*)\)")
LITERAL = re.compile(r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
STRAIGHT_APOSTROPHE = re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ])")
BARE_PUNCTUATION = re.compile(r"(?<=[A-Za-zÀ-ÿ0-9»)])[ ]?[:;?!](?=\s|$)")


def _in_python(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text(file))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = slice(0, 1) if name in FUNCTIONS | PLURAL else slice(1, 2) if name in CONTEXTUAL else slice(0)
        for argument in node.args[wanted]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _in_template(file: Path) -> Iterator[str]:
    """Read what Django itself hands to xgettext for a template."""
    for function, arguments in IN_TEMPLATES.findall(templatize(text(file))):
        literals = [ast.literal_eval(literal) for literal in LITERAL.findall(arguments)]
        position = 1 if "pgettext" in function else 0
        if len(literals) > position:
            yield literals[position]


def _unescape(message: str) -> str:
    return message.replace("%%", "%")


@cache
def french() -> frozenset[str]:
    """Return every message that has a French text, ours and Django's own."""
    theirs = Path(django.__file__).parent.glob("**/locale/fr/LC_MESSAGES/django.po")
    entries = [entry for file in [*CATALOGUES, *theirs] if "/fr/" in str(file) for entry in polib.pofile(str(file))]
    return frozenset(_unescape(entry.msgid) for entry in entries if entry.translated())


@pytest.mark.parametrize(
    "file",
    [*named("*.py", under="parvis/"), *named("*.html", under="parvis/"), *named("*.txt", under="parvis/")],
    ids=short,
)
def test_each_sentence_has_its_french(file: Path) -> None:
    found = _in_python(file) if file.suffix == ".py" else _in_template(file)
    assert sorted({message for message in found if message and _unescape(message) not in french()}) == []


@pytest.mark.parametrize("file", CATALOGUES, ids=short)
def test_a_catalogue_is_complete_and_its_placeholders_agree(file: Path) -> None:
    catalogue = polib.pofile(str(file))
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    wrong = []
    for entry in catalogue:
        wanted = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural)}
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            given = set(PLACEHOLDER.findall(translation))
            # A French singular may say “un” where English counts.
            if translation and (given - wanted or (wanted - given and not entry.msgid_plural)):
                wrong.append((entry.msgid, translation))
    assert wrong == []


@pytest.mark.parametrize("file", [file for file in CATALOGUES if "/fr/" in str(file)], ids=short)
def test_french_is_typeset_as_french(file: Path) -> None:
    """Curly apostrophes, and a non-breaking space before high punctuation."""
    texts = [text for entry in polib.pofile(str(file)) for text in (entry.msgstr, *entry.msgstr_plural.values())]
    plain = [re.sub(r"https?://\S+|%\(\w+\)[sd]|\{\w*\}|<[^>]*>", "", text) for text in texts]
    assert [text for text in plain if STRAIGHT_APOSTROPHE.search(text) or BARE_PUNCTUATION.search(text)] == []
