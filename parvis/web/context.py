"""What base.html needs on every page, in one variable named `site`."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.web import registry, theme


class MenuLine(NamedTuple):
    """An entry of the main menu on this page: `here` says whether it is this page, or the section that it is in."""

    entry: registry.Entry
    url: str
    here: str


class Site:
    """The frame of the page for this request; each part is worked out only when a template asks for it."""

    name = "Parvis"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = getattr(request, "user", None) or AnonymousUser()
        self.path = request.path

    @property
    def operator(self) -> str:
        """Who runs this installation."""
        return settings.OPERATOR_NAME

    @cached_property
    def main_menu(self) -> list[MenuLine]:
        """The entries of the main menu, and which one we are in."""
        lines = [(entry, entry.url) for entry in registry.main_menu.for_user(self.user)]
        return [MenuLine(entry, url, self._here(url)) for entry, url in lines]

    def _here(self, url: str) -> str:
        if self.path == url:
            return "page"
        return "section" if url != "/" and self.path.startswith(url) else ""

    @property
    def user_name(self) -> str:
        """The name of who is signed in."""
        return str(self.user)

    @property
    def user_photo(self) -> str:
        """The address of their photo, if they have one."""
        photo = getattr(self.user, "photo", None)
        return photo.url if photo else ""

    @cached_property
    def sign_in_url(self) -> str:
        """Where one signs in, coming back here; nothing on the sign-in pages themselves."""
        try:
            url = reverse(settings.LOGIN_URL)
        except NoReverseMatch:
            return ""
        if self.path.startswith(url):
            return ""
        return url if self.path == "/" else f"{url}?{urlencode({'next': self.here})}"

    @cached_property
    def account_menu(self) -> list[registry.Entry]:
        """The entries of the person's own menu."""
        return registry.account_menu.for_user(self.user)

    @cached_property
    def footer_links(self) -> list[registry.Entry]:
        """The legal pages and the like."""
        return registry.footer_links.for_user(self.user)

    @cached_property
    def header_panels(self) -> list[str]:
        """Safe HTML of the panels that apps put in the header."""
        return registry.header_panels.for_request(self.request)

    @property
    def style_sheets(self) -> list[str]:
        """Static paths of the style sheets that the panels need."""
        return registry.style_sheets

    @cached_property
    def appearance(self) -> theme.Appearance:
        """Light, dark, or what the device says."""
        return theme.appearance(self.request)

    @property
    def appearances(self) -> list[tuple[str, str]]:
        """The choices of appearance."""
        return [("auto", _("Automatic")), ("light", _("Light")), ("dark", _("Dark"))]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Codes with the languages' own names."""
        return [("fr", "Français"), ("en", "English")]

    @property
    def other_language(self) -> tuple[str, str]:
        """The language that this page does not speak, for the switch in the header."""
        return next(one for one in self.languages if one[0] != get_language())

    @property
    def here(self) -> str:
        """The path and query of this page, for forms that come back to it."""
        return self.request.get_full_path()


def page(request: HttpRequest) -> dict[str, object]:
    """Give templates the frame of the page."""
    return {"site": Site(request)}
