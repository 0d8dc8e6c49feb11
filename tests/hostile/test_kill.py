"""`kill -9` in the middle of a thousand token requests: no code is redeemed twice, no acknowledged token is lost."""

import http.client
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.e2e.product import free_port
from tests.hostile.processes import CALLBACK, Pair, own_database

CODES, AT_ONCE, KILL_AFTER = 1000, 8, 300
# A thousand sign-ins that wait for their application to redeem the code, without the journeys before it.
MAKE_CODES = """
import json, sys
from datetime import timedelta
import django; django.setup()
from django.utils import timezone
from parvis.directory.models import User
from parvis.lib.ids import uuid7
from parvis.oidc import opaque
from parvis.oidc.models import Client, Grant
client = Client.objects.get(client_id=sys.argv[1])
user, now = User.objects.get(given_name="lea"), timezone.now()
codes = [opaque.make(opaque.CODE) for _ in range(int(sys.argv[2]))]
Grant.objects.bulk_create(
    Grant(client=client, user=user, sid=uuid7(), scope="openid email", acr="eidas1", amr="mail", auth_time=now,
        expires_at=now + timedelta(hours=1), redirect_uri=sys.argv[3], code_digest=opaque.digest(code),
        code_expires_at=now + timedelta(hours=1))
    for code in codes
)
print(json.dumps(codes))
"""
# Tokens that one grant gave: a code that was redeemed twice gave two.
COUNT_TOKENS = """
import json
import django; django.setup()
from django.db.models import Count
from parvis.oidc.models import Token
found = Token.objects.values("grant").annotate(number=Count("access_digest")).values_list("number", flat=True)
print(json.dumps(list(found)))
"""


@dataclass
class Shop:
    """An application that redeems codes as fast as it can, over connections that stay open."""

    port: int
    registered: dict[str, Any]
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def redeem(self, codes: list[str]) -> None:
        """Redeem codes one after the other, until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            for code in codes:
                self._redeem_one(connection, code)
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    def _redeem_one(self, connection: http.client.HTTPConnection, code: str) -> None:
        own = {name: self.registered[name] for name in ("client_id", "client_secret")}
        fields = own | {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        connection.request(
            "POST", "/oidc/token", urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = connection.getresponse()
        told = json.loads(answer.read())
        assert answer.status in {200, 400}, (answer.status, told)
        if answer.status == 200:
            self.acknowledged[code] = told["access_token"]
        else:
            assert told["error"] == "invalid_grant"
            self.refused.append(code)
        if len(self.acknowledged) >= KILL_AFTER:
            self.enough.set()

    def redeem_all(self, codes: list[str]) -> None:
        """Redeem codes from several connections at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.redeem, [codes[number::AT_ONCE] for number in range(AT_ONCE)]))

    def is_good(self, token: str) -> bool:
        """Say whether the product honours an access token."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status == 200


def test_killed_in_the_middle_of_a_thousand_token_requests(tmp_path: Path) -> None:
    with own_database() as database:
        pair = Pair(tmp_path / "one", database, ports=(free_port(),))
        try:
            pair.start()
            pair.prepare(0)
            told = pair.parvis("app", "create", "--name", "Shop", "--redirect-uri", CALLBACK, "--trusted")
            made = pair.python("-c", MAKE_CODES, told["client_id"], str(CODES), CALLBACK)
            codes = json.loads(made.splitlines()[-1])
            before = Shop(pair.ports[0], told)
            with ThreadPoolExecutor(1) as pool:
                work = pool.submit(before.redeem_all, codes)
                assert before.enough.wait(60)
                pair.kill()
                work.result()
            assert KILL_AFTER <= len(before.acknowledged) < CODES
            pair.serve()
            check_what_is_left(pair, before, codes)
        finally:
            pair.stop()


def check_what_is_left(pair: Pair, before: Shop, codes: list[str]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lost = Counter(pool.map(before.is_good, before.acknowledged.values()))[False]
    assert lost == 0, f"{lost} tokens that were acknowledged are lost"
    after = Shop(pair.ports[0], before.registered)
    after.redeem_all([code for code in codes if code not in before.acknowledged])
    # Only what was on its way when the process died may have been redeemed without anybody being told.
    assert len(after.refused) <= AT_ONCE
    assert len(before.acknowledged) + len(after.acknowledged) + len(after.refused) == CODES
    again = Shop(pair.ports[0], before.registered)
    again.redeem_all(list(before.acknowledged)[:50])
    assert again.acknowledged == {}
    numbers = json.loads(pair.python("-c", COUNT_TOKENS).splitlines()[-1])
    assert max(numbers) == 1, "a code was redeemed twice"
    assert pair.complaints() == []
