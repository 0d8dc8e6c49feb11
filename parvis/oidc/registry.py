"""What layers above the provider add, from their `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Face:
    """What people recognise of an application beside its name."""

    logo_url: str = ""
    owner: str = ""


faces: list[Callable[[list[UUID]], dict[UUID, Face]]] = []
"""Functions from clients' primary keys to faces; the catalogue of applications knows logos and owners."""


def faces_of(client_pks: list[UUID]) -> dict[UUID, Face]:
    """Return the faces that are known, with as many queries whatever the number."""
    return {pk: face for find in faces for pk, face in find(client_pks).items()}
