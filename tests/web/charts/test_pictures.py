"""Each picture shows and says the same numbers: drawing, table and CSV; nothing in it is inline or ambiguous."""

import csv
import datetime as dt
import io
import re
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils import translation

from parvis.web import charts
from parvis.web.charts import Chart, Frame
from parvis.web.views import sample_charts

KINDS = sorted(sample_charts.all_kinds())
DRAWN = [kind for kind in KINDS if kind not in {"panels", "matrix"}]
BAD = '<script>alert("1")</script>'


def page(picture: Chart) -> str:
    return Template("{% chart picture %}").render(Context({"picture": picture}))


def sheets(picture: Chart) -> list[ET.Element]:
    return list(ET.fromstring(f"<div>{picture.drawing}</div>"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_is_well_formed_and_holds_nothing_inline(kind: str, language: str) -> None:
    with translation.override(language):
        html = page(sample_charts.all_kinds()[kind])
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert "<script" not in html
    assert "NaN" not in html
    assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", html)
    ET.fromstring(re.sub(r"&(?!amp;|lt;|gt;|quot;|#)", "&amp;", html.replace(" download>", ">")))


@pytest.mark.parametrize("kind", KINDS)
def test_the_figure_holds_its_finding_its_numbers_and_their_address(kind: str) -> None:
    picture = sample_charts.all_kinds()[kind]
    html = page(picture)
    assert str(picture.frame.title) in re.search(r"<figcaption.*?</figcaption>", html, re.DOTALL)[0]  # type: ignore[index] # a figure has one
    assert f'href="{picture.frame.csv_url}" download' in html
    assert html.count("<table") == 1
    assert html.count("<tr") == 1 + len(picture.table.rows)


@pytest.mark.parametrize("kind", DRAWN)
def test_each_drawing_is_named_and_described(kind: str) -> None:
    for sheet in sheets(sample_charts.all_kinds()[kind]):
        title, described = sheet[0], sheet[1]
        assert sheet.get("aria-labelledby") == title.get("id")
        assert sheet.get("aria-describedby") == described.get("id")
        assert title.text
        assert described.text
        links = sheet.findall(".//a")
        assert sheet.get("role") == ("group" if links else "img")
        assert all(link.get("aria-label") for link in links)


@pytest.mark.parametrize("kind", DRAWN)
def test_it_is_drawn_for_wide_and_narrow_screens_with_identifiers_of_their_own(kind: str) -> None:
    picture = sample_charts.all_kinds()[kind]
    wide, narrow = sheets(picture)
    assert (wide.get("viewBox") or "").startswith("0 0 880 ")
    assert (narrow.get("viewBox") or "").startswith("0 0 360 ")
    identifiers = re.findall(r'\sid="([^"]+)"', page(picture))
    assert sorted(identifiers) == sorted(set(identifiers))


@pytest.mark.parametrize("kind", DRAWN)
def test_nothing_is_drawn_outside_its_room(kind: str) -> None:
    for sheet in sheets(sample_charts.all_kinds()[kind]):
        _x, _y, wide, high = map(float, (sheet.get("viewBox") or "").split())
        for one in sheet.iter():
            for name, limit in (("x", wide), ("x1", wide), ("x2", wide), ("cx", wide), ("y", high), ("cy", high)):
                value = one.get(name)
                if value is not None:
                    assert -1 <= float(value) <= limit + 1, (one.tag, one.attrib)


@pytest.mark.parametrize("kind", KINDS)
def test_every_tone_has_a_colour(kind: str) -> None:
    from pathlib import Path

    import parvis.web

    css = (Path(parvis.web.__file__).parent / "static/web/css/charts.css").read_text(encoding="utf-8")
    used = set(re.findall(r"\btone-([\w-]+)", page(sample_charts.all_kinds()[kind])))
    assert {tone for tone in used if f".tone-{tone}" not in css} == set()


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_from_the_page(scheme: str) -> None:
    """WCAG 1.4.11: at least 3 to 1, for every phase and series, on the page and on a card."""
    from pathlib import Path

    import parvis.web

    css = (Path(parvis.web.__file__).parent / f"static/web/css/{scheme}.css").read_text(encoding="utf-8")
    tones = dict(re.findall(r"--((?:phase|series)-[\w-]+): (#\w{6});", css))
    grounds = [re.search(rf"--{name}: (#\w{{6}});", css)[1] for name in ("page", "surface")]  # type: ignore[index] # both are there
    assert len(tones) == 15
    for name, colour in tones.items():
        for ground in grounds:
            high, low = sorted((_luminance(colour), _luminance(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 3, name


def test_what_people_type_is_escaped_everywhere() -> None:
    today = dt.date(2026, 8, 20)
    frame = Frame("bad", BAD, BAD, BAD, today, BAD)
    span = charts.Span(today, None, "construction", BAD)
    row = charts.Row(BAD, [span], [charts.Dot(today, "circle", BAD)], BAD, BAD, BAD)
    period = charts.Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1), today)
    pictures = [
        charts.timeline(frame, [row], period, label=BAD, marks=[charts.shape_mark("circle", BAD)]),
        charts.lying_bars(frame, [charts.Bar(BAD, 3, of=4, href=BAD)], label=BAD, value=BAD),
        charts.tile_map(frame, [charts.Tile(BAD, BAD, 1, BAD, BAD)], charts.france({"75": BAD}), label=BAD, value=BAD),
        charts.matrix(frame, [BAD], [charts.Line(BAD, [True], BAD, BAD)], label=BAD, caption=BAD),
        charts.flow(frame, [charts.Stage("a", BAD, "1", 0, 3, 1, href=BAD)], [], others=BAD),
    ]
    for picture in pictures:
        html = page(picture)
        assert "<script" not in html
        assert 'alert("' not in html


def test_the_file_holds_plain_numbers_and_no_formula() -> None:
    table = charts.Table(
        ["Name", "Share", "Day", "None"],
        [[charts.Linked("=1+1", "/x/"), charts.Share(0.25), dt.date(2026, 8, 20), None], ["Lozère", 0.5, 1200, "-3"]],
    )
    response = charts.csv_response(table, "figures")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="figures.csv"'
    with translation.override("fr"):
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [
        ["Name", "Share", "Day", "None"],
        ["'=1+1", "0.25", "2026-08-20", ""],
        ["Lozère", "0.5", "1200", "'-3"],
    ]


def test_areas_add_up() -> None:
    days = [dt.date(2024, 1, 1), dt.date(2025, 1, 1)]
    layers = [charts.Layer("Investigation", "investigation", [3, 4]), charts.Layer("Built", "construction", [10, 1200])]
    picture = charts.stacked_areas(Frame("sum", "Title"), days, layers, moment_label="Day")
    assert [list(row) for row in picture.table.rows] == [[days[0], 3, 10, 13], [days[1], 4, 1200, 1204]]
    with translation.override("fr"):
        drawn = str(charts.stacked_areas(Frame("sum", "Title"), days, layers, moment_label="Day").drawing)
    assert "1\u202f204" in drawn
    assert "1\u202f200 Built" in drawn


def test_a_curve_tells_its_median_and_who_is_left() -> None:
    curve = charts.Curve("All", "1", [(0, 1.0), (400, 0.8), (800, 0.4)], [10, 9, 5, 1])
    assert (curve.at(399), curve.at(400), curve.median) == (1.0, 0.8, 800)
    picture = charts.survival(Frame("life", "Title"), [curve])
    assert [row[2] for row in picture.table.rows] == [10, 9, 5, 1]
    wide, _narrow = sheets(picture)
    assert len(wide.findall(".//circle")) == 1


def test_an_end_that_nobody_recorded_looks_unlike_a_recorded_one() -> None:
    today = dt.date(2026, 8, 20)
    period = charts.Period(dt.date(2024, 1, 1), dt.date(2027, 1, 1), today)

    def look(span: charts.Span) -> str:
        picture = charts.timeline(Frame("t", "Title"), [charts.Row("A", [span])], period, label="Product")
        return str(picture.drawing)

    start, end = dt.date(2025, 1, 1), dt.date(2025, 6, 1)
    recorded, assumed = charts.Span(start, end, "1", "x"), charts.Span(start, end, "1", "x", is_assumed=True)
    assert "chart-edge" in look(recorded)
    assert "chart-tear" in look(assumed)
    assert "chart-edge" not in look(assumed)
    assert "chart-ahead" in look(charts.Span(start, dt.date(2026, 12, 1), "1", "x"))
    assert "chart-ahead" not in look(recorded)


def test_a_map_shows_what_its_layout_does_not_know_below() -> None:
    tiles = [charts.Tile("75", "Paris", 3), charts.Tile("QC", "Québec", 1)]
    picture = charts.tile_map(Frame("m", "Title"), tiles, charts.france({}), label="Territory", value="services")
    assert [row[0] for row in picture.table.rows] == ["75", "QC"]
    assert "QC" in "".join(sheets(picture)[0].itertext())


def test_empty_data_draws_without_failing() -> None:
    today = dt.date(2026, 8, 20)
    period = charts.Period(today, today, today)
    assert charts.timeline(Frame("a", "T"), [], period, label="x").drawing
    assert charts.lying_bars(Frame("b", "T"), [], label="x", value="y").drawing
    assert charts.standing_bars(Frame("c", "T"), [], [], label="x").drawing
    assert charts.survival(Frame("d", "T"), [charts.Curve("x", "1", [(0, 1.0)], [0])]).drawing
    assert charts.tile_map(Frame("e", "T"), [], charts.countries({}), label="x", value="y").drawing
    assert charts.matrix(Frame("f", "T"), ["x"], [], label="x", caption="y").drawing
    assert charts.small_multiples(Frame("g", "T"), [today], [], label="x").drawing
    only = [charts.Point(today, 0)]
    assert charts.line_series(Frame("h", "T"), only, unit="x").drawing
    one = charts.stacked_areas(Frame("i", "T"), [today], [charts.Layer("x", "1", [0])], moment_label="x")
    assert one.drawing
