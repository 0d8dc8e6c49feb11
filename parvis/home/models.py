"""The texts of the legal pages, where the operator wrote their own."""

from string import Template
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.home import legal_texts
from parvis.lib.ids import uuid7


class LegalPage(models.Model):
    """One legal page in one language, as the operator wrote it; without one, the text shipped with Parvis is shown."""

    class Slug(models.TextChoices):
        """The pages that the footer links."""

        NOTICE = "notice", _("Legal notice")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")
        SECURITY = "security", _("Security contact")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.CharField(_("page"), max_length=20, choices=Slug.choices)
    language = models.CharField(_("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")])
    body = models.TextField(
        _("text"), max_length=50_000, help_text=_("Markdown. It replaces the text shipped with Parvis.")
    )
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering: ClassVar = ["slug", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "language"], name="home_legalpage_once_a_language")
        ]
        verbose_name = _("legal page")
        verbose_name_plural = _("legal pages")

    def __str__(self) -> str:
        return f"{self.get_slug_display()} ({self.language})"

    @property
    def is_own(self) -> bool:
        """Say whether the operator wrote it."""
        return not self._state.adding

    @classmethod
    def titles(cls) -> dict[str, Promise]:
        """Return each page's lazy title."""
        return {member.value: member.label for member in cls.Slug}

    @classmethod
    def text_of(cls, slug: str, language: str) -> "LegalPage":
        """Return the operator's text, else an unsaved page with the shipped one."""
        own = cls.objects.filter(slug=slug, language=language).first()
        return own or cls(slug=slug, language=language, body=shipped(slug, language))


def shipped(slug: str, language: str) -> str:
    """Return the text shipped with Parvis, with this installation's names put in."""
    contact = settings.SECURITY_CONTACT or settings.DEFAULT_FROM_EMAIL
    names = {
        "operator": settings.OPERATOR_NAME,
        "address": settings.ISSUER,
        "contact": f"<{contact}>",
    }
    return Template(legal_texts.read(slug, language)).safe_substitute(names)
