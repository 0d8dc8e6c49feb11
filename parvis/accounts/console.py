"""The operator console: Django's admin, open to operators only."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class OperatorSite(AdminSite):
    """Django's admin behind Parvis' own sign-in."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let active operators in."""
        return bool(request.user.is_authenticated and request.user.is_staff)


class ConsoleConfig(AdminConfig):
    """Puts the operator console in the place of Django's admin site."""

    default_site = "parvis.accounts.console.OperatorSite"
