"""Every component is drawn, and the page holds nothing that the strict policy would block."""

import re
from typing import Any

import pytest
from django.test import Client

from parvis.web.templatetags import ui

pytestmark = pytest.mark.django_db  # The header of every page asks what the visitor may open.


@pytest.fixture
def page(client: Client) -> str:
    return client.get("/components/").content.decode()


def test_it_shows_every_component(page: str) -> None:
    from pathlib import Path

    import parvis.web

    templates = Path(parvis.web.__file__).parent / "templates"
    shown = "".join(
        file.read_text() for file in [templates / "web/gallery.html", *templates.glob("web/gallery/*.html")]
    )
    used = {*re.findall(r"\{% (\w+)", shown), "mark", "header_menu", "error_summary", "form_field", "post_button"}
    assert sorted(set(ui.register.tags) - used) == []


def test_nothing_inline(page: str) -> None:
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", page)
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", page)


def test_errors_are_tied_to_their_fields(page: str) -> None:
    assert 'href="#id_refused-email"' in page
    field = re.search(r'<input[^>]*id="id_refused-email"[^>]*>', page)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described is not None
    assert all(f'id="{identifier}"' in page for identifier in described[1].split())


def test_every_summary_link_leads_to_an_input(page: str) -> None:
    summary = page[page.index("ds-error-summary") : page.index("</ul>", page.index("ds-error-summary"))]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == 5
    assert all(re.search(rf'<(input|select|textarea)[^>]*id="{target}"', page) for target in targets)


def test_identifiers_are_unique(page: str) -> None:
    found = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(found) == sorted(set(found))


def test_the_sample_form_changes_nothing(client: Client) -> None:
    assert client.post("/components/form/")["Location"] == "/components/"


def test_in_production_only_operators_see_it(client: Client, settings: Any) -> None:
    settings.IS_PRODUCTION = True
    assert client.get("/components/").status_code == 404
    assert client.post("/components/form/").status_code == 404
