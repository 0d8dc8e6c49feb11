"""How each process learns that what it keeps in memory has changed."""

import secrets
from typing import Any

from django.db import models


def _new_value() -> str:
    return secrets.token_hex(8)


class Revision(models.Model):
    """A row for each thing that processes keep in memory; its value changes with every change of that thing.

    The value is random and not a counter: a counter that a rolled-back transaction gave back would name two states.
    """

    CLIENTS = "clients"
    KEYS = "keys"

    name = models.CharField(max_length=20, primary_key=True)
    value = models.CharField(max_length=16, default=_new_value)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"

    @classmethod
    def bump(cls, name: str) -> None:
        """Say that something changed; the readers see it once the transaction of the change is committed."""
        cls.objects.update_or_create(name=name, defaults={"value": _new_value()})


class Remembered(models.Model):
    """A model whose rows processes keep in memory: each save and deletion says so."""

    revision_name = ""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell every process."""
        super().save(*args, **kwargs)
        Revision.bump(self.revision_name)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and tell every process."""
        done = super().delete(*args, **kwargs)
        Revision.bump(self.revision_name)
        return done
