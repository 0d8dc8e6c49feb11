"""People and their e-mail addresses."""

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from parvis.directory import policies
from parvis.directory.models.search import Searchable, SearchableQuerySet
from parvis.lib import email_address
from parvis.lib.ids import uuid7
from parvis.lib.text import fold, one_line

if TYPE_CHECKING:
    from parvis.directory.models.standing import Standing


class UserQuerySet(SearchableQuerySet["User"]):
    """Sets of people."""

    def active(self) -> Self:
        """Return the people who may sign in."""
        return self.filter(state=User.State.ACTIVE)

    def visible_to(self, viewer: "User | AnonymousUser | None") -> Self:
        """Return the people whose card the viewer may open (see `policies.can_see_user`)."""
        return policies.visible_users(self, viewer)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc] # django-stubs cannot see from_queryset bases
    """Fetching people; those who only exist to try applications with are left out."""

    def get_queryset(self) -> UserQuerySet:
        """Return the real people."""
        people: UserQuerySet = super().get_queryset()
        return people.filter(is_fictional=False)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return a person by identifier."""
        found: User = self.get(pk=username)
        return found


class User(Searchable, AbstractBaseUser):
    """A person. There is no password: people prove who they are with a passkey or a code (see `parvis.accounts`)."""

    class State(models.TextChoices):
        """Whether the person may sign in."""

        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ANONYMISED = "anonymised", _("Erased")

    class Audience(models.TextChoices):
        """Who may see something about a person."""

        NETWORK = "network", _("Everyone who is signed in")
        TEAMS = "teams", _("People of my organisations and groups")
        NOBODY = "nobody", _("Nobody")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    password = None  # type: ignore[assignment] # removes the inherited field
    last_login = None  # sessions know it, better
    given_name = models.CharField(_("given name"), max_length=150)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    display_name = models.CharField(
        _("name shown"), max_length=300, blank=True, help_text=_("Empty: given name and family name.")
    )
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    phone_number = models.CharField(_("phone"), max_length=20, blank=True)
    photo = models.ImageField(_("photo"), upload_to="photos/", blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    is_operator = models.BooleanField(_("operator"), default=False, help_text=_("May open the operator console."))
    card_audience = models.CharField(
        _("who sees my card"), max_length=8, choices=Audience.choices[:2], default=Audience.NETWORK
    )
    email_audience = models.CharField(
        _("who sees my e-mail address"), max_length=8, choices=Audience.choices, default=Audience.TEAMS
    )
    phone_audience = models.CharField(
        _("who sees my phone number"), max_length=8, choices=Audience.choices, default=Audience.NOBODY
    )
    is_fictional = models.BooleanField(
        default=False, editable=False, help_text=_("Exists for applications on trial only, and signs in nowhere else.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar = []
    objects = UserManager()
    everybody = UserQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [
            models.Index(fields=["sort_key", "id"], name="directory_user_sort"),
            models.Index(fields=["state", "card_audience"], name="directory_user_seen"),
        ]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name to show."""
        if self.state == self.State.ANONYMISED:
            return str(_("Former member"))
        return self.display_name or f"{self.given_name} {self.family_name}".strip()

    @property
    def photo_url(self) -> str:
        """Return the address of the photo, or an empty string."""
        return self.photo.url if self.photo else ""

    def get_absolute_url(self) -> str:
        """Return the address of the person's card."""
        return reverse("directory:person-detail", args=[self.pk])

    @cached_property
    def standing(self) -> "Standing":
        """Where the person stands today, read once for each object: a request has its own."""
        from parvis.directory.models.standing import Standing  # a standing reads groups, which read people

        return Standing(self)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again, and the standing when next asked."""
        self.__dict__.pop("standing", None)
        super().refresh_from_db(*args, **kwargs)

    @property
    def is_active(self) -> bool:  # type: ignore[override] # a column in Django's class, a state here
        """Say whether the person may sign in."""
        return self.state == self.State.ACTIVE

    @property
    def is_staff(self) -> bool:
        """Say whether the person may open the operator console (Django's name for it)."""
        return self.is_operator and self.is_active

    @property
    def is_superuser(self) -> bool:
        """Say whether Django's permissions are all granted: operators have them all, others none."""
        return self.is_staff

    def has_perm(self, _permission: str, _target: object = None) -> bool:
        """Answer Django's admin."""
        return self.is_staff

    def has_module_perms(self, _app_label: str) -> bool:
        """Answer Django's admin."""
        return self.is_staff

    def get_session_auth_hash(self) -> str:
        """Return a constant: sessions are rows, ended by deletion (see `parvis.accounts.sessions`)."""
        return salted_hmac("parvis.directory.user", str(self.pk), algorithm="sha256").hexdigest()

    def clean(self) -> None:
        """Put names on one line."""
        for field in ("given_name", "family_name", "display_name", "job_title"):
            setattr(self, field, one_line(getattr(self, field)))

    def searchable_text(self) -> str:
        """Return what the people search reads: names and job, never an address."""
        return f"{self.given_name} {self.family_name} {self.display_name} {self.job_title}"

    def sorting_text(self) -> str:
        """Return what lists are ordered by: family name first."""
        return fold(f"{self.family_name} {self.given_name}")


class EmailQuerySet(models.QuerySet["Email"]):
    """Sets of e-mail addresses."""

    def holder_of(self, address: str) -> "Email | None":
        """Return the confirmed address equal to this one whatever its case or Unicode form, with its person."""
        try:
            canonical = email_address.canonical(address)
        except ValidationError:
            return None
        held = self.filter(canonical=canonical, verified_at__isnull=False, user__is_fictional=False)
        return held.select_related("user").first()


class Email(models.Model):
    """An e-mail address of a person. Only a confirmed one proves anything, and only one person can have it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="emails", verbose_name=_("person"))
    address = models.EmailField(_("address"))
    canonical = models.CharField(max_length=254, editable=False)
    domain = models.CharField(max_length=253, editable=False, db_index=True)
    verified_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    is_primary = models.BooleanField(_("main address"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EmailQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-is_primary", "canonical"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["canonical"], condition=models.Q(verified_at__isnull=False), name="directory_email_one_holder"
            ),
            models.UniqueConstraint(fields=["user", "canonical"], name="directory_email_once_a_person"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_primary=True), name="directory_email_one_primary"
            ),
            models.CheckConstraint(
                condition=models.Q(is_primary=False) | models.Q(verified_at__isnull=False),
                name="directory_email_primary_is_verified",
            ),
        ]
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")

    def __str__(self) -> str:
        return self.address

    def save(self, *args: object, **kwargs: object) -> None:
        """Clean the address and derive its canonical form. Raises ValidationError."""
        self.address = email_address.clean(self.address)
        self.canonical = email_address.canonical(self.address)
        self.domain = email_address.domain_of(self.canonical)
        super().save(*args, **kwargs)  # type: ignore[arg-type] # passed through

    @property
    def is_verified(self) -> bool:
        """Say whether the person has shown that they read this mailbox."""
        return self.verified_at is not None


def primary_addresses(user_ids: list[UUID]) -> dict[UUID, str]:
    """Return each person's main address, with one query."""
    return dict(Email.objects.filter(user_id__in=user_ids, is_primary=True).values_list("user_id", "address"))
