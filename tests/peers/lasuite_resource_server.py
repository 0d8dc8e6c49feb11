"""Ask about a token as django-lasuite's resource servers do, with its own classes, and print what they accepted."""

import json
import os
import sys

import django
from django.conf import settings

AT = os.environ["PEER_AT"]
settings.configure(
    SECRET_KEY="a-peer-of-the-acceptance-tests",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    USE_TZ=True,
    OIDC_OP_URL=os.environ["PEER_ISSUER"],
    OIDC_OP_INTROSPECTION_ENDPOINT=f"{AT}/oidc/introspect",
    OIDC_OP_JWKS_ENDPOINT=f"{AT}/oidc/jwks",
    OIDC_RS_CLIENT_ID=os.environ["PEER_CLIENT_ID"],
    OIDC_RS_CLIENT_SECRET=os.environ["PEER_CLIENT_SECRET"],
    OIDC_RS_AUDIENCE_CLAIM="client_id",
    OIDC_RS_SCOPES=["groups"],
    OIDC_RS_SIGNING_ALGO="ES256",
    OIDC_RS_ENCRYPTION_ALGO="RSA-OAEP",
    OIDC_RS_ENCRYPTION_ENCODING="A256GCM",
    OIDC_RS_ENCRYPTION_KEY_TYPE="RSA",
    OIDC_RS_PRIVATE_KEY_STR=os.environ["PEER_KEY"],
    OIDC_VERIFY_SSL=True,
    OIDC_TIMEOUT=10,
    OIDC_PROXY=None,
)
django.setup()

from lasuite.oidc_resource_server.backend import JWTResourceServerBackend, ResourceServerBackend  # noqa: E402 - after setup

told = {}
for backend in (ResourceServerBackend, JWTResourceServerBackend):
    try:
        told[backend.__name__] = backend().get_user_info_with_introspection(os.environ["PEER_TOKEN"])
    except Exception as error:  # noqa: BLE001 - whatever it refuses with is what the test wants to know
        told[backend.__name__] = f"{type(error).__name__}: {error}"
sys.stdout.write(json.dumps(told))
