"""The sector of pairwise identifiers (OpenID Connect Dynamic Client Registration 1.0, section 5)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from parvis.oidc import sectors
from parvis.oidc.actions import clients as actions
from parvis.oidc.models import Client
from tests.oidc.serving import Document, served

ONE, OTHER = "https://one.example.org/back", "https://two.example.org/back"


@pytest.fixture
def document() -> Iterator[Document]:
    """A server of the application's, with the list of its addresses."""
    sectors.forget()
    with served(json.dumps([ONE, OTHER])) as found:
        yield found


def register(**settings: Any) -> Client:
    """Register an application with pairwise identifiers."""
    settings = {"redirect_uris": [ONE], "subject_type": "pairwise"} | settings
    return actions.create_client(by=None, name_fr="A", name_en="A", **settings)[0]


def test_one_host_is_the_sector(db: None) -> None:
    assert register().sector_identifier == "one.example.org"
    assert register(subject_type="public").sector_identifier == ""


def test_several_hosts_need_a_document(db: None) -> None:
    with pytest.raises(ValidationError, match="not on one host"):
        register(redirect_uris=[ONE, OTHER])


def test_the_document_s_own_host_is_the_sector(db: None, document: Document) -> None:
    made = register(redirect_uris=[ONE, OTHER], sector_identifier_uri=document.url)
    assert made.sector_identifier == "127.0.0.1"


def test_the_document_lists_every_redirect_uri(db: None, document: Document) -> None:
    with pytest.raises(ValidationError, match=r"does not list: https://three\.example\.org/"):
        register(redirect_uris=[ONE, "https://three.example.org/"], sector_identifier_uri=document.url)


@pytest.mark.parametrize("text", ["{}", "[1]", "nonsense", "[" * 5000])
def test_a_document_that_is_no_list_is_refused(db: None, document: Document, text: str) -> None:
    document.text = text
    with pytest.raises(ValidationError, match="sector"):
        register(sector_identifier_uri=document.url)


def test_a_document_is_read_once_for_the_check_and_the_change(db: None, document: Document) -> None:
    made = register(sector_identifier_uri=document.url)
    actions.check(made, {"redirect_uris": [ONE, OTHER]})
    actions.update_client(client=made, by=None, redirect_uris=[ONE, OTHER])
    assert document.times == 1


def test_a_document_is_asked_for_anew_after_a_moment(
    db: None, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sectors, "KEPT_FOR", 0.0)
    made = register(sector_identifier_uri=document.url)
    document.text = json.dumps([ONE])
    with pytest.raises(ValidationError, match="does not list"):
        actions.check(made, {"redirect_uris": [ONE, OTHER]})


def test_other_changes_do_not_ask_for_the_document(db: None, document: Document) -> None:
    made = register(sector_identifier_uri=document.url)
    sectors.forget()
    document.text = "gone"
    assert actions.update_client(client=made, by=None, name_en="B").sector_identifier == "127.0.0.1"
