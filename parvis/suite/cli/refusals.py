"""What the commands of applications say when they cannot do what they are asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


def refuse_unprepared() -> None:
    """Say what to run when the tables are not there."""
    from django.db import DatabaseError

    from parvis.lib.database import pending_migrations

    try:
        missing = pending_migrations()
    except DatabaseError as error:
        raise click.ClickException(f"The database does not answer: {error}") from error
    if missing:
        raise click.ClickException("The database is not prepared. Run `parvis setup` first.")


@contextmanager
def explained() -> Iterator[None]:
    """Turn a refusal into a message and the exit code 1."""
    from django.core.exceptions import ValidationError
    from django.utils import translation

    from parvis.suite.exceptions import SuiteError

    try:
        with translation.override("en"):
            yield
    except ValidationError as error:
        with translation.override("en"):
            told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            lines = [": ".join(filter(None, [name, " ".join(messages)])) for name, messages in told.items()]
        raise click.ClickException("\n".join(lines)) from error
    except SuiteError as error:
        raise click.ClickException(error.message) from error
