"""What layers above the directory do when something happens in it; they add their functions in `AppConfig.ready`."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from parvis.directory.importers.betagouv.importing import Imported
    from parvis.directory.models import User

account_closed: list[Callable[[list[UUID]], object]] = []
"""Called inside the transaction with the ids of people whose sessions must end: suspended or erased accounts."""

account_erased: list[Callable[[list[UUID]], object]] = []
"""Called inside the transaction of an erasure: delete passkeys, authenticator apps, consents, devices..."""

export_sections: dict[str, Callable[["User"], object]] = {}
"""Name of a section of the personal data download -> function that returns its JSON value for a person."""

after_import: list[Callable[["Imported"], object]] = []
"""Called when an import of the beta.gouv.fr repository has written the directory: bring in the rest of what it read."""

ask_proof: list[Callable[["HttpRequest"], "HttpResponseBase | None"]] = []
"""Called before what needs a fresh proof of who asks (download, erasure): an answer that asks for it, or nothing."""
