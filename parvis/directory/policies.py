"""Who may see and change what in the directory. `can_*` answers for one object, `visible_*` for a set."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from parvis.directory.models import Group, Organization, User
    from parvis.directory.models.group import GroupQuerySet
    from parvis.directory.models.user import UserQuerySet


def _holds(prefix: str = "") -> Q:
    """Return the condition "this membership holds today"."""
    today = timezone.localdate()
    return Q(**{f"{prefix}starts_on__lte": today}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": today})
    )


def managed_organization_ids(user: "User") -> models.QuerySet["Organization", UUID]:
    """Return the organisations that the person looks after today."""
    return user.organization_memberships.filter(_holds(), role="manager").values_list("organization_id", flat=True)
