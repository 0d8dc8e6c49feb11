"""What every table of the portfolio shares."""

from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7


class Row(models.Model):
    """A table with the identifiers of the house."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class ListedRow(Row):
    """An item of a list that a source may give: its place in that list, and who gave it.

    An import only ever replaces the rows that bear its own name; what people add here has no source and stays.
    """

    position = models.PositiveIntegerField(_("place in the list"), default=0)
    source = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "id"]


class WebAddressField(models.URLField):  # type: ignore[type-arg] # generic for the checker only
    """An address that a page may link to: long enough for what people paste, and of the web only.

    Django's field would also accept ftp; a `javascript:` address never gets past either.
    """

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"max_length": 500, "blank": True, **kwargs})  # type: ignore[arg-type] # passed through
