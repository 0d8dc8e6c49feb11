"""Addresses that others wrote: linked to, or refused."""

import pytest

from parvis.lib.web_address import LONGEST, can_be_linked


@pytest.mark.parametrize(
    "value",
    ["https://example.org", "http://example.org:8080/a?b=c#d", "https://exämple.org/é", "https://example.org/l'eau"],
)
def test_addresses_of_the_web_are_linked_to(value: str) -> None:
    assert can_be_linked(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "/path",
        "https://",
        "https://user@example.org",
        "https://example.org\\@evil.example",
        "https://example.org/ a",
        "https://example.org/\x00",
        "https://example.org/\u202e",
        'https://example.org/"onclick="x',
        "https://example.org:port/",
        "https://[::1",
        "https://example.org/" + "a" * LONGEST,
    ],
)
def test_anything_else_is_refused(value: str) -> None:
    assert not can_be_linked(value)
