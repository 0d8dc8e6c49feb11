"""What layers above the provider add, from their `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.directory.models import User
    from parvis.oidc.models import Client


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


desks: list[Callable[[UUID, Any], str]] = []
"""Functions of a client's primary key and of whoever looks at a page: the address where they look after the
application and read what it did wrong; empty for everybody else."""


def desk_of(client_pk: UUID, viewer: Any) -> str:
    """Return where the viewer looks after the application, or nothing when they do not."""
    return next((found for find in desks if (found := find(client_pk, viewer))), "")


audiences: list[Callable[[], dict[UUID, "QuerySet[User, Any]"]]] = []
"""Functions that return, for each client that is not for everyone, the people who may sign in to it, as a query of
their identifiers: what `entrances` answers for one, for all at once. Whoever is not among them loses their access."""

entrances: list[Callable[[UUID, UUID], bool]] = []
"""Functions of a client's primary key and a person's: whether the person may sign in to it. They are asked at each
sign-in, so they cost nothing for an application that is open to everyone."""


def may_enter(client_pk: UUID, user_id: UUID) -> bool:
    """Say whether nobody objects to the person signing in to the application."""
    return all(allows(client_pk, user_id) for allows in entrances)


@dataclass(frozen=True, slots=True)
class SelfRegistration:
    """What a layer above does with applications that register themselves, inside the transaction of each step."""

    begun: Callable[["Client", "User | None"], None]
    """With the operator whose token it registered with."""
    replaced: Callable[["Client"], None]
    ended: Callable[["Client"], None]


self_registrations: list[SelfRegistration] = []
