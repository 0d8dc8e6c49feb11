"""Settings as Parvis tells teams to write them; what changes between runs comes from the environment."""

import os
from pathlib import Path

DATA = Path(os.environ["PEER_DATA"])

SECRET_KEY = "a-peer-of-the-acceptance-tests"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "lasuite_app.urls"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "peer.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "mozilla_django_oidc",
    "rest_framework",
    "lasuite.oidc_login",
    "lasuite_app",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lasuite.oidc_login.middleware.RefreshOIDCAccessToken",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
# Cookies do not know ports: on one loopback address the names must differ from the hub's and from other applications'.
SESSION_COOKIE_NAME = f"peer_{os.environ['PEER_PORT']}_session"
CSRF_COOKIE_NAME = f"peer_{os.environ['PEER_PORT']}_csrf"

AUTH_USER_MODEL = "lasuite_app.User"
# What Parvis prints for the team to paste, as it is: its first lines are the wiring, the others its own values.
exec(Path(os.environ["PEER_RECIPE"]).read_text(encoding="utf-8"))

# What a team adds when its application needs it.
OIDC_OP_LOGOUT_USE_POST = os.environ.get("PEER_LOGOUT") == "POST"
OIDC_AUTH_REQUEST_EXTRA_PARAMS = {"acr_values": "eidas1"}
OIDC_USERINFO_ESSENTIAL_CLAIMS = os.environ.get("PEER_ESSENTIAL", "email").split()
OIDC_STORE_ACCESS_TOKEN = True
OIDC_STORE_REFRESH_TOKEN = True
OIDC_STORE_REFRESH_TOKEN_KEY = "Y2hhbmdlLW1lLWNoYW5nZS1tZS1jaGFuZ2UtbWUtY2g="
OIDC_CREATE_USER = True
OIDC_VERIFY_SSL = True
OIDC_TIMEOUT = 10
OIDC_PROXY = None
LOGIN_REDIRECT_URL = "/"
LOGIN_REDIRECT_URL_FAILURE = "/failed/"
LOGOUT_REDIRECT_URL = "/"
