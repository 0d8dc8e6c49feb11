"""Settings as Parvis tells teams to write them; what changes between runs comes from the environment."""

import os
from pathlib import Path

ISSUER = os.environ["PEER_ISSUER"]
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
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Cookies do not know ports: on one loopback address the names must differ from the hub's and from other applications'.
SESSION_COOKIE_NAME = f"peer_{os.environ['PEER_PORT']}_session"
CSRF_COOKIE_NAME = f"peer_{os.environ['PEER_PORT']}_csrf"

AUTH_USER_MODEL = "lasuite_app.User"
AUTHENTICATION_BACKENDS = ["lasuite.oidc_login.backends.OIDCAuthenticationBackend"]
OIDC_AUTHENTICATE_CLASS = "lasuite.oidc_login.views.OIDCAuthenticationRequestView"
OIDC_CALLBACK_CLASS = "lasuite.oidc_login.views.OIDCAuthenticationCallbackView"

OIDC_OP_URL = ISSUER
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{ISSUER}/oidc/authorize"
OIDC_OP_TOKEN_ENDPOINT = f"{ISSUER}/oidc/token"
OIDC_OP_USER_ENDPOINT = f"{ISSUER}/oidc/userinfo"
OIDC_OP_JWKS_ENDPOINT = f"{ISSUER}/oidc/jwks"
OIDC_OP_LOGOUT_ENDPOINT = f"{ISSUER}/oidc/logout"
OIDC_OP_INTROSPECTION_ENDPOINT = None
OIDC_OP_USER_ENDPOINT_FORMAT = os.environ["PEER_USERINFO"]
OIDC_OP_LOGOUT_USE_POST = os.environ.get("PEER_LOGOUT") == "POST"

OIDC_RP_CLIENT_ID = os.environ["PEER_CLIENT_ID"]
OIDC_RP_CLIENT_SECRET = os.environ["PEER_CLIENT_SECRET"]
OIDC_RP_SIGN_ALGO = os.environ["PEER_SIGN_ALGO"]
OIDC_RP_SCOPES = "openid email given_name usual_name uid idp_id"
OIDC_AUTH_REQUEST_EXTRA_PARAMS = {"acr_values": "eidas1"}
OIDC_USE_PKCE = True
OIDC_STORE_ID_TOKEN = True
OIDC_STORE_ACCESS_TOKEN = True
OIDC_STORE_REFRESH_TOKEN = True
OIDC_STORE_REFRESH_TOKEN_KEY = "Y2hhbmdlLW1lLWNoYW5nZS1tZS1jaGFuZ2UtbWUtY2g="
OIDC_FALLBACK_TO_EMAIL_FOR_IDENTIFICATION = False
OIDC_USERINFO_FULLNAME_FIELDS = ["given_name", "usual_name"]
OIDC_USERINFO_ESSENTIAL_CLAIMS = ["email"]
OIDC_CREATE_USER = True
OIDC_VERIFY_SSL = True
OIDC_TIMEOUT = 10
OIDC_PROXY = None
LOGIN_REDIRECT_URL = "/"
LOGIN_REDIRECT_URL_FAILURE = "/failed/"
LOGOUT_REDIRECT_URL = "/"
