"""The operator console: Django's admin behind our own sign-in, for operators who have just confirmed who they are."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from parvis.accounts.console.threshold import is_open

_View = TypeVar("_View", bound=Callable[..., Any])
_METHODS = ("GET", "HEAD", "POST")
_NOT_OURS = {"password_change", "password_change_done", "logout"}


class OperatorSite(AdminSite):
    """Django's admin. It has no login form and no passwords: our sign-in and our confirmation stand before it."""

    site_header = _("Operator console")
    site_title = _("Operator console")
    index_title = _("Everything that can be looked after")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Show every model that an app registers, but Django's own groups: they grant nothing here."""
        single = isinstance(model_or_iterable, type)
        models: list[type[Model]] = [model_or_iterable] if single else list(model_or_iterable)
        super().register([model for model in models if model._meta.app_label != "auth"], admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let active operators in."""
        return bool(request.user.is_authenticated and request.user.is_staff)

    def admin_view(self, view: _View, cacheable: bool = False) -> _View:  # noqa: FBT001, FBT002 - Django's own
        """Guard every page: for an operator, in a console that was opened and used a moment ago."""
        inner = super().admin_view(view, cacheable)

        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in _METHODS:  # Django's admin would answer them as it answers GET.
                return HttpResponseNotAllowed(_METHODS)
            if not self.has_permission(request):
                raise PermissionDenied
            if not is_open(request.session):
                back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
                return redirect(f"{reverse('admin:open')}?{urlencode({'next': back})}")
            return cast("HttpResponseBase", inner(request, *args, **kwargs))

        return cast("_View", guarded)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 - Django's own
        """Lead to our sign-in: Django's pages name a login of the console's own."""
        query = request.GET.urlencode()
        return redirect(reverse("accounts:sign-in") + (f"?{query}" if query else ""))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's addresses without its login and passwords, and those that open and close the console."""
        from parvis.accounts.views import console

        kept = [item for item in super().get_urls() if getattr(item, "name", None) not in _NOT_OURS]
        return [
            path("open/", console.open_console, name="open"),
            path("close/", console.close_console, name="logout"),
            *kept,
        ]


class ConsoleConfig(AdminConfig):
    """Puts the operator console in the place of Django's admin site."""

    default_site = "parvis.accounts.console.OperatorSite"
