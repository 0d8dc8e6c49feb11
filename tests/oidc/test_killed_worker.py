"""`kill -9` while sign-outs are being told: each application is told at least once, and no row is lost."""

import base64
import json
import signal
import time
from collections import Counter

from tests.factories.listeners import Listener, listening
from tests.oidc.test_two_processes import installation, last_line, run

__all__ = ["installation"]
NUMBER = 40

PREPARE = """
import json, sys
import django; django.setup()
from uuid import uuid4
from parvis.directory.models import User
from parvis.oidc.actions.clients import create_client
from parvis.oidc.models import LogoutDelivery

user = User.objects.create(given_name="Lea")
client, _secret = create_client(
    by=None, name_fr="A", name_en="A", redirect_uris=["https://a.example.org/"], backchannel_logout_uri=sys.argv[1]
)
rows = [LogoutDelivery(client=client, user=user, sid=uuid4()) for _ in range(int(sys.argv[2]))]
print(json.dumps([str(row.sid) for row in LogoutDelivery.objects.bulk_create(rows)]))
"""

WORK = """
import json, sys, time
from datetime import timedelta
import django; django.setup()
from parvis.oidc import postman
from parvis.oidc.models import LogoutDelivery

postman.LEASE = timedelta(seconds=2)
until, worker = time.monotonic() + 30, postman.Postman()
while LogoutDelivery.objects.waiting().exists() and time.monotonic() < until:
    worker.turn()
    time.sleep(0.05)
print(json.dumps([str(row.sid) for row in LogoutDelivery.objects.filter(confirmed_at__isnull=False)]))
"""


def sids_of(listener: Listener) -> list[str]:
    """Return the sessions that were named to the application, without looking at signatures."""
    payloads = [token.split(".")[1] for token in listener.tokens]
    return [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sid"] for part in payloads]


def test_a_killed_worker_loses_nothing(installation: dict[str, str]) -> None:
    with listening(seconds=0.05) as listener:
        sids = json.loads(last_line(run(PREPARE, installation, listener.url, str(NUMBER))))
        first = run(WORK, installation)
        until = time.monotonic() + 60
        while len(listener.bodies) < NUMBER // 4 and time.monotonic() < until:
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        told_before = len(listener.bodies)
        assert 0 < told_before < NUMBER
        confirmed = json.loads(last_line(run(WORK, installation)))
    assert sorted(confirmed) == sorted(sids)
    told = Counter(sids_of(listener))
    assert set(told) == set(sids)
    # What was under way at the kill is told twice, and nothing else is.
    assert sum(told.values()) <= NUMBER + 2
