"""Proofs of applications that were used: each works once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UsedAssertion(models.Model):
    """A signed proof that an application has shown, kept until it expires so that nobody shows it again.

    Its key is a digest of the application and the `jti`: inserting the row is the check (RFC 7523, section 3, point 7).
    """

    digest = models.BinaryField(max_length=32, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("used proof of an application")
        verbose_name_plural = _("used proofs of applications")

    def __str__(self) -> str:
        return f"{bytes(self.digest).hex()[:8]} {self.expires_at:%Y-%m-%d %H:%M}"
