"""The one settings module: everything that changes between installations comes from `PARVIS_*` variables.

An issuer on a loopback address over http is a development installation; anything else is production, which refuses to
start until `parvis check` finds nothing (see `parvis.web.checks`).
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from parvis.lib import env

PACKAGE_DIR = Path(__file__).resolve().parent
DATA_DIR = env.path("PARVIS_DATA_DIR", "parvis-data")

# --- Where and how it is served -------------------------------------------------------------------------------------
PORT = env.integer("PARVIS_PORT", 8000, minimum=1, maximum=65535)
BIND = env.text("PARVIS_BIND", "127.0.0.1")
WORKERS = env.integer("PARVIS_WORKERS", 2, minimum=1, maximum=64)
ISSUER = env.text("PARVIS_ISSUER", f"http://127.0.0.1:{PORT}").rstrip("/")
_issuer = urlsplit(ISSUER)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
IS_PRODUCTION = not (_issuer.scheme == "http" and _issuer.hostname in LOOPBACK) or env.flag("PARVIS_PRODUCTION")
IS_DEVELOPMENT = not IS_PRODUCTION
# Links are made from the issuer and never from the Host header; loopback lets a probe on this machine ask for /readyz.
INTERNAL_HOSTS = frozenset(env.words("PARVIS_INTERNAL_HOSTS"))
ALLOWED_HOSTS = [_issuer.hostname or "", *env.words("PARVIS_EXTRA_HOSTS"), *LOOPBACK]
# Number of reverse proxies in front that append to X-Forwarded-For; 0 ignores the header.
TRUSTED_PROXIES = env.integer("PARVIS_TRUSTED_PROXIES", 0, maximum=8)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DEBUG = False


def _secret_key() -> str:
    """Return the key from the environment or the data directory; `parvis setup` writes the file."""
    file = DATA_DIR / "secret_key"
    if key := env.text("PARVIS_SECRET_KEY"):
        return key
    if file.is_file():
        return file.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(48)  # Only before the first `parvis setup`.


SECRET_KEY = _secret_key()
# Seals the private signing keys in the database; without one of its own, the secret key does.
KEY_SECRET = env.text("PARVIS_KEY_SECRET")
SUBJECT_SECRET = env.text("PARVIS_SUBJECT_SECRET")

# --- Applications, lowest layer last ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "parvis.demo",
    "parvis.home",
    "parvis.api",
    "parvis.opendata",
    "parvis.similar",
    "parvis.portfolio",
    "parvis.suite",
    "parvis.oidc",
    "parvis.accounts",
    "parvis.directory",
    "parvis.audit",
    "parvis.mail",
    "parvis.web",
    "parvis.accounts.console.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
]

MIDDLEWARE = [
    "parvis.web.logs.AccessLogMiddleware",
    "parvis.web.middleware.RequestGuardMiddleware",
    "parvis.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "parvis.accounts.middleware.PersonMiddleware",
    "parvis.accounts.middleware.PreferencesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "parvis.urls"
WSGI_APPLICATION = "parvis.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "parvis.web.templatetags.ui"],
        },
    },
    {
        # Plain-text mails: nothing is escaped.
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"autoescape": False, "builtins": ["django.templatetags.i18n"]},
    },
]
FORM_RENDERER = "parvis.web.forms.ParvisFormRenderer"

# --- Data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("PARVIS_DATABASE_URL", DATA_DIR / "parvis.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Requests are hostile until checked ----------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
MAX_BODY_BYTES = 6 * 1_048_576  # A photo of 5 MiB and its form.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 63_072_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_SSL_REDIRECT = False  # TLS ends at the reverse proxy, which redirects.
CSRF_FAILURE_VIEW = "parvis.web.views.errors.csrf_failure"

# --- Sessions and cookies -------------------------------------------------------------------------------------------
SESSION_ENGINE = "parvis.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # Not sliding: a session ends 12 hours after its sign-in.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
COOKIE_PREFIX = f"{'__Host-' if IS_PRODUCTION else ''}parvis_"  # Of all our cookies: see `parvis.web.cookies`.
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = ["parvis.accounts.backends.SessionBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home:home"
OPERATOR_NAME = env.text("PARVIS_OPERATOR_NAME", "Parvis")
# How long the journal is kept; three years by default.
AUDIT_RETENTION_DAYS = env.integer("PARVIS_AUDIT_RETENTION_DAYS", 1095, minimum=30, maximum=36500)
SECURITY_CONTACT = env.text("PARVIS_SECURITY_CONTACT")

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.text("PARVIS_LANGUAGE", "fr")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
TIME_ZONE = env.text("PARVIS_TIME_ZONE", "Europe/Paris")
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [PACKAGE_DIR / "lib" / "locale"]  # Apps bring theirs; lib is none.
FORMAT_MODULE_PATH = ["parvis.web.formats"]

# --- Mail ------------------------------------------------------------------------------------------------------------
# Without a server, development keeps mails for /dev/mail/ and `parvis mail list`; production refuses to start.
MAIL_FROM = env.text("PARVIS_MAIL_FROM", "parvis@localhost" if IS_DEVELOPMENT else "")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM or "parvis@localhost"
EMAIL_HOST = env.text("PARVIS_SMTP_HOST")
EMAIL_PORT = env.integer("PARVIS_SMTP_PORT", 587, minimum=1, maximum=65535)
EMAIL_HOST_USER = env.text("PARVIS_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("PARVIS_SMTP_PASSWORD")
EMAIL_USE_TLS = env.text("PARVIS_SMTP_SECURITY", "starttls") == "starttls"
EMAIL_USE_SSL = env.text("PARVIS_SMTP_SECURITY", "starttls") == "tls"
EMAIL_TIMEOUT = 20
MAIL_IS_KEPT = IS_DEVELOPMENT and not EMAIL_HOST

# --- Forms -----------------------------------------------------------------------------------------------------------
FORMS_URLFIELD_ASSUME_HTTPS = True  # "example.org" means https; Django 6 makes this the rule and removes the setting.

# --- Logs ------------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = None  # `parvis.web.logs.configure` writes one JSON object a line, with the request id.
