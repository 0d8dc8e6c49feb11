"""What layers above the directory do when something happens in it; they add their functions in `AppConfig.ready`."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from parvis.directory.models import User

account_closed: list[Callable[[list[UUID]], object]] = []
"""Called inside the transaction with the ids of people whose sessions must end: suspended or erased accounts."""

account_erased: list[Callable[[list[UUID]], object]] = []
"""Called inside the transaction of an erasure: delete passkeys, authenticator apps, consents, devices..."""

export_sections: dict[str, Callable[["User"], object]] = {}
"""Name of a section of the personal data download -> function that returns its JSON value for a person."""

ask_proof: list[Callable[["HttpRequest"], "HttpResponseBase | None"]] = []
"""Called before what needs a fresh proof of who asks (download, erasure): an answer that asks for it, or nothing."""
