import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from parvis.lib import email_address, free_mail

LOCAL = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda text: ".." not in text
)
DOMAIN = st.sampled_from(["example.org", "Exämple.org", "ministère.gouv.fr", "xn--exmple-cua.org", "BÜRO.example"])


@given(LOCAL, DOMAIN)
def test_case_and_unicode_form_do_not_matter(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    expected = email_address.canonical(address)
    for same in (address.upper(), address.lower(), f"  {address}\t", f"{local}@{domain}."):
        assert email_address.canonical(same) == expected
    assert email_address.canonical(expected) == expected
    assert email_address.clean(email_address.clean(address)) == email_address.clean(address)


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_refused_in_words(text: str) -> None:
    try:
        cleaned = email_address.clean(text)
    except ValidationError:
        return
    assert cleaned.count("@") >= 1
    assert "\x00" not in cleaned
    assert email_address.domain_of(email_address.canonical(text)).isascii()


@given(LOCAL, LOCAL)
def test_two_mailboxes_are_two(one: str, other: str) -> None:
    assume(one.lower() != other.lower())
    assert email_address.canonical(f"{one}@example.org") != email_address.canonical(f"{other}@example.org")


@given(st.text(max_size=80))
def test_a_domain_is_ascii_lower_case_and_dotted_or_refused(text: str) -> None:
    try:
        domain = email_address.canonical_domain(text)
    except ValidationError:
        return
    assert domain.isascii()
    assert domain == domain.lower()
    assert "." in domain
    assert not set(domain) & set(" @/:\t\n_")
    assert email_address.canonical_domain(domain) == domain


@pytest.mark.parametrize(
    "domain",
    ["", "fr", "a b.fr", "-a.fr", "a-.fr", "a..fr", ".fr", "127.0.0.1", "exa_mple.fr", "x" * 64 + ".fr", "a/b.fr"],
)
def test_these_are_no_domains(domain: str) -> None:
    with pytest.raises(ValidationError):
        email_address.canonical_domain(domain)


@pytest.mark.parametrize("domain", ["gmail.com", "mail.gmail.com", "orange.fr", "yopmail.com"])
def test_free_mail_is_known_with_what_is_below(domain: str) -> None:
    assert free_mail.is_free_mail(domain)


@pytest.mark.parametrize("domain", ["gouv.fr", "notgmail.com", "gmail.com.example.org", "com", "orange.com"])
def test_other_domains_are_not_free_mail(domain: str) -> None:
    assert not free_mail.is_free_mail(domain)
