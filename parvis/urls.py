"""Every address of the product: each app names its own paths in full, from the root."""

from django.urls import include, path

from parvis.web.views import health

APPS = ("home", "api", "opendata", "similar", "portfolio", "suite", "oidc", "accounts", "directory", "mail", "web")

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *[path("", include(f"parvis.{app}.urls")) for app in APPS],
]

handler400 = "parvis.web.views.errors.bad_request"
handler403 = "parvis.web.views.errors.permission_denied"
handler404 = "parvis.web.views.errors.page_not_found"
handler500 = "parvis.web.views.errors.server_error"
