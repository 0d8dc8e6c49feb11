"""The catalogue of applications: who owns each, who may use it, and what each person keeps at hand."""

from typing import ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.directory.models import Group, Organization, User
from parvis.directory.models.search import Searchable, SearchableQuerySet
from parvis.lib.ids import uuid7
from parvis.lib.text import fold, one_line
from parvis.oidc.models import Client
from parvis.suite import policies
from parvis.suite.policies import Viewer
from parvis.web.language import reads_french


def validate_launch_url(value: str) -> None:
    """Accept https, and http on this machine only: the launcher never leads people over an open line."""
    parts = urlsplit(value)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in settings.LOOPBACK):
        return
    raise ValidationError(_("Enter an address that starts with https://."), code="scheme")


class ApplicationQuerySet(SearchableQuerySet["Application"]):
    """Sets of applications."""

    def open(self) -> Self:
        """Return the applications that are in service."""
        return self.filter(state=Application.State.OPEN)

    def on_public_list(self) -> Self:
        """Return what anyone may see, signed in or not."""
        return self.open().filter(is_public=True).exclude(audience=Application.Audience.UNLISTED)

    def usable_by(self, user: Viewer) -> "ApplicationQuerySet":
        """Return the applications in service that the person may use (see `policies.can_use`)."""
        return policies.usable_applications(self, user)

    def visible_to(self, viewer: Viewer) -> "ApplicationQuerySet":
        """Return the applications whose card the viewer may open (see `policies.can_see`)."""
        return policies.visible_applications(self, viewer)


class Application(Searchable):
    """A service of the network: a card, a team that answers for it, and its sign-in when it uses ours."""

    class Maturity(models.TextChoices):
        """How far one may rely on it. The values are those that La Gaufre v2 shows."""

        ALPHA = "alpha", pgettext_lazy("maturity", "Alpha")
        BETA = "beta", pgettext_lazy("maturity", "Beta")
        STABLE = "stable", pgettext_lazy("maturity", "Stable")
        DEPRECATED = "deprecated", pgettext_lazy("maturity", "Being withdrawn")

    class Audience(models.TextChoices):
        """Who may use it."""

        NETWORK = "network", _("Everyone who is signed in")
        CHOSEN = "chosen", _("The organisations and groups chosen below, and the team that looks after it")
        UNLISTED = "unlisted", _("Everyone who is signed in, but it is in the menus of its team only")

    class State(models.TextChoices):
        """Whether it is in service."""

        OPEN = "open", pgettext_lazy("application", "In service")
        CLOSED = "closed", pgettext_lazy("application", "Closed")

    TRANSITIONS: ClassVar = {State.OPEN: {State.CLOSED}, State.CLOSED: {State.OPEN}}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("address on the site"), max_length=100, unique=True)
    name_fr = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    description_fr = models.CharField(_("what it is for, in French"), max_length=300, blank=True)
    description_en = models.CharField(_("what it is for, in English"), max_length=300, blank=True)
    logo = models.ImageField(_("logo"), upload_to="applications/", blank=True)
    url = models.URLField(_("address of the application"), max_length=500, validators=[validate_launch_url])
    maturity = models.CharField(_("maturity"), max_length=10, choices=Maturity.choices, default=Maturity.BETA)
    owner = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("team that looks after it"),
    )
    client = models.OneToOneField(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="application", editable=False
    )
    audience = models.CharField(_("who may use it"), max_length=8, choices=Audience.choices, default=Audience.NETWORK)
    is_public = models.BooleanField(
        _("on the public list"),
        default=False,
        help_text=_("Its card is shown to everyone, signed in or not, and in the menus of other sites."),
    )
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="suite_application_sort")]
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put texts on one line."""
        for field in ("name_fr", "name_en", "description_fr", "description_en"):
            setattr(self, field, one_line(getattr(self, field)))

    def searchable_text(self) -> str:
        """Return the name and what it is for, in both languages."""
        return f"{self.name_fr} {self.name_en} {self.description_fr} {self.description_en}"

    def sorting_text(self) -> str:
        """Return the folded name."""
        return fold(self.name_fr)

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_fr if reads_french() else self.name_en

    @property
    def description(self) -> str:
        """Return what it is for in the reader's language, else in the other."""
        texts = (self.description_fr, self.description_en)
        return (texts[0] or texts[1]) if reads_french() else (texts[1] or texts[0])

    @property
    def is_open(self) -> bool:
        """Say whether it is in service."""
        return self.state == self.State.OPEN

    @property
    def is_unlisted(self) -> bool:
        """Say whether people who do not know its address do not meet it here."""
        return self.audience == self.Audience.UNLISTED

    @property
    def host(self) -> str:
        """Return where the address leads, as people read it."""
        return urlsplit(self.url).hostname or self.url

    @property
    def logo_version(self) -> str:
        """Return a text that changes with the picture, so that it can be cached for long."""
        return f"{self.updated_at:%y%m%d%H%M%S}"


class Entitlement(models.Model):
    """An organisation or a group whose people may use an application; those below it count."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="entitlements")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="entitlements")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="entitlements")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(organization__isnull=True, group__isnull=False)
                | models.Q(organization__isnull=False, group__isnull=True),
                name="suite_entitlement_one_holder",
            ),
            models.UniqueConstraint(fields=["application", "organization"], name="suite_entitlement_organization_once"),
            models.UniqueConstraint(fields=["application", "group"], name="suite_entitlement_group_once"),
        ]
        verbose_name = _("right to use an application")
        verbose_name_plural = _("rights to use applications")

    def __str__(self) -> str:
        return f"{self.organization or self.group} · {self.application_id}"


class Pin(models.Model):
    """An application that a person keeps at hand; `position` orders their own list."""

    MAX = 24

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pins")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="pins")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "application"], name="suite_pin_once"),
        ]
        verbose_name = _("pinned application")
        verbose_name_plural = _("pinned applications")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.application_id}"


class ScopeRequestQuerySet(models.QuerySet["ScopeRequest"]):
    """Sets of requests for more data."""

    def waiting(self) -> Self:
        """Return those that nobody has answered."""
        return self.filter(state=ScopeRequest.State.WAITING)


class ScopeRequest(models.Model):
    """A team asks that its application may learn more of people than any application may; an operator answers."""

    class State(models.TextChoices):
        """What was answered."""

        WAITING = "waiting", pgettext_lazy("request", "Waiting")
        ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
        REFUSED = "refused", pgettext_lazy("request", "Refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scope_requests")
    scopes = models.JSONField(_("what it asks for"), default=list)
    reason = models.TextField(_("what it is for"), max_length=2000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScopeRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state="waiting"), name="suite_scoperequest_one_waiting"
            ),
        ]
        verbose_name = _("request for more data")
        verbose_name_plural = _("requests for more data")

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"
