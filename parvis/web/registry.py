"""What the frame of every page shows: each app adds its part in `AppConfig.ready`.

The face is below the apps and does not know them; so they register menu entries and header panels here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

Label = str | Promise


def everyone(_user: Any) -> bool:
    """Show to all."""
    return True


def signed_in(user: Any) -> bool:
    """Show only to people who are signed in."""
    return bool(user.is_authenticated)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. With `post`, it is a button in a form and not a link: it changes something."""

    label: Label
    url_name: str
    icon: str = ""
    order: int = 100
    shown_to: Callable[[Any], bool] = everyone
    args: tuple[object, ...] = ()
    post: bool = False

    @property
    def url(self) -> str:
        """Where the entry leads."""
        return reverse(self.url_name, args=self.args)


@dataclass(slots=True)
class Menu:
    """Entries in order; adding the same address again replaces it."""

    entries: dict[tuple[str, tuple[object, ...]], Entry] = field(default_factory=dict)

    def add(
        self,
        label: Label,
        url_name: str,
        *,
        icon: str = "",
        order: int = 100,
        shown_to: Callable[[Any], bool] = everyone,
        args: tuple[object, ...] = (),
        post: bool = False,
    ) -> None:
        """Add an entry; `label` is lazy, so that it is translated when it is shown."""
        entry = Entry(label, url_name, icon, order, shown_to, args, post)
        self.entries[url_name, args] = entry

    def for_user(self, user: Any) -> list[Entry]:
        """Return the entries that this person sees, in order."""
        shown = [entry for entry in self.entries.values() if entry.shown_to(user)]
        return sorted(shown, key=lambda entry: entry.order)


@dataclass(slots=True)
class Panels:
    """Pieces of HTML for the header, such as the launcher; each is drawn for the request by its app."""

    drawn_by: dict[str, tuple[int, Callable[[HttpRequest], str]]] = field(default_factory=dict)

    def add(self, name: str, draw: Callable[[HttpRequest], str], *, order: int = 100) -> None:
        """Add a panel; `draw` returns safe HTML, or an empty string to show nothing."""
        self.drawn_by[name] = (order, draw)

    def for_request(self, request: HttpRequest) -> list[str]:
        """Return the panels' HTML, in order."""
        in_order = sorted(self.drawn_by.values(), key=lambda one: one[0])
        return [html for _order, draw in in_order if (html := draw(request))]


main_menu = Menu()
account_menu = Menu()
footer_links = Menu()
header_panels = Panels()
# Static paths of style sheets that a header panel needs on every page.
style_sheets: list[str] = []
# Called with (request, language code) when a person picks a language, so that the choice can be saved with the account.
language_chosen: list[Callable[[HttpRequest, str], None]] = []
