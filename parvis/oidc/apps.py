"""The OpenID provider's Django configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from parvis.lib import periodic, setup_steps

HOUR = 3600


class OidcConfig(AppConfig):
    """The OpenID provider: applications sign people in with it."""

    name = "parvis.oidc"

    def ready(self) -> None:
        """Join the menus, the set-up, the worker, and what happens to sessions and accounts."""
        from parvis.oidc import tasks
        from parvis.oidc.actions import keys, unfounded
        from parvis.oidc.postman import postman

        setup_steps.register("signing keys", keys.create_first_keys)
        periodic.register("oidc: rotate keys", tasks.rotate_keys, every=6 * HOUR)
        periodic.register("oidc: count sign-ins", tasks.count_sign_ins, every=HOUR / 4)
        periodic.register("oidc: purge refused requests", tasks.purge_mishaps, every=HOUR)
        periodic.register("oidc: purge", tasks.purge, every=HOUR)
        periodic.register("oidc: end what is unfounded", unfounded.end_all, every=60)
        periodic.register("oidc: tell sign-outs", postman.turn, every=1)
        _declare_pages()
        _declare_hooks()
        _declare_sentences()


def _declare_pages() -> None:
    from parvis.accounts.registry import account_pages
    from parvis.web import registry

    registry.style_sheets.append("oidc/oidc.css")
    label = _("Applications with access")
    registry.account_menu.add(label, "oidc:consent-list", icon="grid", order=30, shown_to=registry.signed_in)
    account_pages.add(label, "oidc:consent-list", icon="grid", order=60)


def _declare_hooks() -> None:
    from parvis.accounts import registry as accounts
    from parvis.directory import registry as directory
    from parvis.oidc import farewell, queries
    from parvis.oidc.actions import grants, unfounded

    accounts.on_session_end.append(grants.end_with_sessions)
    accounts.farewells.append(farewell.after_sign_out)
    directory.account_closed.append(grants.end_of_people)
    directory.place_ended.append(unfounded.end_all)
    directory.account_erased.append(grants.erase)
    directory.export_sections["oidc"] = queries.export


def _declare_sentences() -> None:
    from parvis.audit.registry import resolvers, sentences
    from parvis.audit.tags import Tag
    from parvis.oidc import queries

    resolvers["oidc.client"] = queries.names
    sentences.update(
        {
            Tag.CLIENT_CREATED: _("{by} registered {target}"),
            Tag.CLIENT_EDITED: _("{by} changed the settings of {target}"),
            Tag.CLIENT_REGISTERED: _("{target} registered itself with a token of {by}"),
            Tag.DEVICE_ALLOWED: _("{by} let a device sign in to {target}"),
            Tag.DEVICE_REFUSED: _("{by} refused a device that asked to sign in to {target}"),
            Tag.CLIENT_UNREGISTERED: _("{target} ended its registration"),
            Tag.REGISTRATION_TOKEN_MADE: _("{by} made a token for registering applications"),
            Tag.REGISTRATION_TOKEN_REVOKED: _("{by} revoked a token for registering applications"),
            Tag.CLIENT_SECRET_MADE: _("{by} made a secret for {target}"),
            Tag.CLIENT_SECRET_REVOKED: _("{by} ended secrets of {target}"),
            Tag.CONSENT_GIVEN: _("{person} agreed to share data with {target}"),
            Tag.CONSENT_WITHDRAWN: _("{person} withdrew the access of {target}"),
            Tag.TOKEN_REUSED: _(
                "The access of {target} to the account of {person} was ended: a code or token came twice"
            ),
        }
    )
