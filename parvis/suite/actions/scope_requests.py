"""A team asks to learn more of people than any application may, and an operator answers."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.directory.models.user import primary_addresses
from parvis.lib.urls import absolute
from parvis.mail import outbox
from parvis.oidc.actions.clients import update_client
from parvis.oidc.models import Client
from parvis.oidc.scopes import RESTRICTED, SCOPES
from parvis.suite.exceptions import AlreadyAnsweredError, NothingToAskError
from parvis.suite.models import Application, ScopeRequest


@transaction.atomic
def ask_for_scopes(*, by: User, application: Application, scopes: Sequence[str], reason: str) -> ScopeRequest:
    """Ask for restricted scopes; operators are told by mail. Raises NothingToAskError."""
    client = Client.objects.select_for_update().get(application=application)
    wanted = sorted((set(scopes) & RESTRICTED) - set(client.scopes))
    if not wanted:
        raise NothingToAskError(_("The application may ask for all of this already."))
    if application.scope_requests.waiting().exists():
        raise NothingToAskError(_("A request of this application waits for its answer already."))
    made = ScopeRequest.objects.create(application=application, scopes=wanted, reason=reason, by=by)
    journal.record(tag=Tag.SCOPES_ASKED, by=by, target=application, scopes=wanted)
    _tell_operators(made)
    return made


@transaction.atomic
def answer_scope_request(*, by: User, request: ScopeRequest, accept: bool, answer: str) -> ScopeRequest:
    """Accept or refuse; who asked is told by mail. Raises AlreadyAnsweredError."""
    locked = ScopeRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != ScopeRequest.State.WAITING:
        raise AlreadyAnsweredError(_("This request was answered already."))
    locked.state = ScopeRequest.State.ACCEPTED if accept else ScopeRequest.State.REFUSED
    locked.answer, locked.answered_by, locked.answered_at = answer, by, timezone.now()
    locked.save()
    application = locked.application
    if accept and application.client:
        granted = set(application.client.scopes) | set(locked.scopes)
        update_client(by=by, client=application.client, scopes=[name for name in SCOPES if name in granted])
    tag = Tag.SCOPES_GRANTED if accept else Tag.SCOPES_REFUSED
    journal.record(tag=tag, by=by, target=application, scopes=locked.scopes)
    _tell_team(locked)
    return locked


def _tell_operators(request: ScopeRequest) -> None:
    operators = User.objects.active().filter(is_operator=True)
    _send(operators, "suite/mail/scopes_asked", request, absolute("suite:scope-request-list"))


def _tell_team(request: ScopeRequest) -> None:
    if request.by is not None and request.by.is_active:
        page = absolute("suite:scope-request", request.application.slug)
        _send([request.by], "suite/mail/scopes_answered", request, page)


def _send(people: Iterable[User], template: str, request: ScopeRequest, page: str) -> None:
    told, application = list(people), request.application
    addresses = primary_addresses([person.pk for person in told])
    for person in told:
        if address := addresses.get(person.pk):
            name = application.name_fr if person.language == "fr" else application.name_en
            context = {"application": name, "request": request, "page": page}
            outbox.enqueue(template=template, to=address, language=person.language, context=context)
