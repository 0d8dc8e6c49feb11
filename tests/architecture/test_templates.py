"""Templates use our components and plain HTML, and hold nothing that the Content-Security-Policy forbids."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.architecture.repository import PACKAGE, named, short, text

TEMPLATES = named("*.html", under="parvis/")
INLINE = {
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\b(?:src|type=\"application/(?:json|ld\+json)\"))", re.IGNORECASE),
    "javascript: address": re.compile(r"=\s*[\"']?javascript:", re.IGNORECASE),
}
VENDOR = re.compile(r"\bclass\s*=\s*\"[^\"]*\bds-|\bdata-color\s*=|\bds-[a-z]+")
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


# Mail readers know no style sheet: the one template of HTML mails has its styles inline, and no policy applies to it.
PAGES = [file for file in TEMPLATES if short(file) != "parvis/mail/templates/mail/message.html"]


@pytest.mark.parametrize("file", PAGES, ids=short)
def test_nothing_inline(file: Path) -> None:
    source = TAG.sub("", COMMENT.sub("", text(file)))
    assert [name for name, pattern in INLINE.items() if pattern.search(source)] == []


@pytest.mark.parametrize("file", [file for file in TEMPLATES if "parvis/web/" not in short(file)], ids=short)
def test_no_vendor_class_outside_the_components(file: Path) -> None:
    """A theme can be swapped because only our components know the style sheet's own names."""
    assert VENDOR.findall(COMMENT.sub("", text(file))) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=short)
def test_every_template_compiles(file: Path) -> None:
    """A template that no test renders still has to parse: unknown tags and filters fail here."""
    parts = file.relative_to(PACKAGE).parts
    engines["django"].get_template("/".join(parts[parts.index("templates") + 1 :]))
