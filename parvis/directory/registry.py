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

place_ended: list[Callable[[list[UUID]], object]] = []
"""Called inside the transaction with the ids of people whose place in a group or an organisation was just ended; one
that reaches its last day tells nobody, so what depends on places looks for itself now and then."""

account_erased: list[Callable[[list[UUID]], object]] = []
"""Called inside the transaction of an erasure: delete passkeys, authenticator apps, consents, devices..."""

export_sections: dict[str, Callable[["User"], object]] = {}
"""Name of a section of the personal data download -> function that returns its JSON value for a person."""

after_import: list[Callable[["Imported"], object]] = []
"""Called when an import of the beta.gouv.fr repository has written the directory: bring in the rest of what it read."""

person_panels: list[Callable[["HttpRequest", "User"], str]] = []
"""Sections of a person's page: each returns safe HTML for the viewer, or an empty string to show nothing."""

ask_proof: list[Callable[["HttpRequest"], "HttpResponseBase | None"]] = []
"""Called before what needs a fresh proof of who asks (download, erasure): an answer that asks for it, or nothing."""
