"""The menus that apps fill, and the frame that shows them."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from parvis.web import context, registry


class Somebody:
    is_authenticated = True
    photo = None

    def __str__(self) -> str:
        return "Ada Lovelace"


def test_entries_are_in_order_and_shown_to_whom_they_concern() -> None:
    menu = registry.Menu()
    menu.add("Last", "web:gallery", order=50)
    menu.add("First", "home:search", order=1)
    menu.add("Mine", "home:home", shown_to=registry.signed_in)
    assert [entry.label for entry in menu.for_user(AnonymousUser())] == ["First", "Last"]
    assert [entry.label for entry in menu.for_user(Somebody())] == ["First", "Last", "Mine"]


def test_adding_an_address_again_replaces_it() -> None:
    menu = registry.Menu()
    menu.add("Old", "home:legal", args=("notice",))
    menu.add("New", "home:legal", args=("notice",))
    menu.add("Other", "home:legal", args=("privacy",))
    assert [(entry.label, entry.url) for entry in menu.for_user(AnonymousUser())] == [
        ("New", "/legal/notice/"),
        ("Other", "/legal/privacy/"),
    ]


def test_panels_are_in_order_and_an_empty_one_is_left_out() -> None:
    panels = registry.Panels()
    panels.add("b", lambda _request: "<b>", order=2)
    panels.add("a", lambda _request: "<a>", order=1)
    panels.add("none", lambda _request: "")
    assert panels.for_request(HttpRequest()) == ["<a>", "<b>"]


@pytest.mark.parametrize(("path", "here"), [("/search/", "page"), ("/search/more/", "section"), ("/other/", "")])
def test_the_main_menu_says_where_one_is(monkeypatch: pytest.MonkeyPatch, path: str, here: str) -> None:
    menu = registry.Menu()
    menu.add("Search", "home:search")
    monkeypatch.setattr(registry, "main_menu", menu)
    assert [line.here for line in context.Site(RequestFactory().get(path)).main_menu] == [here]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/sign-in/"),
        ("/groups/?q=a&kind=team", "/sign-in/?next=%2Fgroups%2F%3Fq%3Da%26kind%3Dteam"),
        ("/sign-in/code/", ""),
    ],
)
def test_signing_in_comes_back_here(path: str, expected: str) -> None:
    assert context.Site(RequestFactory().get(path)).sign_in_url == expected


def test_the_frame_knows_who_is_signed_in() -> None:
    request: Any = RequestFactory().get("/")
    request.user = Somebody()
    site = context.Site(request)
    assert (site.user_name, site.user_photo) == ("Ada Lovelace", "")
