"""Leaving to another site from a form, where the policy forbids a redirect."""

import pytest
from django.test import RequestFactory

from parvis.web.responses import leave_to


def test_the_page_refreshes_and_links_to_the_other_site() -> None:
    answer = leave_to(RequestFactory().post("/"), 'https://app.example/callback?code=a&state="b')
    page = answer.content.decode()
    url = "https://app.example/callback?code=a&amp;state=&quot;b"
    assert f'<meta http-equiv="refresh" content="0;url={url}">' in page
    assert f'href="{url}"' in page
    assert "app.example" in page
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("url", ["javascript:x()", "data:text/html,x", "https://a.example/\n", "https://a.eu/ b"])
def test_it_never_leads_to_something_that_runs(url: str) -> None:
    with pytest.raises(ValueError, match="plain URL"):
        leave_to(RequestFactory().post("/"), url)
