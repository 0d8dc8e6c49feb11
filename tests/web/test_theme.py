"""The palette holds the contrast that LOOK.md promises, by day and by night, and forms and texts stay safe."""

import re
from pathlib import Path

import pytest
from django import forms

import parvis.web
from parvis.web.markdown import to_html

CSS = Path(parvis.web.__file__).parent / "static" / "web" / "css"
PALETTES = ("neutral", "accent", "ochre", "info", "success", "warning", "danger")


def colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", (CSS / f"{sheet}.css").read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", ["light", "dark"])
@pytest.mark.parametrize("palette", PALETTES)
def test_text_is_read_at_4_5_and_controls_are_seen_at_3(sheet: str, palette: str) -> None:
    found = colours(sheet)

    def of(name: str) -> str:
        return found[f"--ds-color-{palette}-{name}"]

    surfaces = [found["--page"], found["--stone"], of("surface-default"), of("surface-tinted"), of("surface-hover")]
    for surface in surfaces:
        assert contrast(of("text-default"), surface) >= 4.5
        assert contrast(of("text-subtle"), surface) >= 4.5
    for surface in surfaces[:4]:
        assert contrast(of("border-default"), surface) >= 3
    for state in ("base-default", "base-hover", "base-active"):
        assert contrast(of("base-contrast-default"), of(state)) >= 4.5


@pytest.mark.parametrize("sheet", ["light", "dark"])
def test_our_own_names_hold_it_too(sheet: str) -> None:
    found = colours(sheet)
    for text, ground in (
        ("--ink", "--page"),
        ("--ink-soft", "--page"),
        ("--ink-soft", "--stone"),
        ("--ink-soft", "--surface"),
        ("--accent", "--page"),
        ("--accent-deep", "--accent-soft"),
        ("--ink", "--ochre-soft"),
        ("--ink-soft", "--ochre-soft"),
        ("--ink-soft", "--accent-soft"),
        ("--hero-ink", "--hero"),
        ("--hero-ink-soft", "--hero"),
        *(("--tint-ink", f"--tint-{number}") for number in range(1, 7)),
    ):
        assert contrast(found[text], found[ground]) >= 4.5, (text, ground)


def test_light_and_dark_name_the_same_colours() -> None:
    assert colours("light").keys() == colours("dark").keys()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://tracker.example/x.png)",
        '<a href="/" onclick="x()">y</a>',
        "<style>*{display:none}</style>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_markdown_holds_nothing_that_runs_or_calls_home(text: str) -> None:
    html = to_html(text)
    assert not re.search(r"<(script|style|img)|<[^>]*(javascript:|data:|onclick)", html)


def test_markdown_headings_go_under_the_pages_own() -> None:
    assert to_html("# One\n\n## Two") == "<h2>One</h2>\n<h3>Two</h3>\n"
    assert to_html("### Deep") == "<h2>Deep</h2>\n"


def test_a_field_is_tied_to_its_help_and_says_what_to_do() -> None:
    class Sample(forms.Form):
        name = forms.CharField(help_text="As on your badge.")
        kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)

    html = Sample().render()
    assert 'aria-describedby="id_name_helptext"' in html
    assert '<fieldset class="ds-fieldset field"' in html
    refused = Sample({})
    assert refused.errors["name"] == ["Fill in this field."]
    assert refused.errors["kind"] == ["Choose one of these."]
    assert 'aria-describedby="id_name_helptext id_name_error_1"' in refused.render()
