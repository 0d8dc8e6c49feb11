"""What components do with what they are given."""

import datetime as dt

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from parvis.lib.paging import KeysetPage
from parvis.web import dates, icons
from parvis.web.nav import facet_options, with_query
from parvis.web.templatetags.ui_inline import UnknownLookError, initials


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_what_people_type_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    for source in (
        "{% button bad href=bad %}",
        "{% tag bad %}",
        "{% avatar bad bad %}",
        "{% person_line bad href=bad detail=bad badge=bad %}",
        "{% page_header bad kind=bad lead=bad %}{% endpage_header %}",
        "{% card href=bad title=bad %}{{ bad }}{% endcard %}",
        "{% facts %}{% fact bad %}{{ bad }}{% endfact %}{% endfacts %}",
        "{% chip bad bad %}",
        "{% search_field value=bad label=bad %}",
        "{% copy_value bad bad %}",
        "{% figure bad bad %}",
    ):
        html = draw(source, bad=bad)
        assert "<script" not in html, source
        assert "&lt;script" in html, source


def test_a_look_that_does_not_exist_fails_loudly() -> None:
    with pytest.raises(UnknownLookError):
        draw('{% button "Go" variant="shiny" %}')
    with pytest.raises(UnknownLookError):
        draw('{% tag "New" "pink" %}')
    with pytest.raises(icons.UnknownIconError):
        icons.icon("unicorn")


def test_a_button_with_an_address_is_a_link() -> None:
    assert draw('{% button "Open" href="/x/" %}').startswith("<a ")
    assert draw('{% button "Save" name="do" value="save" %}').startswith("<button ")


def test_a_blank_fact_is_left_out() -> None:
    assert draw('{% fact "Phone" %} {% endfact %}') == ""


def test_figures_are_written_for_their_reader() -> None:
    assert "3,484" in draw('{% figure 3484 "people" %}')
    with translation.override("fr"):
        assert "3\u202f484" in draw('{% figure 3484 "people" %}')


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Léa Martin", "LM"), ("Jean-Paul Le Goff", "JG"), ("Zoé", "Z"), ("", "?"), ("- !", "?"), ("  élodie  ", "É")],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


@time_machine.travel(dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC), tick=False)
@pytest.mark.parametrize(
    ("days", "english", "french"),
    [
        (0, "today", "aujourd’hui"),
        (1, "tomorrow", "demain"),
        (-1, "yesterday", "hier"),
        (3, "in 3 days", "dans 3\u00a0jours"),
        (-7, "7 days ago", "il y a 7\u00a0jours"),
        (8, "18 March 2026", "18 mars 2026"),
        (-400, "3 February 2025", "3 février 2025"),
    ],
)
def test_days_are_said_as_people_say_them(days: int, english: str, french: str) -> None:
    day = timezone.localdate() + dt.timedelta(days=days)
    assert dates.spoken(day) == english
    with translation.override("fr"):
        assert dates.spoken(day).replace("\u00a0", " ") == french.replace("\u00a0", " ")


@time_machine.travel(dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC), tick=False)
def test_a_moment_says_its_hour_in_the_readers_zone_and_its_zone_to_machines() -> None:
    moment = dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC)
    with timezone.override("Europe/Paris"):
        assert dates.spoken(moment) == "tomorrow at 00:30"
        assert dates.exact(moment) == "2026-03-11T00:30:00+01:00"
        assert 'datetime="2026-03-11T00:30:00+01:00"' in draw("{% when moment %}", moment=moment)


def test_paging_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/people/?q=léa&kind=team&after=old")
    html = draw("{% pagination page %}", page=KeysetPage([], before="b/+", after="a&"), request=request)
    assert 'href="?q=l%C3%A9a&amp;kind=team&amp;after=a%26"' in html
    assert 'href="?q=l%C3%A9a&amp;kind=team&amp;before=b/%2B"' in html
    assert "old" not in html
    assert draw("{% pagination page %}", page=KeysetPage([]), request=request) == ""


def test_facets_lead_to_their_results_from_the_first_page() -> None:
    request = RequestFactory().get("/groups/?q=x&kind=jury&after=zzz")
    team, jury = facet_options(request, "kind", {"team": "Team", "jury": "Jury"}, {"team": 3})
    assert (team.url, team.count, team.selected) == ("/groups/?q=x&kind=team", 3, False)
    assert (jury.url, jury.count, jury.selected) == ("/groups/?q=x", 0, True)
    assert with_query(request, q=None, kind=None) == "/groups/"
