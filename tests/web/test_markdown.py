"""Markdown that people and imports bring: nothing in it runs, calls home or breaks the page around it."""

import re

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from parvis.web.markdown import to_html
from tests.patience import ends

ALLOWED = re.compile(
    r"</?(p|h[2-4]|ul|ol|li|a|strong|em|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|b|i|s|su[bp]|abbr)\b"
)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
        "<svg><script>alert(1)</script></svg>",
        "<svg onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img src=javascript:alert(1)>",
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        "<iframe src=javascript:alert(1)></iframe>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data=x></object><embed src=javascript:x>",
        "<form action=https://evil.example><input name=password><button>OK</button></form>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href='  java\tscript:alert(1)'>x</a>",
        '<a href="https://ok.example" onclick="alert(1)" style="position:fixed" target="_blank">x</a>',
        "[x](javascript:alert(1))",
        "[x](  JaVaScRiPt&#58;alert(1))",
        "[x](vbscript:x) [y](data:text/html,x) [z](file:///etc/passwd)",
        "![x](javascript:alert(1))",
        '![x](https://ok.example/"onerror="alert)',
        '<https://ok.example/"onmouseover=alert(1)>',
        "<style>body{display:none}</style>",
        "<link rel=stylesheet href=//evil.example>",
        "<meta http-equiv=refresh content=0>",
        "<base href=//evil.example>",
        "</main></body></html><h1>Mine</h1>",
        "<!--[if IE]><script>x</script><![endif]-->",
        "<![CDATA[<script>x</script>]]>",
        "<?php echo 1 ?>",
        "`<script>alert(1)</script>`",
        "# <img src=x onerror=alert(1)>",
        "<h1 onclick=x>a</h1>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(text: str) -> None:
    html = to_html(text)
    tags = re.findall(r"<[^>]*>", html)
    assert all(ALLOWED.match(tag) for tag in tags), html
    assert not re.search(r"(javascript|vbscript|data|file):|\son\w+=|style=|srcdoc", " ".join(tags), re.IGNORECASE), (
        html
    )


@given(st.text(alphabet="<>\"'&#/!-=[]()`*_ ~|:\n\tabhijmosrcptx1\\", max_size=200))
def test_whatever_is_typed_only_known_tags_come_out(text: str) -> None:
    assert all(ALLOWED.match(tag) for tag in re.findall(r"<[^>]*>", to_html(text)))


def test_images_and_frames_of_other_sites_are_links() -> None:
    link = '<a href="https://a.example/x.png" rel="nofollow noopener">Écran</a>'
    assert to_html("![Écran](https://a.example/x.png)") == f"<p>{link}</p>\n"
    assert to_html('<img alt="Écran" src="https://a.example/x.png">').strip() == link
    assert to_html("![](https://a.example/x.png)").count(">Image</a>") == 1
    assert to_html('<iframe src="https://tube.example/v" title="Film"></iframe>').count(">Film</a>") == 1
    assert to_html("![Écran](/img/x.png)") == "<p>Écran</p>\n"


def test_links_carry_nothing_of_ours_and_give_nothing() -> None:
    assert 'rel="nofollow noopener"' in to_html("[x](https://a.example)")
    assert 'rel="nofollow noopener"' in to_html('<a href="https://a.example" rel="opener">x</a>')


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n## B\n### C\n#### D", ["h2", "h3", "h4", "h4"]),
        ("## A\n#### B\n## C", ["h2", "h3", "h2"]),
        ("### A\n# B\n### C", ["h2", "h2", "h3"]),
        ("<h1>A</h1>\n\n# B\n\n<h2>C</h2>", ["h2", "h2", "h3"]),
        ("A\n=\nB\n-", ["h2", "h3"]),
    ],
)
def test_headings_follow_the_pages_own_one_level_at_a_time(text: str, levels: list[str]) -> None:
    assert re.findall(r"<(h\d)>", to_html(text)) == levels
    assert re.findall(r"</(h\d)>", to_html(text)) == levels


def test_useful_markup_stays() -> None:
    html = to_html("**a** <abbr title='Direction'>D</abbr> m<sup>2</sup><br>~~b~~\n\n| a |\n|---|\n| b |\n\n1. x")
    for tag in ("<strong>", '<abbr title="Direction">', "<sup>", "<br>", "<s>", "<table>", "<ol>"):
        assert tag in html


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "*a **a " * 20_000, "> " * 20_000, "<" * 50_000, "`" * 50_000, "x" * 5_000_000, "<h1>" * 20_000],
)
def test_a_text_made_to_be_endless_is_not(text: str) -> None:
    with ends():
        to_html(text)


def test_the_filter_says_where_headings_start() -> None:
    template = engines["django"].from_string("{{ text|markdown:3 }}{{ text|markdown }}")
    assert template.render({"text": "# A"}) == "<h3>A</h3>\n<h2>A</h2>\n"
