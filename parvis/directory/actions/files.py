"""Files of a row: a new one takes the place of the old, which is deleted once the change is sure."""

from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import models, transaction


def replace_file(row: models.Model, field: str, content: bytes | None, ending: str = "") -> None:
    """Put a file, or none, in the field; the caller saves the row. A new name each time lets browsers keep files."""
    file = getattr(row, field)
    if file:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
    if content is None:
        setattr(row, field, "")
    else:
        file.save(f"{uuid4().hex}.{ending}", ContentFile(content), save=False)
