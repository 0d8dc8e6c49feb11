"""Groups, who belongs to them, and invitations to join them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory import policies
from parvis.directory.models.dated import ENDING, DatedMembership, DatedQuerySet
from parvis.directory.models.organization import Organization
from parvis.directory.models.search import Searchable, SearchableQuerySet
from parvis.directory.models.user import User
from parvis.lib.columns import as_uuid
from parvis.lib.ids import uuid7
from parvis.lib.text import fold, one_line

MAX_DEPTH = 20


class GroupQuerySet(SearchableQuerySet["Group"]):
    """Sets of groups."""

    def open(self) -> Self:
        """Return the groups that are not closed."""
        return self.filter(closed_on__isnull=True)

    def managed_by(self, user: User) -> Self:
        """Return the groups that the person looks after (see `policies.can_manage_group`)."""
        return self if user.is_staff else self.filter(pk__in=user.standing.managed_group_ids)

    def visible_to(self, viewer: User | AnonymousUser | None) -> Self:
        """Return the groups the viewer may open (see `policies.can_see_group`)."""
        return policies.visible_groups(self, viewer)


class Group(Searchable):
    """People who act together: a team, an incubator, a jury... A member of a group is a member of those above it."""

    class Kind(models.TextChoices):
        """What the group is for."""

        TEAM = "team", _("Team")
        INCUBATOR = "incubator", _("Incubator")
        JURY = "jury", _("Jury")
        COHORT = "cohort", _("Cohort")
        COMMUNITY = "community", _("Community")
        OTHER = "other", _("Other")

    class Visibility(models.TextChoices):
        """Who may see that the group exists and who is in it."""

        PUBLIC = "public", _("Everyone; its members are shown to people who are signed in")
        NETWORK = "network", _("People who are signed in")
        MEMBERS = "members", _("Its members only")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("address on the site"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=250)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEAM)
    description = models.TextField(_("what it does, in a sentence or two"), blank=True, max_length=2000)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name=_("organisation"),
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    visibility = models.CharField(
        _("who sees it"), max_length=8, choices=Visibility.choices, default=Visibility.NETWORK
    )
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="directory_group_sort")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="directory_group_not_its_own_parent",
            ),
        ]
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put the name on one line."""
        self.name = one_line(self.name)

    def searchable_text(self) -> str:
        """Return the name, and the slug for those who know the group by it."""
        return f"{self.name} {self.slug}"

    def sorting_text(self) -> str:
        """Return the folded name."""
        return fold(self.name)

    def ancestor_ids(self) -> set[UUID]:
        """Return the identifiers of the groups above this one."""
        return groups_above([self.pk]) - {self.pk}

    @property
    def is_open(self) -> bool:
        """Say whether people may still join."""
        return self.closed_on is None

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("directory:group-detail", args=[self.slug])


def groups_above(group_ids: Iterable[UUID]) -> set[UUID]:
    """Return these groups and every group above them, with one recursive statement bounded to MAX_DEPTH levels."""
    return _walk(group_ids, "g.id = w.parent_id")


def groups_below(group_ids: Iterable[UUID], *, organizations: Iterable[UUID] | None = None) -> set[UUID]:
    """Return these groups and every group below them, with one recursive statement bounded to MAX_DEPTH levels.

    With `organizations`, the walk down stops at a group that belongs to another organisation.
    """
    if organizations is None:
        return _walk(group_ids, "g.parent_id = w.id")
    keys = _keys(organizations)
    allowed = ", ".join(["%s"] * len(keys)) or "NULL"
    step = f"g.parent_id = w.id AND (g.organization_id IS NULL OR g.organization_id IN ({allowed}))"
    return _walk(group_ids, step, keys)


def _keys(ids: Iterable[UUID]) -> list[Any]:
    """Return identifiers as this database keeps them."""
    field = Group._meta.pk
    return [field.get_db_prep_value(value, connection) for value in ids]


def _walk(group_ids: Iterable[UUID], step: str, params: Iterable[Any] = ()) -> set[UUID]:
    keys = _keys(group_ids)
    if not keys:
        return set()
    marks = ", ".join(["%s"] * len(keys))
    sql = (
        f"WITH RECURSIVE walk(id, parent_id, depth) AS ("  # noqa: S608 - placeholders and our own constants only
        f"SELECT id, parent_id, 0 FROM directory_group WHERE id IN ({marks}) "
        f"UNION SELECT g.id, g.parent_id, w.depth + 1 FROM walk w JOIN directory_group g ON {step} "
        f"WHERE w.depth < {MAX_DEPTH}) SELECT DISTINCT id FROM walk"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*keys, *params])
        return {as_uuid(value) for (value,) in cursor.fetchall()}


class GroupMembershipQuerySet(DatedQuerySet["GroupMembership"]):
    """Sets of people's places in groups."""


class GroupMembership(DatedMembership):
    """A person's place in a group, from a day to a day. One person may have several, one after the other."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("group"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    note = models.CharField(_("what for"), max_length=200, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta(DatedMembership.Meta):
        abstract = False
        ordering: ClassVar = ["-starts_on", "id"]
        constraints: ClassVar = [
            *DatedMembership.Meta.constraints,
            models.UniqueConstraint(fields=["group", "user", "starts_on"], name="directory_groupmembership_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_on"], condition=ENDING, name="directory_membership_ending"),
            models.Index(fields=["user", "ends_on"], name="directory_membership_user"),
            models.Index(fields=["group", "ends_on"], name="directory_membership_group"),
        ]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user} · {self.group}"


class Invitation(models.Model):
    """An invitation of one address into one group: signed link, single use, expiring."""

    LIFETIME = timedelta(days=7)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    address = models.EmailField(_("e-mail address"))
    canonical = models.CharField(max_length=254, editable=False)
    role = models.CharField(
        _("role"), max_length=8, choices=DatedMembership.Role.choices, default=DatedMembership.Role.MEMBER
    )
    membership_ends_on = models.DateField(_("end of the membership"), null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "canonical"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="directory_invitation_one_pending",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["canonical"], name="directory_invitation_address")]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.address} · {self.group}"

    @property
    def is_pending(self) -> bool:
        """Say whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
