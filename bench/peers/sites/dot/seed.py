"""Make the tables, the applications, and people who are signed in; print their Cookie headers as JSON."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402 - Django first
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 - the same
from django.core.management import call_command  # noqa: E402 - the same
from oauth2_provider.models import get_application_model  # noqa: E402 - the same
from site_settings import CONFIG  # noqa: E402 - the same

call_command("migrate", verbosity=0)

Application, User = get_application_model(), get_user_model()
for client in CONFIG["clients"]:
    kind = Application.GRANT_CLIENT_CREDENTIALS if client["machine"] else Application.GRANT_AUTHORIZATION_CODE
    # The secret stays in clear: hashed as shipped (PBKDF2, a million rounds), each token request costs 230 ms more.
    Application.objects.create(
        client_id=client["client_id"],
        client_secret=client["client_secret"],
        hash_client_secret=False,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=kind,
        redirect_uris="" if client["machine"] else CONFIG["redirect_uri"],
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )

cookies = []
for number in range(CONFIG["people"]):
    user = User.objects.create(username=f"person{number}", email=f"person{number}@example.org")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies.append(f"sessionid={session.session_key}")
print(json.dumps(cookies))
