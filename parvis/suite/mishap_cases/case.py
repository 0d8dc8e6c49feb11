"""One thing that goes wrong in an application's requests, and what its developers do about it."""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Page(Enum):
    """Where one mends it: the name of the page, what it is called there, and the part of it."""

    SIGN_IN = ("application-sign-in", _("Change its sign-in settings"), "")
    MORE = ("application-protocol", _("Change its finer settings"), "")
    SECRETS = ("secret-list", _("Make a new secret"), "")
    CHECK = ("secret-list", _("Check a secret"), "check")
    SCOPES = ("scope-request", _("Ask for more data"), "")
    CONNECT = ("application-connect", _("Look at the exact values"), "")
    STATE = ("application-state", _("Open it again"), "")


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that goes wrong, and what its developers do about it."""

    code: str
    says: str
    title: Text
    advice: Text
    page: Page | None = None

    def is_it(self, code: str, description: str) -> bool:
        """Say whether a refusal is this case; an empty code or part fits everything."""
        return self.code in {"", code} and self.says in description
