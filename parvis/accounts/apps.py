"""The accounts app's Django configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from parvis.lib import periodic


class AccountsConfig(AppConfig):
    """Sign-in journeys, sessions, second factors."""

    name = "parvis.accounts"
    verbose_name = _("Sign-in")

    def ready(self) -> None:
        """Declare what other parts show or run for accounts."""
        _declare_pages()
        _declare_hooks()
        _declare_sentences()
        from parvis.accounts import tasks
        from parvis.accounts.sessions import SessionStore

        periodic.register("accounts: end sessions", SessionStore.end_expired, every=30)
        periodic.register("accounts: purge", tasks.purge, every=600)


def _declare_pages() -> None:
    from parvis.accounts.registry import account_pages
    from parvis.web import registry

    signed_in = registry.signed_in
    registry.account_menu.add(_("My account"), "accounts:overview", icon="settings", order=20, shown_to=signed_in)
    registry.account_menu.add(_("Operator console"), "admin:index", icon="shield", order=80, shown_to=_is_operator)
    registry.account_menu.add(_("Sign out"), "accounts:sign-out", icon="door", order=100, shown_to=signed_in, post=True)
    account_pages.add(_("Overview"), "accounts:overview", icon="home", order=10)
    account_pages.add(_("Profile"), "directory:profile-edit", icon="person", order=20)
    account_pages.add(_("Ways to sign in"), "accounts:method-list", icon="key", order=30)
    account_pages.add(_("E-mail addresses"), "accounts:email-list", icon="mail", order=40)
    account_pages.add(_("Where I am signed in"), "accounts:session-list", icon="device", order=50)
    account_pages.add(_("My data"), "directory:my-data", icon="download", order=90)


def _is_operator(user: object) -> bool:
    return bool(getattr(user, "is_staff", False))


def _declare_hooks() -> None:
    from parvis.accounts import personal_data, stepup
    from parvis.directory import registry
    from parvis.web.registry import language_chosen

    registry.account_closed.append(personal_data.end_sessions_of_closed)
    registry.account_erased.append(personal_data.erase)
    registry.export_sections["accounts"] = personal_data.export
    registry.ask_proof.append(stepup.ask_here)
    language_chosen.append(personal_data.remember_language)


def _declare_sentences() -> None:
    from parvis.audit.registry import sentences
    from parvis.audit.tags import Tag

    sentences.update(
        {
            Tag.SIGNED_IN: _("{person} signed in"),
            Tag.SIGNED_OUT: _("{person} signed out"),
            Tag.SESSIONS_ENDED: _("{by} ended sessions of {person}"),
            Tag.STEPPED_UP: _("{person} confirmed who they are"),
            Tag.ORGANIZATION_CHOSEN: _("{person} chose to act for {organization}"),
            Tag.SIGN_IN_REFUSED: _("A sign-in of {person} was refused"),
            Tag.PASSKEY_ADDED: _("{person} added a passkey"),
            Tag.PASSKEY_RENAMED: _("{person} renamed a passkey"),
            Tag.PASSKEY_REMOVED: _("{by} removed a passkey of {person}"),
            Tag.TOTP_ADDED: _("{person} added an authenticator app"),
            Tag.TOTP_REMOVED: _("{by} removed the authenticator app of {person}"),
            Tag.RECOVERY_CODES_MADE: _("{person} made recovery codes"),
            Tag.RECOVERY_CODE_USED: _("{person} used a recovery code"),
            Tag.FACTORS_RESET: _("{by} removed every second factor of {person}"),
            Tag.CONSOLE_OPENED: _("{person} opened the operator console"),
        }
    )
