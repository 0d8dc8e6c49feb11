"""An application made with mozilla-django-oidc, around the recipe of Parvis as it was printed: one file is enough."""

import json
import os
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings

PORT = int(os.environ["PEER_PORT"])
recipe: dict[str, object] = {}
exec(Path(os.environ["PEER_RECIPE"]).read_text(encoding="utf-8"), recipe)
settings.configure(
    SECRET_KEY="a-peer-of-the-acceptance-tests",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(os.environ["PEER_DATA"]) / "m.sqlite3"}
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_COOKIE_NAME=f"peer_{PORT}",
    **{name: value for name, value in recipe.items() if name.isupper()},
)
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to know its settings first
from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django has to know its settings first
from django.http import HttpRequest, HttpResponse  # noqa: E402 - Django has to know its settings first
from django.urls import include, path  # noqa: E402 - Django has to know its settings first
from django.utils.html import format_html  # noqa: E402 - Django has to know its settings first


def home(request: HttpRequest) -> HttpResponse:
    """Say who is signed in."""
    if not request.user.is_authenticated:
        page = '<!doctype html><title>Peer</title><h1>Signed out</h1><a href="/oidc/authenticate/">Sign in</a>'
        return HttpResponse(page)
    told = json.dumps({"email": request.user.email, "id_token": bool(request.session.get("oidc_id_token"))})
    return HttpResponse(
        format_html('<!doctype html><title>Peer</title><h1>Signed in</h1><pre id="told">{}</pre>', told)
    )


urlpatterns = [path("", home), path("oidc/", include("mozilla_django_oidc.urls"))]


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once."""

    daemon_threads = True


if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
    make_server("127.0.0.1", PORT, get_wsgi_application(), server_class=Server).serve_forever()
