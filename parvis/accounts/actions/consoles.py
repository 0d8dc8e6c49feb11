"""Opening the operator console."""

import time

from parvis.accounts import assurance
from parvis.accounts.console import SEEN_AT
from parvis.accounts.sessions import SessionStore
from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User


def open_console(*, by: User, session: SessionStore) -> None:
    """Open the console in this session, and say so in the journal."""
    session[SEEN_AT] = time.time()
    journal.record(tag=Tag.CONSOLE_OPENED, by=by, person=by, amr=assurance.amr(session.proofs))
