"""The suite's Django configuration."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.audit.registry import Named
from parvis.audit.tags import Tag
from parvis.oidc.registry import Face


def _prepare_search(*, using: str, plan: Sequence[Any] = (), **_others: object) -> None:
    """Make the search index after a migration of this app; a run that migrated nothing leaves it."""
    from parvis.directory.models.search import prepare_search_indexes
    from parvis.suite.models import Application

    if any(migration.app_label == "suite" for migration, _backwards in plan):
        prepare_search_indexes(using, [Application])


def _named(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Name applications for the journal."""
    from parvis.suite.models import Application

    found = Application.objects.filter(pk__in=list(ids))
    return {one.pk: Named(one.name, reverse("suite:application-detail", args=[one.slug])) for one in found}


def _faces(client_pks: list[UUID]) -> dict[UUID, Face]:
    """Give the sign-in pages the logo and the owner of applications."""
    from parvis.suite.models import Application

    found = Application.objects.filter(client__in=client_pks).select_related("owner")
    return {
        one.client_id: Face(
            logo_url=f"{reverse('suite:application-logo', args=[one.slug])}?v={one.logo_version}",
            owner=one.owner.name if one.owner else "",
        )
        for one in found
        if one.client_id
    }


def _desk(client_pk: UUID, viewer: Any) -> str:
    """Return the page where the viewer reads what an application of theirs did wrong."""
    from parvis.suite import policies
    from parvis.suite.models import Application

    application = Application.objects.filter(client=client_pk).first()
    if application is None or not policies.can_edit(viewer, application):
        return ""
    return reverse("suite:activity", args=[application.slug])


class SuiteConfig(AppConfig):
    """The catalogue of applications and the menu that leads to them."""

    name = "parvis.suite"

    def ready(self) -> None:
        """Put the launcher in the header, the catalogue in the menus, and words for the journal."""
        from parvis.audit import registry as audit_registry
        from parvis.oidc import registry as oidc_registry
        from parvis.suite import launcher, queries
        from parvis.suite.actions import self_registered
        from parvis.web import registry

        registry.style_sheets.append("suite/suite.css")
        registry.header_panels.add("launcher", launcher.draw, order=20)
        registry.main_menu.add(_("Applications"), "suite:application-list", icon="grid", order=50)
        audit_registry.resolvers["suite.application"] = _named
        audit_registry.sentences |= {
            Tag.APPLICATION_CREATED: _("{by} put {target} in the catalogue of applications"),
            Tag.APPLICATION_EDITED: _("{by} changed the card of {target}"),
            Tag.APPLICATION_CLOSED: _("{by} closed {target}"),
            Tag.APPLICATION_REOPENED: _("{by} opened {target} again"),
            Tag.APPLICATION_DELETED: _("{by} deleted {target} from the catalogue of applications"),
            Tag.SCOPES_ASKED: _("{by} asked that {target} may learn more of people"),
            Tag.SCOPES_GRANTED: _("{by} let {target} learn more of people"),
            Tag.SCOPES_REFUSED: _("{by} refused that {target} learns more of people"),
            Tag.SIGN_IN_TRIED: _("{by} tried the sign-in of {target}"),
        }
        oidc_registry.faces.append(_faces)
        oidc_registry.desks.append(_desk)
        oidc_registry.entrances.append(queries.may_enter)
        oidc_registry.audiences.append(queries.audiences)
        oidc_registry.self_registrations.append(self_registered.FOLLOWER)
        post_migrate.connect(_prepare_search, sender=self, dispatch_uid="parvis.suite.search")
