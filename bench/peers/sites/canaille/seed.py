"""Make applications, and people who are signed in; print their Cookie headers as JSON."""

import datetime as dt
import json
import os
from pathlib import Path

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend

CONFIG = json.loads(Path(os.environ["BENCH_CONFIG"]).read_text(encoding="utf-8"))
app = create_app()
with app.app_context(), Backend.instance.session():
    made = []
    for wanted in CONFIG["clients"]:
        client = models.Client(
            client_id=wanted["client_id"],
            client_secret=wanted["client_secret"],
            client_name=wanted["client_id"],
            client_uri="http://127.0.0.1:9/",  # Of a trusted domain: nobody is asked for consent.
            redirect_uris=[CONFIG["redirect_uri"]],
            grant_types=["client_credentials"] if wanted["machine"] else ["authorization_code", "refresh_token"],
            response_types=["code"],
            scope=["openid", "email"],
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
            id_token_signed_response_alg=CONFIG["algorithm"],
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    serializer = app.session_interface.get_signing_serializer(app)
    now = dt.datetime.now(dt.UTC).isoformat()
    for number in range(CONFIG["people"]):
        user = models.User(
            user_name=f"person{number}",
            formatted_name=f"Person {number}",
            family_name=str(number),
            emails=[f"person{number}@example.org"],
        )
        Backend.instance.save(user)
        session = {"user": user.id, "last_login_datetime": now, "authentication_methods": ["password"]}
        value = serializer.dumps({"sessions": [session]})
        made.append(f"{app.config['SESSION_COOKIE_NAME']}={value}")
print(json.dumps(made))
