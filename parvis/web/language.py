"""Which language a page speaks: the person's own choice, else the cookie's, else the browser's."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import trans_real

from parvis.web import cookies

COOKIE = "language"
COOKIE_AGE = 365 * 24 * 3600


def known(code: str) -> str:
    """Return the code if pages exist in that language, or an empty string."""
    return code if code in dict(settings.LANGUAGES) else ""


def reads_french() -> bool:
    """Say whether the reader of this page, mail or answer reads French; whoever does not reads English."""
    return (translation.get_language() or "").startswith("fr")


def first_known(tags: Iterable[str]) -> str:
    """Return the first language of these tags (RFC 5646) in which pages exist, whatever its region, or nothing."""
    return next((code for tag in tags if (code := known(tag.partition("-")[0].lower()))), "")


def choose(request: HttpRequest, preferred: str = "") -> str:
    """Return the language for this request; `preferred` is what the signed-in person saved, if anything."""
    if code := known(preferred) or known(cookies.read(request, COOKIE)):
        return code
    accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:500]
    return first_known(tag for tag, _weight in trans_real.parse_accept_lang_header(accepted)) or settings.LANGUAGE_CODE


def activate(request: HttpRequest, preferred: str = "") -> str:
    """Make the rest of this request speak the chosen language, and return it."""
    code = choose(request, preferred)
    translation.activate(code)
    request.LANGUAGE_CODE = code
    return code


def propose(request: HttpRequest, code: str) -> None:
    """Speak a language that somebody else proposes, unless the person has chosen one, here or in their account."""
    chosen = request.user.is_authenticated or known(cookies.read(request, COOKIE))
    if known(code) and not chosen:
        activate(request, code)


def remember(response: HttpResponseBase, code: str) -> None:
    """Keep the choice in this browser for a year."""
    cookies.keep(response, COOKIE, code, max_age=COOKIE_AGE)
