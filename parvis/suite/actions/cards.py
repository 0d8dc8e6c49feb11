"""What the catalogue says of an application: its card, who may use it, whether it is in service."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.actions.naming import free_slug
from parvis.directory.models import Group, Organization, User
from parvis.oidc.actions import unfounded
from parvis.oidc.actions.clients import retire_client, update_client
from parvis.oidc.models import Client, Revision
from parvis.suite.exceptions import AlreadyInStateError, AlreadyRegisteredError, StillOpenError
from parvis.suite.models import Application, Entitlement
from parvis.suite.queries import people_of

# Words that the addresses of our own pages take: /apps/new/ and its neighbours.
_RESERVED = {"new", "menu", "try", "requests", "registration-tokens"}
_ATTEMPTS = 5


def slug_for(name: str) -> str:
    """Return an address for a name that no application and no page of ours has."""
    slug = free_slug(Application, name)
    return free_slug(Application, f"{name} app") if slug in _RESERVED else slug


@transaction.atomic
def create_application(*, by: User | None, application: Application, logo: bytes | None = None) -> Application:
    """Add a card to the catalogue. Raises AlreadyRegisteredError when its form was sent before."""
    _refuse_twice(application)
    application.slug = slug_for(application.name_fr)
    _put_logo(application, logo)
    _insert(application)
    journal.record(tag=Tag.APPLICATION_CREATED, by=by, target=application, **_owner_of(application))
    return application


def _insert(application: Application) -> None:
    """Insert the row; of two that chose the same free address at once, the second takes the next one."""
    for _attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                application.save(force_insert=True)
        except IntegrityError:
            _refuse_twice(application)
            application.slug = slug_for(application.name_fr)
        else:
            return
    application.save(force_insert=True)


def _refuse_twice(application: Application) -> None:
    if Application.objects.filter(pk=application.pk).exists():
        raise AlreadyRegisteredError(
            _("This application is already registered. Its secret was shown once: if you do not have it, make another.")
        )


@transaction.atomic
def edit_application(
    *, by: User | None, application: Application, changed: list[str], logo: bytes | None = None
) -> None:
    """Save a card whose fields a form has set; the names follow in the sign-in pages."""
    Application.objects.select_for_update().get(pk=application.pk)
    _put_logo(application, logo)
    application.save()
    if application.client and {"name_fr", "name_en"} & set(changed):
        names = {"name_fr": application.name_fr, "name_en": application.name_en}
        update_client(by=by, client=application.client, **names)
    journal.record(
        tag=Tag.APPLICATION_EDITED, by=by, target=application, fields=sorted(changed), **_owner_of(application)
    )


def _put_logo(application: Application, logo: bytes | None) -> None:
    """Put a logo that was encoded anew, or take it away when it is empty; None leaves it."""
    if logo is None:
        return
    before = application.logo.name if application.logo else ""
    if logo:
        application.logo.save(f"{application.pk}.png", ContentFile(logo), save=False)
    else:
        application.logo = ""
    if before and before != application.logo.name:
        transaction.on_commit(lambda: application.logo.storage.delete(before))


def _owner_of(application: Application) -> dict[str, Any]:
    owner = application.owner
    return {"organization": owner.organization_id} if owner and owner.organization_id else {}


@transaction.atomic
def set_audience(*, by: User | None, application: Application, audience: str, is_public: bool) -> None:
    """Say who may use an application, and whether everyone may see that it exists."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if (row.audience, row.is_public) == (audience, is_public):
        return
    row.audience, row.is_public = audience, is_public
    row.save(update_fields=["audience", "is_public", "updated_at"])
    Revision.bump(Revision.CLIENTS)  # Every process learns who may sign in to it.
    _end_access_of_others(row)
    facts: dict[str, Any] = {"audience": audience, "is_public": is_public}
    journal.record(tag=Tag.APPLICATION_EDITED, by=by, target=row, **facts, **_owner_of(row))


@transaction.atomic
def entitle(*, by: User | None, application: Application, holder: Group | Organization) -> None:
    """Let the people of a group or of an organisation use an application; saying it twice changes nothing."""
    _entitlement, is_new = Entitlement.objects.get_or_create(application=application, **_named(holder))
    if is_new:
        _record_access(by, application, "entitled", holder)


@transaction.atomic
def withdraw(*, by: User | None, application: Application, holder: Group | Organization) -> None:
    """Take that right back."""
    gone, _rows = Entitlement.objects.filter(application=application, **_named(holder)).delete()
    if gone:
        _record_access(by, application, "withdrawn", holder)
        _end_access_of_others(application)


def _end_access_of_others(application: Application) -> None:
    """End at once the access of those who may no longer use it; a right that ends by its date ends within a minute."""
    if application.client_id and application.audience == Application.Audience.CHOSEN:
        unfounded.end_of_others(client_pk=application.client_id, people=people_of(application))


def _named(holder: Group | Organization) -> dict[str, Any]:
    return {"group": holder} if isinstance(holder, Group) else {"organization": holder}


def _record_access(by: User | None, application: Application, change: str, holder: Group | Organization) -> None:
    facts: dict[str, Any] = {change: f"{holder._meta.model_name}:{holder.slug}"}
    journal.record(tag=Tag.APPLICATION_EDITED, by=by, target=application, **facts, **_owner_of(application))


@transaction.atomic
def set_state(*, by: User | None, application: Application, state: str) -> None:
    """Close an application or open it again: a closed one leaves every menu, and nobody signs in to it."""
    row = Application.objects.select_for_update(of=("self",)).select_related("client").get(pk=application.pk)
    if state not in Application.TRANSITIONS[Application.State(row.state)]:
        raise AlreadyInStateError(_("This was already done."))
    row.state = state
    row.save(update_fields=["state", "updated_at"])
    if row.client:
        update_client(by=by, client=row.client, state=Client.State.ACTIVE if row.is_open else Client.State.SUSPENDED)
    tag = Tag.APPLICATION_REOPENED if row.is_open else Tag.APPLICATION_CLOSED
    journal.record(tag=tag, by=by, target=row, **_owner_of(row))


def must_be_closed(application: Application) -> None:
    """Refuse to delete what people may be using. Raises StillOpenError."""
    if application.is_open:
        raise StillOpenError(_("Close the application first: nobody must be using it any more."))


@transaction.atomic
def delete_application(*, by: User | None, application: Application) -> None:
    """Take a closed application out of the catalogue for good, with its sign-in. Raises StillOpenError."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("client")
    row = rows.filter(pk=application.pk).first()
    if row is None:  # Sent twice, or somebody else was quicker.
        return
    must_be_closed(row)
    client = row.client
    journal.record(tag=Tag.APPLICATION_DELETED, by=by, target=row, name=row.name_fr, **_owner_of(row))
    _put_logo(row, b"")
    row.delete()
    if client:
        retire_client(client=client, by=by)
