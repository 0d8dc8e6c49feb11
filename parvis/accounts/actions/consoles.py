"""Opening the operator console."""

from parvis.accounts import assurance
from parvis.accounts.console import threshold
from parvis.accounts.sessions import SessionStore
from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User


def open_console(*, by: User, session: SessionStore) -> None:
    """Open the console in this session, and say so in the journal."""
    threshold.open_in(session)
    journal.record(tag=Tag.CONSOLE_OPENED, by=by, person=by, amr=assurance.amr(session.proofs))
