"""What higher apps add to accounts, from their `AppConfig.ready`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from parvis.web.registry import Menu

account_pages = Menu()
"""Pages of a person's account, in the side menu of `accounts/account_base.html`."""


@dataclass(frozen=True, slots=True)
class EndedSession:
    """A session that somebody ended: its name outside, and whose it was."""

    sid: UUID
    user_id: UUID


on_session_end: list[Callable[[Sequence[EndedSession]], None]] = []
"""Called inside the transaction that ends sessions: sign-out, "sign out everywhere", suspension, erasure, and the end
of their twelve hours, which the worker sees within half a minute."""


def tell_session_end(ended: Iterable[EndedSession]) -> None:
    """Call everyone who registered, unless no session ended."""
    if sessions := list(ended):
        for hook in on_session_end:
            hook(sessions)


farewells: list[Callable[[EndedSession], str]] = []
"""Called once a person has signed out: the address of a page of ours that tells what else has ended, or nothing."""


def farewell(ended: EndedSession) -> str:
    """Return the first page that somebody has for who has just signed out, or nothing."""
    return next((address for find in farewells if (address := find(ended))), "")
